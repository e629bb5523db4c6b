//! Where an app's WASI comes from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the component asks of its host.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct LinkSettings {
    /// Where the interpreter's WASI comes from: the host, or with `none` functions in the component that answer without one
    #[arg(long, value_name = "WHERE", value_enum, default_value_t)]
    pub wasi: Wasi,
}

/// Where the interpreter's WASI comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Wasi {
    /// From the host.
    #[default]
    Host,
    /// From functions in the component, but for the interfaces that the world itself imports.
    None,
}
