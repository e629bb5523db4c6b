//! What a crate of a workspace is compiled from.

use crate::lock::{Lock, Package};
use crate::manifest::{self, Manifest};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A workspace of crates.
pub struct Workspace {
    pub(crate) folder: PathBuf,
    /// The folders of the crates that `[workspace.dependencies]` has by path.
    members: BTreeMap<String, PathBuf>,
    /// What it says of all others: version and features.
    pub(crate) settings: BTreeMap<String, toml::Value>,
    lock: Lock,
}

/// What a crate is compiled from, beside the compiler.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Closure {
    /// The crates of the workspace with their folders, itself included.
    pub crates: BTreeMap<String, PathBuf>,
    /// The names under which those depend on other crates.
    pub names: BTreeSet<String>,
    /// All other crates.
    pub packages: BTreeSet<Package>,
}

impl Workspace {
    /// The workspace that a folder is in.
    ///
    /// # Panics
    /// When there is none.
    pub fn around(folder: &Path) -> Workspace {
        let root = folder.ancestors().find(|folder| folder.join("Cargo.lock").exists());
        let folder = root.expect("the workspace has a Cargo.lock").to_path_buf();
        let table = manifest::read(&folder.join("Cargo.toml"));
        let dependencies = table["workspace"]["dependencies"].as_table();
        let mut members = BTreeMap::new();
        let mut settings = BTreeMap::new();
        for (name, value) in dependencies.expect("[workspace.dependencies] is a table") {
            match value.get("path").and_then(|path| path.as_str()) {
                Some(path) => drop(members.insert(name.clone(), folder.join(path))),
                None => drop(settings.insert(name.clone(), value.clone())),
            }
        }
        Workspace {
            lock: Lock::read(&folder.join("Cargo.lock")),
            folder,
            members,
            settings,
        }
    }

    /// The folders of the crates that others of the workspace depend on, by name.
    pub fn members(&self) -> &BTreeMap<String, PathBuf> {
        &self.members
    }

    /// What the crate in a folder is compiled from.
    ///
    /// # Panics
    /// When a manifest cannot be read, or the lock lacks what it names.
    pub fn closure(&self, folder: &Path) -> Closure {
        let mut closure = Closure::default();
        let mut pending = vec![folder.to_path_buf()];
        while let Some(folder) = pending.pop() {
            let manifest = Manifest::read(&folder);
            if closure.crates.insert(manifest.name.clone(), folder).is_some() {
                continue;
            }
            for name in manifest.dependencies {
                if let Some(folder) = self.members.get(&name) {
                    pending.push(folder.clone());
                } else {
                    self.lock.collect(&manifest.name, &name, &mut closure.packages);
                    closure.names.insert(name);
                }
            }
        }
        closure
    }
}
