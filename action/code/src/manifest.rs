//! What a crate's `Cargo.toml` says.

use std::collections::BTreeSet;
use std::path::Path;

/// A crate's name and what it depends on.
pub(crate) struct Manifest {
    pub(crate) name: String,
    /// The names in `[dependencies]`: what is in the crate when it runs as a stage, and not what builds or tests it.
    pub(crate) dependencies: BTreeSet<String>,
}

impl Manifest {
    pub(crate) fn read(folder: &Path) -> Manifest {
        let table = read(&folder.join("Cargo.toml"));
        assert!(
            !table.contains_key("target"),
            "{}: dependencies of one platform are not digested; make them [dependencies]",
            folder.display()
        );
        let dependencies = table.get("dependencies").and_then(|value| value.as_table());
        Manifest {
            name: table["package"]["name"]
                .as_str()
                .expect("a crate's name is a text")
                .to_string(),
            dependencies: dependencies
                .into_iter()
                .flat_map(|table| table.keys().cloned())
                .collect(),
        }
    }
}

/// A file in TOML.
pub(crate) fn read(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
