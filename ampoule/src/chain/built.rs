//! What was built: the component, and how each stage went.

use super::Resolved;
use crate::error::Failure;
use ampoule_cache::Outcome;
use ampoule_fetch::{Pin, PinnedFile};
use indicatif::HumanBytes;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A project whose component is there.
pub struct Built<'a> {
    /// What it was built from.
    pub resolved: Resolved<'a>,
    /// All stages, in the order in which they ran.
    pub steps: Steps,
    /// The pins of the toolchain and of the project, by the path of the fetched file.
    pub pinned: BTreeMap<PathBuf, (Pin, PinnedFile)>,
}

impl Built<'_> {
    /// The component in the cache.
    ///
    /// # Panics
    /// When its stage has not run.
    pub fn component(&self) -> &Path {
        let stage = self.steps.of("component").last();
        stage.expect("a build ends with it").path("component")
    }
}

/// Stages that were run, or found in the cache, in their order.
#[derive(Clone, Default)]
pub struct Steps(pub Vec<Rc<Outcome>>);

impl Steps {
    /// The runs of a stage.
    pub fn of(&self, stage: &str) -> impl Iterator<Item = &Outcome> {
        let steps = self.0.iter().map(Rc::as_ref);
        steps.filter(move |step| step.record.stage == stage)
    }

    /// A line for each stage: its name, the time it took, the size of its outputs, and whether they came from the cache.
    pub fn table(&self) -> String {
        let mut lines = vec![format!("{:<12} {:>9} {:>12}  from", "stage", "time", "size")];
        for step in &self.0 {
            lines.push(format!(
                "{:<12} {:>7.2} s {:>12}  {}",
                step.record.stage,
                step.elapsed.as_secs_f64(),
                HumanBytes(step.size).to_string(),
                if step.hit { "cache" } else { "built" },
            ));
        }
        lines.push(format!("{:<12} {:>7.2} s", "in all", self.seconds()));
        lines.join("\n")
    }

    /// The stages that were run, and the time of all.
    pub fn line(&self) -> String {
        let run = self.0.iter().filter(|step| !step.hit);
        let run: Vec<&str> = run.map(|step| step.record.stage.as_str()).collect();
        match run[..] {
            [] => "nothing else than before is to be built".to_string(),
            _ => format!("built in {:.2} s: {}", self.seconds(), run.join(", ")),
        }
    }

    fn seconds(&self) -> f64 {
        self.0.iter().map(|step| step.elapsed.as_secs_f64()).sum()
    }

    /// Writes the record of each stage to `FOLDER/NN-STAGE.json`.
    pub fn write_records(&self, folder: &Path) -> Result<(), Failure> {
        for (number, step) in self.0.iter().enumerate() {
            let file = folder.join(format!("{number:02}-{}.json", step.record.stage));
            ampoule_action::write_atomically(&file, &step.record.to_json())?;
        }
        Ok(())
    }
}
