//! `ampoule stages`: the stages of the chain, for build systems and for those who read them.

use crate::stages::descriptions;

/// Flags of `ampoule stages`.
#[derive(Debug, clap::Args)]
pub struct StagesCommand {
    /// Print them as JSON: a list of objects with `name`, `program` and `about`
    #[arg(long)]
    json: bool,
}

impl StagesCommand {
    /// Prints a line for each stage.
    pub fn perform(&self) {
        let stages = descriptions();
        if self.json {
            let json = serde_json::to_string_pretty(&stages).expect("texts are JSON");
            println!("{json}");
            return;
        }
        for stage in stages {
            println!("{:<12} {}", stage.name, stage.about);
        }
    }
}
