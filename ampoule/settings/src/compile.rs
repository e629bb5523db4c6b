//! What of an app's folders and of the standard library is in its component.

use crate::forms::{OneOrMore, one_or_more};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is in the component.
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
    /// Files and folders to leave out, by their names, such as `*.pem`, or by their paths below a folder of the Python path, such as
    /// `tests/data` or `docs/**/*.md`
    #[arg(long, value_name = "PATTERN")]
    #[serde(deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore<String>")]
    pub exclude: Vec<String>,
    /// Follow symbolic links that lead out of the folders of the Python path: what they lead to is in the component, too
    #[arg(long)]
    pub follow_links: bool,
}
