//! The recipes that the program brings along (`recipes/`): which packages with native code it builds from source.

use crate::error::Failure;
use ampoule_archive::{Limit, Unpacking};
use ampoule_fetch::{Pin, PinnedFile};
use ampoule_recipe::{OtherSource, Recipe};
use ampoule_wheels::LIMIT;
use include_dir::{Dir, include_dir};
use std::sync::OnceLock;

/// The files: a recipe for a range of versions of a package each.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../recipes");

/// The group of the pins of recipes.
const GROUP: &str = "recipes";

/// A recipe, with its text.
pub struct KnownRecipe {
    /// The recipe.
    pub recipe: Recipe,
    /// Its text.
    pub text: &'static str,
}

/// All recipes, in the order of their files' names.
///
/// # Panics
/// Never in a program that has passed its tests: the texts are part of the program.
pub fn all() -> &'static [KnownRecipe] {
    static RECIPES: OnceLock<Vec<KnownRecipe>> = OnceLock::new();
    RECIPES.get_or_init(|| {
        let mut files: Vec<_> = FILES.files().collect();
        files.sort_by_key(|file| file.path());
        let texts = files
            .into_iter()
            .filter_map(|file| Some((file.path(), file.contents_utf8()?)));
        let texts = texts.filter(|(path, _)| path.extension().is_some_and(|end| end == "toml"));
        let parse = |(path, text): (&std::path::Path, &'static str)| KnownRecipe {
            recipe: Recipe::parse(text).unwrap_or_else(|error| panic!("{}: {error}", path.display())),
            text,
        };
        texts.map(parse).collect()
    })
}

/// The recipe for a version of a package, given by its normalised name.
pub fn find(package: &str, version: &str) -> Option<&'static KnownRecipe> {
    let fits = |known: &&KnownRecipe| {
        known.recipe.package == package && ampoule_wheels::is_within(version, &known.recipe.versions)
    };
    all().iter().find(fits)
}

/// What is said before a package is built.
pub fn note(recipe: &Recipe, version: &str) -> String {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get) as u64;
    let time = match recipe.seconds / cores {
        0..5 => String::new(),
        seconds @ 5..90 => format!(", in about {seconds} s"),
        seconds => format!(", in about {} minutes", seconds.div_ceil(60)),
    };
    format!(
        "{} {version} is compiled from its source distribution, once{time}",
        recipe.package
    )
}

/// The name of the wheel that is built of a version of a package.
pub fn wheel_name(package: &str, version: &str) -> String {
    let (package, version) = (package.replace('-', "_"), version.replace('-', "_"));
    format!("{package}-{version}-{}.whl", ampoule_image::WHEEL_TAGS.join("-"))
}

/// Another source of a recipe as a pin.
pub fn pin(source: &OtherSource, package: &str) -> Result<Pin, Failure> {
    let sources = source.sources.iter().map(|text| text.parse());
    let sources = sources.collect::<Result<_, ampoule_fetch::ParseSourceError>>();
    Ok(Pin {
        name: source.name.clone(),
        group: GROUP.to_string(),
        version: source.version.clone(),
        license: source.license.clone(),
        purl: format!("pkg:generic/{}@{}", source.name, source.version),
        unpack: Unpacking {
            format: source.format,
            strip: source.strip,
        },
        files: vec![PinnedFile {
            platform: None,
            file: source.file.clone(),
            digest: source.digest,
            size: Some(source.size),
            limit: Limit {
                bytes: source.unpacked,
                ..LIMIT
            },
            sources: sources.map_err(|error| Failure::Recipe {
                package: package.to_string(),
                reason: error.to_string(),
            })?,
        }],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipe_is_for_the_versions_that_it_was_tried_with() {
        assert!(!all().is_empty());
        for known in all() {
            let Recipe { package, sdists, .. } = &known.recipe;
            assert!(!sdists.is_empty(), "{package} was tried with no version");
            for version in sdists.keys() {
                let found = find(package, version).unwrap();
                assert_eq!(found.text, known.text, "{package} {version} has another recipe, too");
            }
            for source in &known.recipe.sources {
                pin(source, package).unwrap();
            }
        }
        assert!(find("markupsafe", "2.0").is_none() && find("nothing", "1").is_none());
    }

    #[test]
    fn a_wheel_has_the_tags_of_components() {
        let name = wheel_name("charset-normalizer", "3.5.3");
        assert_eq!(name, "charset_normalizer-3.5.3-cp313-cp313-wasi_0_0_0_wasm32.whl");
        assert!(ampoule_wheels::WheelName::parse(&name).unwrap().is_for_components());
    }
}
