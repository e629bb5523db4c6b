//! What modules import, as the interpreter lists it.

use crate::Error;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The imports of modules, by module.
pub type Imports = BTreeMap<String, ModuleImports>;

/// The absolute names that a module imports; of `from a import b` both `a` and `a.b`, whichever of them are modules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModuleImports {
    /// What is imported when the module runs.
    pub top: BTreeSet<String>,
    /// What its functions import when they are called.
    pub inner: BTreeSet<String>,
}

/// Reads a list of imports.
///
/// # Errors
/// When the file cannot be read or is no such list.
pub(crate) fn read(file: &Path) -> Result<Imports, Error> {
    parse(&ampoule_action::read(file)?, file)
}

pub(crate) fn parse(text: &[u8], file: &Path) -> Result<Imports, Error> {
    serde_json::from_slice(text).map_err(|error| Error::Imports {
        file: file.to_path_buf(),
        reason: error.to_string(),
    })
}
