//! What an app's component does when Python gives up.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How an instance ends.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct SnapshotSettings {
    /// What an exception that escapes an export does, after it is shown
    #[arg(long, value_name = "HOW", value_enum, default_value_t)]
    pub on_exception: OnException,
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
