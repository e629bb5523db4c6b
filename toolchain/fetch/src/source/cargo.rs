//! `crate:`: a crate from the registry that cargo is set up with.

use super::client::follow;
use super::{Place, SourceError, is_right};
use ampoule_action::Digest;
use cargo_lock::{Checksum, Lockfile, Package, ResolveVersion, SourceId};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crate in cargo's cache, if cargo has downloaded it before.
pub(crate) fn from_cache(name: &str, version: &str, digest: &Digest) -> Result<Place, SourceError> {
    let found = cached(&cargo_home()?, name, version)
        .into_iter()
        .find(|path| is_right(path, digest));
    found
        .map(Place::File)
        .ok_or_else(|| SourceError::lasting("it is not in cargo's cache"))
}

/// The crate as cargo downloads it.
pub(super) fn from_client(
    name: &str,
    version: &str,
    digest: &Digest,
    spare: Option<&Path>,
) -> Result<Place, SourceError> {
    download(&[(name, version, digest)], spare, |_| ())?;
    let home = cargo_home()?;
    let found = cached(&home, name, version).pop();
    found.map(Place::File).ok_or_else(|| {
        SourceError::lasting(format!(
            "cargo fetched {name} {version} and left no .crate file in {}: its registry is replaced by a folder",
            home.display()
        ))
    })
}

/// Has cargo download crates to its cache, all at once, as the dependencies of a package that exists for this alone; `downloaded`
/// is told how many it has. `spare` is the cargo for machines that have none.
pub(crate) fn download(
    crates: &[(&str, &str, &Digest)],
    spare: Option<&Path>,
    downloaded: impl FnMut(u64),
) -> Result<(), SourceError> {
    let folder = super::temporary()?;
    let manifest = folder.path().join("Cargo.toml");
    write(&manifest, &package_of(crates))?;
    write(&folder.path().join("Cargo.lock"), &lock_of(crates)?)?;
    write(&folder.path().join("lib.rs"), "")?;
    let mut command = Command::new(program(spare));
    command
        .args(["fetch", "--color=never", "--manifest-path"])
        .arg(manifest);
    follow(&mut command, count("Downloaded ", downloaded))
}

/// The machine's cargo, or the other where it has none.
fn program(spare: Option<&Path>) -> OsString {
    let own = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let is_there = || {
        Command::new(&own)
            .arg("--version")
            .output()
            .is_ok_and(|output| output.status.success())
    };
    match spare {
        Some(spare) if !is_there() => spare.into(),
        _ => own,
    }
}

/// The manifest of a package that has just these versions of these crates as dependencies.
fn package_of(crates: &[(&str, &str, &Digest)]) -> String {
    let dependency = |(number, (name, version, _)): (usize, &(&str, &str, &Digest))| {
        format!("crate-{number} = {{ package = \"{name}\", version = \"={version}\", default-features = false }}\n")
    };
    let dependencies: String = crates.iter().enumerate().map(dependency).collect();
    format!(
        "[package]\nname = \"download\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\npath = \"lib.rs\"\n\n[workspace]\n\n\
         [dependencies]\n{dependencies}"
    )
}

/// A lock with these versions: without one, cargo does not take those that were yanked.
fn lock_of(crates: &[(&str, &str, &Digest)]) -> Result<String, SourceError> {
    let package = |(name, version, digest): &(&str, &str, &Digest)| {
        Ok(Package {
            name: name.parse()?,
            version: version.parse()?,
            source: Some(SourceId::default()),
            checksum: Some(Checksum::Sha256(*digest.bytes())),
            dependencies: Vec::new(),
            replace: None,
        })
    };
    let packages = crates.iter().map(package).collect::<Result<_, cargo_lock::Error>>();
    let lock = Lockfile {
        version: ResolveVersion::V3,
        packages: packages.map_err(|error| SourceError::lasting(error.to_string()))?,
        root: None,
        metadata: Default::default(),
        patch: Default::default(),
    };
    Ok(lock.to_string())
}

/// Counts the lines that begin with a word.
fn count(word: &str, mut told: impl FnMut(u64)) -> impl FnMut(&str) {
    let mut counted = 0;
    move |line| {
        if line.trim_start().starts_with(word) {
            counted += 1;
            told(counted);
        }
    }
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
