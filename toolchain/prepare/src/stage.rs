//! The stage's command line.

use crate::{Error, generate, headers, patch};
use ampoule_action::{
    Action, Console, Links, Named, Outputs, Stage, StageError, copy_folder, make_folder, read_folder, write,
};
use ampoule_archive::Archive;
use ampoule_host::Command;
use ampoule_recipe::Recipe;
use std::path::{Path, PathBuf};

/// The name of the source distribution among the archives.
const SDIST: &str = "sdist";

/// Prepare a source distribution for compilation, by a recipe
#[derive(Clone, Debug, clap::Args)]
pub struct Prepare {
    /// The recipe (TOML)
    #[arg(long, value_name = "FILE")]
    pub recipe: PathBuf,
    /// The source distribution, `sdist`, or another source of the recipe by its name; given once for each
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// In place of the source distribution: the folder of the sources
    #[arg(long, value_name = "DIR")]
    pub source: Option<PathBuf>,
    /// What runs the steps that generate sources: the output of `precompile` for the snapshot of the generator
    #[arg(long, value_name = "DIR")]
    pub generator: Option<PathBuf>,
    /// The headers of another package that the recipe needs, by its name: that package's `headers`; given once for each
    #[arg(long = "needed", value_name = "NAME=DIR", value_parser = parse_needed)]
    pub needed: Vec<(String, PathBuf)>,
    /// Write the sources to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
    /// Write the descriptions of modules and libraries to this folder: NAME.toml
    #[arg(long, value_name = "DIR")]
    pub descriptions: PathBuf,
    /// Write the files that other packages are compiled with to this folder
    #[arg(long, value_name = "DIR")]
    pub headers: PathBuf,
}

fn parse_needed(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((name, folder)) if !name.is_empty() && !folder.is_empty() => Ok((name.to_string(), folder.into())),
        _ => Err("expected NAME=DIR".to_string()),
    }
}

impl Stage for Prepare {
    fn name(&self) -> &'static str {
        "prepare"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            recipe,
            archives,
            source,
            generator,
            needed,
            output,
            descriptions,
            headers,
        } = self;
        let needed = needed.iter();
        let needed = needed.map(|(name, folder)| Named::new(format!("needed:{name}"), folder));
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .input("recipe", recipe)
            .inputs(Archive::inputs(archives))
            .inputs(source.iter().map(|folder| Named::new("source", folder)))
            .inputs(generator.iter().map(|folder| Named::new("generator", folder)))
            .inputs(needed)
            .output("sources", output)
            .output("descriptions", descriptions)
            .output("headers", headers)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let recipe = Recipe::read(&self.recipe)?;
        let sources = outputs.path("sources");
        console.step(&format!("unpacking {}", recipe.package), 0, 1);
        self.unpack(&recipe, &sources)?;
        patch::apply(&recipe, &self.recipe, &sources)?;
        if !recipe.generate.is_empty() {
            generate::run(&recipe.generate, &self.generator()?, &sources, console)?;
        }
        let descriptions = outputs.path("descriptions");
        make_folder(&descriptions)?;
        for description in recipe.libraries.iter().chain(&recipe.modules) {
            write(&descriptions.join(description.text_file()), description.text())?;
        }
        headers::give(&recipe.headers, &sources, &outputs.path("headers"))?;
        Ok(())
    }
}

impl Prepare {
    fn unpack(&self, recipe: &Recipe, sources: &Path) -> Result<(), Error> {
        let sdist = self.source.is_none().then_some(SDIST);
        let others = recipe.sources.iter().map(|source| source.name.as_str());
        let names: Vec<&str> = sdist.into_iter().chain(others).collect();
        let archives = Archive::needed(&self.archives, &names)?;
        make_folder(ampoule_action::folder_of(sources))?;
        match &self.source {
            Some(folder) => {
                copy_folder(folder, sources, Links::Followed, |_| true)?;
                describe_package(recipe, sources)?;
            }
            None => archives[SDIST].unpack(sources, &[])?,
        }
        for source in &recipe.sources {
            let only: Vec<&str> = source.only.iter().map(String::as_str).collect();
            archives[source.name.as_str()].unpack(&sources.join(&source.name), &only)?;
        }
        for need in &recipe.needs {
            headers::place(&self.needed, &need.package, sources)?;
        }
        Ok(())
    }

    fn generator(&self) -> Result<Command, Error> {
        let generator = self.generator.as_ref().ok_or_else(|| Error::NoGenerator {
            recipe: self.recipe.clone(),
        })?;
        Ok(Command::precompiled(&only_file(generator)?)?)
    }
}

/// Writes the metadata of a folder that has none, as source distributions have it.
fn describe_package(recipe: &Recipe, sources: &Path) -> Result<(), Error> {
    let file = sources.join("PKG-INFO");
    if !file.exists() {
        let (package, version) = (&recipe.package, recipe.own_version());
        let text = format!("Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n");
        write(&file, text)?;
    }
    Ok(())
}

/// The file in a folder that has one: what is precompiled is named after what it was, which who gives the folder need not know.
fn only_file(folder: &Path) -> Result<PathBuf, Error> {
    let paths = read_folder(folder)?;
    let [file] = &paths[..] else {
        return Err(Error::Generator {
            folder: folder.to_path_buf(),
        });
    };
    Ok(file.clone())
}
