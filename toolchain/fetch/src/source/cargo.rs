//! `crate:`: a crate from the registry that cargo is set up with.

use super::client::run;
use super::{Place, SourceError, is_right};
use ampoule_action::Digest;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate in cargo's cache, if cargo has downloaded it before.
pub(super) fn from_cache(name: &str, version: &str, digest: &Digest) -> Result<Place, SourceError> {
    let found = cached(&cargo_home()?, name, version)
        .into_iter()
        .find(|path| is_right(path, digest));
    found
        .map(Place::File)
        .ok_or_else(|| SourceError::lasting("it is not in cargo's cache"))
}

/// The crate as cargo downloads it: the one dependency of a package that exists for this alone.
pub(super) fn from_client(name: &str, version: &str) -> Result<Place, SourceError> {
    let folder = super::temporary()?;
    let package = folder.path();
    let manifest = format!(
        "[package]\nname = \"download\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n\n\
         [dependencies]\n{name} = {{ version = \"={version}\", default-features = false }}\n"
    );
    write(&package.join("Cargo.toml"), &manifest)?;
    write(&package.join("lib.rs"), "")?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    run(Command::new(cargo)
        .args(["fetch", "--quiet", "--manifest-path"])
        .arg(package.join("Cargo.toml")))?;
    let home = cargo_home()?;
    let found = cached(&home, name, version).pop();
    found.map(Place::File).ok_or_else(|| {
        SourceError::lasting(format!(
            "cargo fetched {name} {version} and left no .crate file in {}: its registry is replaced by a folder",
            home.display()
        ))
    })
}

/// The crate's file in the cache of each registry.
fn cached(home: &Path, name: &str, version: &str) -> Vec<PathBuf> {
    let Ok(registries) = std::fs::read_dir(home.join("registry").join("cache")) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = registries
        .filter_map(|registry| Some(registry.ok()?.path().join(format!("{name}-{version}.crate"))))
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    found
}

fn cargo_home() -> Result<PathBuf, SourceError> {
    if let Some(home) = std::env::var_os("CARGO_HOME").filter(|home| !home.is_empty()) {
        return Ok(home.into());
    }
    let home = std::env::home_dir().ok_or_else(|| SourceError::lasting("cargo's home folder is not known"))?;
    Ok(home.join(".cargo"))
}

fn write(path: &Path, text: &str) -> Result<(), SourceError> {
    std::fs::write(path, text)
        .map_err(|error| SourceError::lasting(format!("cannot write {}: {error}", path.display())))
}
