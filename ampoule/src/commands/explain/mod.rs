//! `ampoule explain`: which input made an action run again.

mod history;
mod reasons;

pub use history::remember;

use crate::error::Failure;
use crate::flags::CommonFlags;
use history::History;
use std::collections::BTreeMap;
use std::path::PathBuf;

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
        Ok(ampoule_action::print_result(lines(&history).join("\n"))?)
    }
}

fn lines(history: &History) -> Vec<String> {
    // A stage may run several times in a build: its runs are compared in their order.
    let mut occurrences = BTreeMap::<&str, usize>::new();
    let lines = history.last.iter().map(|action| {
        let stage = action.record.stage.as_str();
        let occurrence = occurrences.entry(stage).or_default();
        let mut earlier = history.previous.iter().filter(|before| before.record.stage == stage);
        let before = earlier.nth(*occurrence);
        *occurrence += 1;
        if action.hit {
            return format!("{stage:<12} cache");
        }
        let reasons = reasons::reasons(action, before, &history.last);
        format!("{stage:<12} built: {}", shortened(reasons))
    });
    lines.collect()
}

fn shortened(mut reasons: Vec<String>) -> String {
    let more = reasons.len().saturating_sub(REASONS);
    reasons.truncate(REASONS);
    if more > 0 {
        reasons.push(format!("and {more} more"));
    }
    reasons.join("; ")
}
