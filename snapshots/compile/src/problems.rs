//! What Python refuses in the app's files.

use crate::{Bytecode, Error, Imports};
use std::collections::BTreeSet;

/// Refuses what Python refuses, in the modules that the app can import.
pub(crate) fn refuse(app: &str, bytecode: &Bytecode) -> Result<(), Error> {
    let imported = imported_by(app, &bytecode.imports);
    let problems: Vec<_> = bytecode
        .problems
        .iter()
        .filter(|(name, _)| imported.contains(name.as_str()))
        .map(|(_, problem)| problem.clone())
        .collect();
    if problems.is_empty() {
        Ok(())
    } else {
        Err(Error::Problems(problems))
    }
}

/// The names that are imported from a module on, itself and the packages above it included.
fn imported_by<'a>(app: &'a str, imports: &'a Imports) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&str> = app
        .match_indices('.')
        .map(|(dot, _)| &app[..dot])
        .chain([app])
        .collect();
    while let Some(name) = pending.pop() {
        if found.insert(name)
            && let Some(imports) = imports.get(name)
        {
            pending.extend(imports.top.iter().chain(&imports.inner).map(String::as_str));
        }
    }
    found
}
