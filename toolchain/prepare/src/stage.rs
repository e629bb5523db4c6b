//! The stage's command line.

use crate::{Error, generate, patch};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError, make_folder};
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
    /// What runs the steps that generate sources: the precompiled snapshot of the generator
    #[arg(long, value_name = "FILE")]
    pub generator: Option<PathBuf>,
    /// Write the sources to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
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
            generator,
            output,
        } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .input("recipe", recipe)
            .inputs(Archive::inputs(archives))
            .inputs(generator.iter().map(|file| Named::new("generator", file)))
            .output("sources", output)
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
        Ok(())
    }
}

impl Prepare {
    fn unpack(&self, recipe: &Recipe, sources: &Path) -> Result<(), Error> {
        let mut names = vec![SDIST];
        names.extend(recipe.sources.iter().map(|source| source.name.as_str()));
        let archives = Archive::needed(&self.archives, &names)?;
        make_folder(ampoule_action::folder_of(sources))?;
        archives[SDIST].unpack(sources, &[])?;
        for source in &recipe.sources {
            archives[source.name.as_str()].unpack(&sources.join(&source.name), &[])?;
        }
        Ok(())
    }

    fn generator(&self) -> Result<Command, Error> {
        let generator = self.generator.as_ref().ok_or_else(|| Error::NoGenerator {
            recipe: self.recipe.clone(),
        })?;
        Ok(Command::precompiled(generator)?)
    }
}
