//! The crates that the tools are made of.

use crate::Error;
use crate::cargo::{Node, Package, Workspace};
use ampoule_action::{FileError, read_text};
use ampoule_attestation::bill::{license, purl};
use ampoule_attestation::{Part, Scope};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The crates of the driver and of all that it depends on, on one platform.
///
/// # Errors
/// When cargo cannot read the workspace, or its lock file is not there.
pub fn parts(source: &Path, host: &str) -> Result<Vec<Part>, Error> {
    let workspace = Workspace::read(source, &["--locked", "--filter-platform", host])?;
    let checksums = checksums(source)?;
    let graph = Graph::new(&workspace);
    let linked = graph.reach(|package, is_linked| is_linked && !package.is_macro());
    let part = |id: &str| {
        let package = graph.packages[id];
        let made_of = graph.nodes[id].dependencies();
        Part {
            reference: package_url(package),
            name: package.name.clone(),
            version: Some(package.version.clone()),
            license: package.license.as_deref().and_then(license),
            purl: Some(package_url(package)),
            sha256: checksums.get(&(package.name.clone(), package.version.clone())).cloned(),
            scope: if linked.contains(id) {
                Scope::Contained
            } else {
                Scope::Tool
            },
            made_of: made_of.map(|(id, _)| package_url(graph.packages[id])).collect(),
        }
    };
    Ok(graph.reach(|_, _| true).into_iter().map(part).collect())
}

fn package_url(package: &Package) -> String {
    purl("cargo", &package.name, &package.version)
}

/// The packages and what each depends on.
struct Graph<'a> {
    root: &'a str,
    packages: BTreeMap<&'a str, &'a Package>,
    nodes: BTreeMap<&'a str, &'a Node>,
}

impl<'a> Graph<'a> {
    fn new(workspace: &'a Workspace) -> Graph<'a> {
        let packages = workspace.packages.iter();
        Graph {
            root: &workspace.driver().id,
            packages: packages.map(|package| (package.id.as_str(), package)).collect(),
            nodes: workspace.nodes().iter().map(|node| (node.id.as_str(), node)).collect(),
        }
    }

    /// All packages that the driver leads to along the dependencies that `follow` wants: it is given the package and whether it is linked.
    fn reach(&self, follow: impl Fn(&Package, bool) -> bool) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut waiting = vec![self.root];
        while let Some(id) = waiting.pop() {
            if found.insert(id) {
                let dependencies = self.nodes[id].dependencies();
                let wanted = dependencies.filter(|(id, is_linked)| follow(self.packages[id], *is_linked));
                waiting.extend(wanted.map(|(id, _)| id));
            }
        }
        found
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<Locked>,
}

#[derive(Deserialize)]
struct Locked {
    name: String,
    version: String,
    checksum: Option<String>,
}

/// The sha256 of each crate's file, by name and version, as cargo's lock file has it.
fn checksums(source: &Path) -> Result<BTreeMap<(String, String), String>, Error> {
    let path = source.join("Cargo.lock");
    let lock = toml::from_str::<Lock>(&read_text(&path)?).map_err(std::io::Error::other);
    let lock = lock.map_err(FileError::reading(&path))?;
    let packages = lock.package.into_iter();
    Ok(packages
        .filter_map(|package| Some(((package.name, package.version), package.checksum?)))
        .collect())
}
