//! What was built: the table of the stages, and their records.

use crate::error::Failure;
use ampoule_cache::Outcome;
use indicatif::HumanBytes;
use std::path::Path;

/// All stages of a build, in the order in which they ran.
pub struct Built {
    pub steps: Vec<Outcome>,
}

impl Built {
    /// A line for each stage: its name, the time it took, the size of its outputs, and whether they came from the cache.
    pub fn table(&self) -> String {
        let mut lines = vec![format!("{:<12} {:>9} {:>12}  from", "stage", "time", "size")];
        for outcome in &self.steps {
            lines.push(format!(
                "{:<12} {:>7.2} s {:>12}  {}",
                outcome.record.stage,
                outcome.elapsed.as_secs_f64(),
                HumanBytes(outcome.size).to_string(),
                if outcome.hit { "cache" } else { "built" },
            ));
        }
        let seconds = |step: &Outcome| step.elapsed.as_secs_f64();
        let total: f64 = self.steps.iter().map(seconds).sum();
        lines.push(format!("{:<12} {total:>7.2} s", "in all"));
        lines.join("\n")
    }

    /// Writes the record of each stage to `FOLDER/NN-STAGE.json`.
    pub fn write_records(&self, folder: &Path) -> Result<(), Failure> {
        for (number, outcome) in self.steps.iter().enumerate() {
            let file = folder.join(format!("{number:02}-{}.json", outcome.record.stage));
            ampoule_action::write_atomically(&file, &outcome.record.to_json())?;
        }
        Ok(())
    }
}
