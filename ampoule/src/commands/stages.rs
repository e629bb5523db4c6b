//! `ampoule stages`: the stages of the chain, for build systems and for those who read them.

use crate::error::Failure;
use crate::stages::{Description, descriptions};
use ampoule_action::print_result;

/// Flags of `ampoule stages`.
#[derive(Debug, clap::Args)]
pub struct StagesCommand {
    /// Print them as JSON: a list of objects with `name`, `program` and `about`
    #[arg(long)]
    json: bool,
}

impl StagesCommand {
    /// Prints a line for each stage.
    pub fn perform(&self) -> Result<(), Failure> {
        let stages = descriptions();
        let lines = if self.json {
            vec![serde_json::to_string_pretty(&stages).expect("texts are JSON")]
        } else {
            let line = |stage: &Description| format!("{:<12} {}", stage.name, stage.about);
            stages.iter().map(line).collect()
        };
        Ok(print_result(lines.join("\n"))?)
    }
}
