//! `ampoule recipes`: which packages with native code are built from source.

use super::wheel::parse_package;
use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::recipes::{KnownRecipe, Recipes};
use crate::reference::table_of_recipes;
use ampoule_action::print_result;
use std::path::PathBuf;
use std::sync::Arc;

/// Flags of `ampoule recipes`.
#[derive(Debug, clap::Args)]
pub struct RecipesCommand {
    /// Print the recipe of this package
    package: Option<String>,
    /// Draft a recipe from a source distribution of the index: what it seems to compile, and what is missing for that
    #[arg(long, value_name = "NAME==VERSION", value_parser = parse_package, conflicts_with = "package")]
    draft: Option<(String, String)>,
    /// More recipes: a file, or a folder of them; may be given several times
    #[arg(long, value_name = "PATH")]
    recipes: Vec<PathBuf>,
    /// Print the table that Bazel's rules read of recipes, of those that --recipes gives: `ampoule.package(recipes = ...)`
    #[arg(long, conflicts_with_all = ["package", "draft"])]
    table: bool,
}

impl RecipesCommand {
    /// Prints a draft, a recipe, or a line for each recipe: the package, the versions that it is for, those that it was tried with.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        if let Some((package, version)) = &self.draft {
            let console = common.console();
            let draft = Chain::open(common.chain()?, &console)?.draft(package, version)?;
            return Ok(print_result(draft.trim_end())?);
        }
        let recipes = Recipes::read(&self.recipes)?;
        if self.table {
            return Ok(print_result(table_of_recipes(&recipes, recipes.given())?.trim_end())?);
        }
        let Some(package) = &self.package else {
            let line = |known: &Arc<KnownRecipe>| {
                let tried: Vec<&str> = known.recipe.sdists.keys().map(String::as_str).collect();
                format!(
                    "{:<20} {:<14} {}",
                    known.recipe.package,
                    known.recipe.versions,
                    tried.join(", ")
                )
            };
            let lines: Vec<String> = recipes.all().map(line).collect();
            return Ok(print_result(lines.join("\n"))?);
        };
        let name = ampoule_wheels::normalised(package);
        let texts = recipes.all().filter(|known| known.recipe.package == name);
        let texts: Vec<&str> = texts.map(|known| known.text.trim_end()).collect();
        match texts.is_empty() {
            true => Err(Failure::NoRecipe {
                package: name,
                version: None,
            }),
            false => Ok(print_result(texts.join("\n\n"))?),
        }
    }
}
