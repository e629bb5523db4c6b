//! What of the standard library an app has.

use crate::forms::{OneOrMore, one_or_more};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What of the standard library is in the component.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct CompileSettings {
    /// Modules of the standard library to have in the component, though no import statement leads to them, or `full` for all
    #[arg(long, alias = "stdlib-module", value_name = "MODULE")]
    #[serde(deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore<String>")]
    pub stdlib: Vec<String>,
    /// Have the sources of the standard library's modules in the component, too: for tracebacks with their lines, and `inspect.getsource`
    #[arg(long)]
    pub stdlib_sources: bool,
}
