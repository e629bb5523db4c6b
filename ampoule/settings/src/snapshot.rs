//! What an instance may have, and what it does when Python gives up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an instance may have, and how it ends.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct SnapshotSettings {
    /// What an exception that escapes an export does, after it is shown
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub on_exception: OnException,
    /// How many MiB the files in /tmp may have, which are in the instance's memory where the host grants no /tmp; with 0 there are none
    #[arg(long, value_name = "MIB", default_value_t = TEMPORARY_FILES)]
    pub temporary_files: u32,
}

const TEMPORARY_FILES: u32 = 64;

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
