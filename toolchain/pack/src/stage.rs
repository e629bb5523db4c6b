//! The stage's command line.

use crate::metadata::{Build, Metadata};
use crate::{archive, files};
use ampoule_action::{Action, Console, Named, Outputs, Stage, StageError};
use ampoule_recipe::Recipe;
use std::path::PathBuf;

/// Pack compiled modules and the Python files of their package as a wheel
#[derive(Clone, Debug, clap::Args)]
pub struct Pack {
    /// The recipe (TOML)
    #[arg(long, value_name = "FILE")]
    pub recipe: PathBuf,
    /// The sources: the output of `prepare`
    #[arg(long, value_name = "DIR")]
    pub sources: PathBuf,
    /// A compiled module of the recipe: the output of `extension`; given once for each
    #[arg(long = "module", value_name = "NAME=FILE", value_parser = parse_pair)]
    pub modules: Vec<(String, String)>,
    /// What the modules were compiled with, such as `clang=22.1.8`, for the wheel to say; may be given several times
    #[arg(long, value_name = "NAME=VERSION", value_parser = parse_pair)]
    pub built_with: Vec<(String, String)>,
    /// Write the wheel to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_string(), value.to_string())),
        _ => Err("expected NAME=VALUE".to_string()),
    }
}

impl Stage for Pack {
    fn name(&self) -> &'static str {
        "pack"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            recipe,
            sources,
            modules,
            built_with,
            output,
        } = self;
        let modules = modules.iter();
        let modules = modules.map(|(name, file)| Named::new(format!("module:{name}"), file));
        Action::default()
            .parameter("built-with", built_with)
            .input("recipe", recipe)
            .input("sources", sources)
            .inputs(modules)
            .output("wheel", output)
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let recipe = Recipe::read(&self.recipe)?;
        let modules = self.modules.iter().map(|(name, file)| (name.clone(), file.into()));
        let files = files::collect(&recipe, &self.sources, &modules.collect::<Vec<_>>())?;
        let metadata = Metadata::read(&self.sources, &recipe)?;
        let build = Build {
            recipe: &recipe,
            built_with: &self.built_with,
        };
        let of_folder = metadata.files(&self.sources, &build)?;
        archive::write(&outputs.path("wheel"), &files, &metadata.folder(), &of_folder)?;
        Ok(())
    }
}
