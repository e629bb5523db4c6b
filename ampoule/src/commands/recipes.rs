//! `ampoule recipes`: which packages with native code are built from source.

use crate::error::Failure;
use crate::recipes;
use ampoule_action::print_result;

/// Flags of `ampoule recipes`.
#[derive(Debug, clap::Args)]
pub struct RecipesCommand {
    /// Print the recipe of this package
    package: Option<String>,
}

impl RecipesCommand {
    /// Prints a line for each recipe: the package, the versions that it is for, those that it was tried with.
    pub fn perform(&self) -> Result<(), Failure> {
        let Some(package) = &self.package else {
            let line = |known: &recipes::KnownRecipe| {
                let tried: Vec<&str> = known.recipe.sdists.keys().map(String::as_str).collect();
                format!(
                    "{:<20} {:<14} {}",
                    known.recipe.package,
                    known.recipe.versions,
                    tried.join(", ")
                )
            };
            let lines: Vec<String> = recipes::all().iter().map(line).collect();
            return Ok(print_result(lines.join("\n"))?);
        };
        let name = ampoule_wheels::normalised(package);
        let texts = recipes::all().iter().filter(|known| known.recipe.package == name);
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
