//! What a crate's `Cargo.toml` says.

use std::collections::BTreeSet;
use std::path::Path;

/// A crate's name and what it depends on.
pub(crate) struct Manifest {
    pub(crate) name: String,
    /// The names in `[dependencies]`, and in those of some systems only: what is in the crate when it runs as a stage, and not what builds or tests it.
    pub(crate) dependencies: BTreeSet<String>,
}

impl Manifest {
    pub(crate) fn read(folder: &Path) -> Manifest {
        let table = read(&folder.join("Cargo.toml"));
        // Those of one system count on all, so that a digest is the same everywhere.
        let systems = table.get("target").and_then(|value| value.as_table());
        let tables = systems.into_iter().flat_map(|systems| systems.values());
        let tables = tables.filter_map(|system| system.get("dependencies"));
        let dependencies = tables
            .chain(table.get("dependencies"))
            .filter_map(|value| value.as_table());
        Manifest {
            name: table["package"]["name"]
                .as_str()
                .expect("a crate's name is a text")
                .to_string(),
            dependencies: dependencies.flat_map(|table| table.keys().cloned()).collect(),
        }
    }
}

/// A file in TOML.
pub(crate) fn read(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
