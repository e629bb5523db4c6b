//! The digest of what a crate is compiled from.

use crate::{Closure, Workspace};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// What is in a crate's folder and not in the crate.
const APART: [&str; 5] = ["README.md", "__pycache__", "examples", "target", "tests"];

impl Workspace {
    /// The digest of a closure in SRI form: of its files, and of the versions and features of the crates from elsewhere.
    ///
    /// # Panics
    /// When a file cannot be read.
    pub fn digest(&self, closure: &Closure) -> String {
        let mut hasher = Sha256::new();
        for folder in closure.crates.values() {
            for path in files(folder) {
                let name = path.strip_prefix(&self.folder).unwrap_or(&path);
                let content = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
                add(&mut hasher, [name.to_string_lossy().as_bytes(), &content]);
            }
        }
        for name in &closure.names {
            let settings = self.settings.get(name).map(ToString::to_string).unwrap_or_default();
            add(&mut hasher, [name.as_bytes(), settings.as_bytes()]);
        }
        for package in &closure.packages {
            let texts = [&package.name, &package.version].into_iter().map(String::as_str);
            let more = [&package.source, &package.checksum].map(|text| text.as_deref().unwrap_or_default());
            add(&mut hasher, texts.chain(more).map(str::as_bytes));
        }
        format!("sha256-{}", STANDARD.encode(hasher.finalize()))
    }

    /// The files and folders on which the digest depends.
    pub(crate) fn sources(&self, closure: &Closure) -> Vec<PathBuf> {
        let mut sources = vec![self.folder.join("Cargo.lock"), self.folder.join("Cargo.toml")];
        for folder in closure.crates.values() {
            sources.push(folder.clone());
            sources.extend(files(folder));
        }
        sources
    }
}

/// The files of the crate in a folder, sorted; without those of crates in folders below.
fn files(folder: &Path) -> Vec<PathBuf> {
    let walk = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
    let walk = walk.filter_entry(|entry| {
        let is_apart = entry.file_name().to_str().is_some_and(|name| APART.contains(&name));
        entry.depth() == 0 || !is_apart && !entry.path().join("Cargo.toml").exists()
    });
    walk.map(|entry| entry.expect("the crate's source can be read"))
        .filter(|entry| entry.file_type().is_file())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// Adds parts to a digest, each with its length before it.
fn add<'a>(hasher: &mut Sha256, parts: impl IntoIterator<Item = &'a [u8]>) {
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}
