//! Digests the source of a stage when it is built.
//!
//! An action's key holds a digest of the code that runs, so that a changed stage never answers with an older one's outputs.
//! A stage's `build.rs` calls [`emit`]; the stage reads the digest back through `env!("AMPOULE_CODE_DIGEST")`.

use base64::Engine;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Tells cargo the digest of the calling crate's source as the variable `AMPOULE_CODE_DIGEST`.
///
/// The digest covers the crate, the crates of this workspace that it depends on (at any depth), and the versions of all other crates (`Cargo.lock`).
///
/// # Panics
/// When cargo's environment or the source is not there, as a build script must.
pub fn emit() {
    let crate_folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let lock = workspace_lock(&crate_folder);
    let workspace = lock.parent().expect("a lock file is in a folder");
    let mut crates = BTreeSet::new();
    collect_crates(&workspace_crates(workspace), &crate_folder, &mut crates);
    let mut hasher = Sha256::new();
    hash_file(&mut hasher, "Cargo.lock", &lock);
    for folder in &crates {
        hash_folder(&mut hasher, workspace, folder);
    }
    let digest = base64::engine::general_purpose::STANDARD.encode(hasher.finalize());
    println!("cargo::rustc-env=AMPOULE_CODE_DIGEST=sha256-{digest}");
}

fn workspace_lock(crate_folder: &Path) -> PathBuf {
    crate_folder
        .ancestors()
        .map(|folder| folder.join("Cargo.lock"))
        .find(|lock| lock.exists())
        .expect("the workspace has a Cargo.lock")
}

/// Name and folder of each crate that the workspace's `[workspace.dependencies]` has by path.
fn workspace_crates(workspace: &Path) -> BTreeMap<String, PathBuf> {
    let manifest = read_toml(&workspace.join("Cargo.toml"));
    manifest["workspace"]["dependencies"]
        .as_table()
        .expect("[workspace.dependencies] is a table")
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), workspace.join(value.get("path")?.as_str()?))))
        .collect()
}

fn collect_crates(known: &BTreeMap<String, PathBuf>, folder: &Path, found: &mut BTreeSet<PathBuf>) {
    if !found.insert(folder.to_path_buf()) {
        return;
    }
    let manifest = read_toml(&folder.join("Cargo.toml"));
    let Some(dependencies) = manifest.get("dependencies").and_then(|table| table.as_table()) else {
        return;
    };
    for name in dependencies.keys() {
        if let Some(dependency) = known.get(name) {
            collect_crates(known, dependency, found);
        }
    }
}

fn read_toml(path: &Path) -> toml::Table {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn hash_folder(hasher: &mut Sha256, workspace: &Path, folder: &Path) {
    let files = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            let nested_crate = entry.depth() > 0 && entry.path().join("Cargo.toml").exists();
            !nested_crate && !matches!(entry.file_name().to_str(), Some("tests" | "target" | "__pycache__"))
        });
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in files {
        let entry = entry.expect("the crate's source can be read");
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(workspace).unwrap_or(entry.path());
            hash_file(hasher, &name.to_string_lossy(), entry.path());
        }
    }
}

fn hash_file(hasher: &mut Sha256, name: &str, path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
    let content = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for part in [name.as_bytes(), &content] {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
}
