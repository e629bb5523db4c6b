//! `Cargo.lock`: which versions of crates a build consists of.

use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

/// An entry of the lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
pub struct Package {
    /// The crate.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Where it comes from; nothing for a crate of the workspace.
    pub source: Option<String>,
    /// The digest of what comes from there.
    pub checksum: Option<String>,
    #[serde(default)]
    dependencies: Vec<String>,
}

#[derive(Deserialize)]
pub(crate) struct Lock {
    #[serde(rename = "package", default)]
    packages: Vec<Package>,
}

impl Lock {
    pub(crate) fn read(path: &Path) -> Lock {
        let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Adds what a crate of the workspace depends on under a name, with all that this depends on.
    ///
    /// The entry of such a crate lists what builds and tests it as well, so that only its manifest tells which names count.
    pub(crate) fn collect(&self, member: &str, name: &str, found: &mut BTreeSet<Package>) {
        let is_named = |dependency: &&String| dependency.split(' ').next() == Some(name);
        let mut pending: Vec<&str> = self
            .entry(member)
            .dependencies
            .iter()
            .filter(is_named)
            .map(String::as_str)
            .collect();
        assert!(!pending.is_empty(), "Cargo.lock has no {name} for {member}");
        while let Some(dependency) = pending.pop() {
            let package = self.entry(dependency);
            if found.insert(package.clone()) {
                pending.extend(package.dependencies.iter().map(String::as_str));
            }
        }
    }

    /// The entry that a dependency names: `name`, `name version` or `name version (source)`, whatever tells it apart.
    fn entry(&self, dependency: &str) -> &Package {
        let mut words = dependency.splitn(3, ' ');
        let (name, version, source) = (words.next(), words.next(), words.next());
        let source = source.map(|source| source.trim_matches(['(', ')']));
        let is_meant = |package: &&Package| {
            name == Some(&package.name)
                && version.is_none_or(|version| version == package.version)
                && (source.is_none() || source == package.source.as_deref())
        };
        let mut meant = self.packages.iter().filter(is_meant);
        match (meant.next(), meant.next()) {
            (Some(package), None) => package,
            (None, _) => panic!("Cargo.lock has no entry {dependency}"),
            (Some(_), Some(_)) => panic!("Cargo.lock has several entries {dependency}"),
        }
    }
}
