//! `ampoule explain`: which input made an action run again.

mod history;
mod reasons;

pub use history::remember;

use crate::command_line::Common;
use crate::error::Failure;
use history::{Action, History};
use std::path::PathBuf;

/// Flags of `ampoule explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
}

/// How many reasons a line names.
const REASONS: usize = 5;

impl Explain {
    /// Prints a line for each stage of the project's last build: from the cache, or built, and why.
    pub fn perform(&self, common: &Common) -> Result<(), Failure> {
        let cache = common.cache_folder()?;
        let history = History::read(&cache, &self.folder)?.ok_or_else(|| Failure::NothingBuilt {
            folder: self.folder.clone(),
            cache,
        })?;
        for line in lines(&history) {
            println!("{line}");
        }
        Ok(())
    }
}

fn lines(history: &History) -> Vec<String> {
    let mut occurrences = std::collections::BTreeMap::<&str, usize>::new();
    let line = |action: &'_ Action, before: Option<&Action>| {
        let stage = &action.record.stage;
        if action.hit {
            return format!("{stage:<12} cache");
        }
        format!(
            "{stage:<12} built: {}",
            shortened(reasons::reasons(action, before, &history.last))
        )
    };
    let mut lines = Vec::new();
    for action in &history.last {
        let occurrence = occurrences.entry(&action.record.stage).or_default();
        let before = history
            .previous
            .iter()
            .filter(|before| before.record.stage == action.record.stage)
            .nth(*occurrence);
        *occurrence += 1;
        lines.push(line(action, before));
    }
    lines
}

fn shortened(mut reasons: Vec<String>) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons.join("; ")
}
