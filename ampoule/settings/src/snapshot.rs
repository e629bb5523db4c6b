//! What an instance may have, and what it does when Python gives up.

use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

/// What an instance may have, and how it ends.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct SnapshotSettings {
    /// What an exception that escapes an export does, after it is shown
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub on_exception: OnException,
    /// How many MiB the files in /tmp may have, which are in the instance's memory where the host grants no /tmp; with 0 there are none
    #[arg(long, value_name = "MIB", default_value_t = TEMPORARY_FILES, value_parser = clap::value_parser!(u32).range(..=MOST_TEMPORARY_FILES))]
    #[serde(deserialize_with = "temporary_files")]
    #[schemars(range(max = MOST_TEMPORARY_FILES))]
    pub temporary_files: u32,
}

const TEMPORARY_FILES: u32 = 64;

/// A component's memory has no more.
const MOST_TEMPORARY_FILES: i64 = 4096;

/// Reads a size of temporary files.
fn temporary_files<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let size = i64::deserialize(deserializer)?;
    let is_possible = (0..=MOST_TEMPORARY_FILES).contains(&size);
    is_possible.then_some(size as u32).ok_or_else(|| {
        D::Error::custom(format!(
            "expected a whole number from 0 to {MOST_TEMPORARY_FILES}, which is all the memory that a component can have"
        ))
    })
}

impl Default for SnapshotSettings {
    fn default() -> SnapshotSettings {
        SnapshotSettings {
            on_exception: OnException::default(),
            temporary_files: TEMPORARY_FILES,
        }
    }
}

/// What an exception that escapes an export does, after it is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum OnException {
    /// It traps.
    #[default]
    Trap,
    /// It ends the instance with WASI's exit, as a failure.
    Exit,
}
