//! The recipes: which packages with native code are built from source. The program brings some along (`recipes/`), a project its own.

use crate::error::Failure;
use ampoule_archive::{Limit, Unpacking};
use ampoule_fetch::{Pin, PinnedFile};
use ampoule_recipe::{OtherSource, Recipe};
use ampoule_wheels::LIMIT;
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The files: a recipe for a range of versions of a package each.
static FILES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/../recipes");

/// The group of the pins of recipes.
const GROUP: &str = "recipes";

/// A recipe, with its text.
#[derive(Debug)]
pub struct KnownRecipe {
    /// The recipe.
    pub recipe: Recipe,
    /// The file's name.
    pub file: String,
    /// Its text.
    pub text: String,
}

impl KnownRecipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When the file cannot be read or is no recipe.
    pub fn read(path: &Path) -> Result<KnownRecipe, Failure> {
        let text = ampoule_action::read_text(path)?;
        let known = KnownRecipe::parse(path, &text).map_err(|reason| ampoule_recipe::Error::Invalid {
            file: path.to_path_buf(),
            reason,
        });
        Ok(known?)
    }

    fn parse(path: &Path, text: &str) -> Result<KnownRecipe, String> {
        Ok(KnownRecipe {
            recipe: Recipe::parse(text)?,
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            text: text.to_string(),
        })
    }
}

/// The recipes that a command knows.
#[derive(Clone, Debug, Default)]
pub struct Recipes {
    /// Those of the project, which come before the program's.
    own: Vec<Arc<KnownRecipe>>,
}

impl Recipes {
    /// Reads the recipes in files, and in the files of folders that end with `.toml`.
    ///
    /// # Errors
    /// When a file cannot be read or is no recipe, or a folder has none.
    pub fn read(places: &[PathBuf]) -> Result<Recipes, Failure> {
        let mut own = Vec::new();
        for place in places {
            for file in files(place)? {
                own.push(Arc::new(KnownRecipe::read(&file)?));
            }
        }
        Ok(Recipes { own })
    }

    /// All of them, in the order in which they are looked at.
    pub fn all(&self) -> impl Iterator<Item = &Arc<KnownRecipe>> {
        self.own.iter().chain(built_in())
    }

    /// Those that it has been given; the program's, if it has none.
    pub fn given(&self) -> impl Iterator<Item = &Arc<KnownRecipe>> {
        let built_in = match self.own.is_empty() {
            true => built_in(),
            false => &[],
        };
        self.own.iter().chain(built_in)
    }

    /// The versions that there are recipes for, of a package given by its normalised name.
    pub fn versions(&self, package: &str) -> Vec<&str> {
        let known = self.all().map(|known| &known.recipe);
        known
            .filter(|recipe| recipe.package == package)
            .map(|recipe| recipe.versions.as_str())
            .collect()
    }

    /// The recipe for a version of a package, given by its normalised name.
    pub fn find(&self, package: &str, version: &str) -> Option<Arc<KnownRecipe>> {
        let fits = |known: &&Arc<KnownRecipe>| {
            known.recipe.package == package && ampoule_wheels::is_within(version, &known.recipe.versions)
        };
        self.all().find(fits).cloned()
    }
}

/// The files of recipes at a place.
fn files(place: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !place.is_dir() {
        return Ok(vec![place.to_path_buf()]);
    }
    let files = ampoule_action::read_folder(place)?.into_iter();
    let files: Vec<PathBuf> = files.filter(|path| is_toml(path)).collect();
    match files.is_empty() {
        true => Err(Failure::NoRecipes {
            folder: place.to_path_buf(),
        }),
        false => Ok(files),
    }
}

fn is_toml(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "toml")
}

/// The program's own recipes, in the order of their files' names.
///
/// # Panics
/// Never in a program that has passed its tests: the texts are part of the program.
fn built_in() -> &'static [Arc<KnownRecipe>] {
    static RECIPES: OnceLock<Vec<Arc<KnownRecipe>>> = OnceLock::new();
    RECIPES.get_or_init(|| {
        let mut files: Vec<_> = FILES.files().filter(|file| is_toml(file.path())).collect();
        files.sort_by_key(|file| file.path());
        let texts = files
            .into_iter()
            .filter_map(|file| Some((file.path(), file.contents_utf8()?)));
        let parse = |(path, text): (&Path, &str)| {
            let known = KnownRecipe::parse(path, text);
            Arc::new(known.unwrap_or_else(|error| panic!("{}: {error}", path.display())))
        };
        texts.map(parse).collect()
    })
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
    use ampoule_fetch::Source;

    #[test]
    fn each_recipe_is_for_the_versions_that_it_was_tried_with() {
        let recipes = Recipes::default();
        assert!(recipes.all().next().is_some());
        for known in recipes.all() {
            let Recipe { package, sdists, .. } = &known.recipe;
            assert!(!sdists.is_empty(), "{package} was tried with no version");
            for version in sdists.keys() {
                let found = recipes.find(package, version).unwrap();
                assert_eq!(found.text, known.text, "{package} {version} has another recipe, too");
            }
            for source in &known.recipe.sources {
                let pin = pin(source, package).unwrap();
                let is_of_pool = |source: &Source| matches!(source, Source::Debian { snapshot: None, .. });
                let sources = &pin.files[0].sources;
                assert!(!sources.iter().all(is_of_pool), "{package}: {sources:?}, no second one");
            }
        }
        assert!(recipes.find("markupsafe", "2.0").is_none() && recipes.find("nothing", "1").is_none());
        assert_eq!(recipes.versions("markupsafe"), ["==3.0.*"]);
    }

    #[test]
    fn the_recipes_of_a_project_come_first() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Recipes::read(&[folder.path().to_path_buf()]).is_err());
        let file = folder.path().join("markupsafe.toml");
        std::fs::write(
            &file,
            "package = 'markupsafe'\nversions = '>=2'\n[[python]]\ninclude = ['**']\n",
        )
        .unwrap();
        for place in [folder.path(), file.as_path()] {
            let recipes = Recipes::read(&[place.to_path_buf()]).unwrap();
            assert_eq!(recipes.find("markupsafe", "3.0.4").unwrap().recipe.versions, ">=2");
            assert!(recipes.find("msgpack", "1.2.4").is_some());
        }
        std::fs::write(&file, "package = 1").unwrap();
        let error = Recipes::read(&[file]).unwrap_err().to_string();
        assert!(error.contains("markupsafe.toml"), "{error}");
    }

    #[test]
    fn a_wheel_has_the_tags_of_components() {
        let name = wheel_name("charset-normalizer", "3.5.3");
        assert_eq!(name, "charset_normalizer-3.5.3-cp313-cp313-wasi_0_0_0_wasm32.whl");
        assert!(ampoule_wheels::WheelName::parse(&name).unwrap().is_for_components());
    }
}
