//! `ampoule explain`: which input made an action run again.

mod history;
mod reasons;

pub use history::remember;

use crate::chain::Steps;
use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::Record;
use history::History;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Flags of `ampoule explain`.
#[derive(Debug, clap::Args)]
pub struct ExplainCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// How many reasons a line names.
const REASONS: usize = 5;

impl ExplainCommand {
    /// Prints a line for each stage of the project's last build: from the cache, or built, and why.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let cache = common.cache_folder()?;
        let history = History::read(&cache, &self.folder)?.ok_or_else(|| Failure::NothingBuilt {
            folder: self.folder.clone(),
            cache,
        })?;
        let lines: Vec<String> = stages(&history).into_iter().map(line).collect();
        Ok(ampoule_action::print_result(lines.join("\n"))?)
    }
}

/// A stage of a project's last build.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    /// Its name.
    pub stage: String,
    /// The key of its action.
    pub key: String,
    /// Why it ran; nothing if its outputs came from the cache.
    pub reasons: Vec<String>,
}

/// The stages of a project's last build: this one, unless nothing has changed since the one that is kept.
pub fn explained(cache: &Path, project: &Path, steps: &Steps) -> Result<Vec<Explained>, Failure> {
    let kept = History::read(cache, project)?;
    let is_kept = kept.is_some_and(|history| {
        let kept = history.last.iter().map(|action| &action.record);
        kept.eq(steps.0.iter().map(|step| &step.record))
    });
    if !is_kept {
        remember(cache, project, steps)?;
    }
    let history = History::read(cache, project)?.unwrap_or_default();
    Ok(stages(&history))
}

/// The records of the build before the last one.
pub fn previous(cache: &Path, project: &Path) -> Result<Vec<Record>, Failure> {
    let history = History::read(cache, project)?.unwrap_or_default();
    Ok(history.previous.into_iter().map(|action| action.record).collect())
}

fn stages(history: &History) -> Vec<Explained> {
    // A stage may run several times in a build: its runs are compared in their order.
    let mut occurrences = BTreeMap::<&str, usize>::new();
    let stages = history.last.iter().map(|action| {
        let stage = action.record.stage.as_str();
        let occurrence = occurrences.entry(stage).or_default();
        let mut earlier = history.previous.iter().filter(|before| before.record.stage == stage);
        let before = earlier.nth(*occurrence);
        *occurrence += 1;
        Explained {
            stage: stage.to_string(),
            key: action.record.key().hexadecimal(),
            reasons: match action.hit {
                true => Vec::new(),
                false => reasons::reasons(action, before, &history.last),
            },
        }
    });
    stages.collect()
}

fn line(Explained { stage, reasons, .. }: Explained) -> String {
    match reasons.is_empty() {
        true => format!("{stage:<12} cache"),
        false => format!("{stage:<12} built: {}", shortened(reasons)),
    }
}

fn shortened(mut reasons: Vec<String>) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons.join("; ")
}
