//! Which import statements of the app lead to a native module of the standard library.
//!
//! Statements are found by the text of their lines, those of the standard library are the ones that its compilation has listed.

use crate::error::Failure;
use ampoule_action::{FileError, read_text};
use ampoule_compile::{Imports, ModuleImports, reach};
use ampoule_image::{BINDINGS_PATH, STDLIB};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use walkdir::WalkDir;

/// How many statements are named for a module.
const NAMED: usize = 5;

/// Import statements by the native modules that they lead to.
#[derive(Debug, Default)]
pub struct Statements(BTreeMap<String, Vec<String>>);

impl Statements {
    /// Reads the statements of the app's and the dependencies' files in the folder of the image, and follows each to the native modules.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn find(image: &Path, stdlib_imports: &Path, native: &[&str]) -> Result<Statements, Failure> {
        let stdlib: Imports = serde_json::from_slice(&ampoule_action::read(stdlib_imports)?)
            .map_err(|error| FileError::reading(stdlib_imports)(std::io::Error::from(error)))?;
        let native = native.iter().map(|name| (name.to_string(), name.to_string())).collect();
        let always = led_to(None, &stdlib, &native);
        let mut statements = Statements::default();
        for (module, places) in written(image)? {
            for reached in led_to(Some(&module), &stdlib, &native).difference(&always) {
                let named = statements.0.entry(reached.clone()).or_default();
                named.extend(places.iter().map(|place| format!("{place}: import {module}")));
            }
        }
        for named in statements.0.values_mut() {
            named.sort();
            let more = named.len().saturating_sub(NAMED);
            named.truncate(NAMED);
            if more > 0 {
                named.push(format!("and {more} more"));
            }
        }
        Ok(statements)
    }

    /// The statements that lead to a native module, each with its file and line; none if it is there whatever they are.
    pub fn leading_to(&self, module: &str) -> Vec<String> {
        self.0.get(module).cloned().unwrap_or_default()
    }
}

/// The native modules that an import leads to.
fn led_to(import: Option<&String>, stdlib: &Imports, native: &BTreeMap<String, String>) -> BTreeSet<String> {
    let app = ModuleImports {
        top: import.into_iter().cloned().collect(),
        inner: BTreeSet::new(),
    };
    reach(
        &Imports::from([(String::new(), app)]),
        &[],
        stdlib,
        native,
        &BTreeMap::new(),
    )
    .extensions
}

/// The imported modules, each with the first statement of every file that names it.
fn written(image: &Path) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let mut found = BTreeMap::<String, Vec<String>>::new();
    for entry in WalkDir::new(image).sort_by_file_name() {
        let entry = entry.map_err(FileError::reading(image))?;
        let path = entry.path().strip_prefix(image).unwrap_or(entry.path());
        let place = format!("/{}", path.display());
        let is_own = !place.starts_with(BINDINGS_PATH) && !path.starts_with(STDLIB);
        if is_own && entry.file_type().is_file() && place.ends_with(".py") {
            // Of sources in another encoding no line can be shown.
            let text = read_text(entry.path()).unwrap_or_default();
            for (module, line) in imported(&text) {
                found.entry(module).or_default().push(format!("{place}:{line}"));
            }
        }
    }
    Ok(found)
}

/// The modules that a text imports, each with the first line that does.
fn imported(text: &str) -> BTreeMap<String, usize> {
    let statement = Regex::new(r"^\s*(?:from\s+([\w.]+)\s+import\s+(.*)|import\s+(.*))").expect("it is well-formed");
    let mut found = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()) {
        let Some(parts) = statement.captures(line) else {
            continue;
        };
        let names = |part: usize| {
            let list = parts.get(part).map_or("", |names| names.as_str());
            let list = list
                .split(['#', ';'])
                .next()
                .unwrap_or_default()
                .trim_matches(['(', ')', ' ']);
            let names = list.split(',').filter_map(|name| name.split_whitespace().next());
            names.map(str::to_string).collect::<Vec<_>>()
        };
        let modules = match parts.get(1).map(|module| module.as_str()) {
            // Of what is imported from a module, some may be modules, too.
            Some(module) if !module.starts_with('.') => {
                let below = names(2).into_iter().map(|name| format!("{module}.{name}"));
                std::iter::once(module.to_string()).chain(below).collect()
            }
            Some(_) => Vec::new(),
            None => names(3),
        };
        for module in modules {
            found.entry(module).or_insert(number);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_are_found_with_their_lines() {
        let text = "import os, json as j\n\ndef f():\n    from asyncio import (streams, run)  # now\n    import os\nfrom . import x\n";
        let found: Vec<String> = imported(text)
            .iter()
            .map(|(name, line)| format!("{name} {line}"))
            .collect();
        assert_eq!(
            found,
            ["asyncio 4", "asyncio.run 4", "asyncio.streams 4", "json 1", "os 1"]
        );
    }
}
