//! What pins an app's dependencies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The lock of the dependencies: one of the two.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct WheelsSettings {
    /// Lock of the dependencies: a file in the form of PEP 751 [default: `pylock.toml`, if it is there]
    #[arg(
        long,
        value_name = "FILE",
        required_unless_present = "requirements",
        conflicts_with = "requirements"
    )]
    #[serde(skip_serializing)]
    pub pylock: Option<PathBuf>,
    /// In place of that: a requirements file with hashes
    #[arg(long, value_name = "FILE")]
    #[serde(skip_serializing)]
    pub requirements: Option<PathBuf>,
}
