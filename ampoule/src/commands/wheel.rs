//! `ampoule wheel`: the wheel of a package with native code.

use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::recipes::Recipes;
use ampoule_action::{print_result, read, write_atomically};
use std::path::PathBuf;

/// Flags of `ampoule wheel`.
#[derive(Debug, clap::Args)]
pub struct WheelCommand {
    /// The package and its version: one that a recipe was tried with, which `ampoule recipes` lists
    #[arg(value_name = "NAME==VERSION", value_parser = parse_package)]
    package: (String, String),
    /// Folder of the wheel
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
    /// More recipes: a file, or a folder of them; may be given several times
    #[arg(long, value_name = "PATH")]
    recipes: Vec<PathBuf>,
}

pub fn parse_package(text: &str) -> Result<(String, String), String> {
    match text.split_once("==") {
        Some((name, version)) if !name.is_empty() && !version.is_empty() => {
            Ok((ampoule_wheels::normalised(name), version.to_string()))
        }
        _ => Err("expected NAME==VERSION, such as `msgpack==1.2.4`".to_string()),
    }
}

impl WheelCommand {
    /// Builds the wheel and writes it.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let (package, version) = &self.package;
        let recipes = Recipes::read(&self.recipes)?;
        let chain = Chain::open(common.chain()?, &console)?;
        let (name, wheel) = chain.wheel(&recipes, package, version)?;
        let steps = chain.steps();
        console.line(&steps.table());
        let file = self.output.join(name);
        write_atomically(&file, &read(&wheel)?)?;
        common.cut_cache(&steps, &console)?;
        Ok(print_result(file.display().to_string())?)
    }
}
