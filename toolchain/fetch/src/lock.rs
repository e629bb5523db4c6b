//! The crates that a `Cargo.lock` names, as pinned inputs.

use crate::{Error, Pin, PinnedFile, Source};
use ampoule_action::{Digest, read_text};
use ampoule_archive::{Format, Limit, Unpacking};
use cargo_lock::{Checksum, Lockfile, Package};
use std::path::Path;

/// The group of such crates.
const CRATES: &str = "crates";

/// What a crate may hold: the registry takes 10 MiB, packed.
const LIMIT: Limit = Limit {
    bytes: 1 << 30,
    entries: 100_000,
};

/// The crates of a lock (cargo's book, "Cargo.toml vs Cargo.lock"), each pinned by its checksum, in the order of their files' names. Those that
/// are part of the workspace are not among them.
///
/// # Errors
/// When the lock cannot be read, or names a crate that is not from cargo's own registry.
pub fn crates_of(lock: &Path) -> Result<Vec<Pin>, Error> {
    let refused = |reason: String| Error::CrateLock {
        lock: lock.to_path_buf(),
        reason,
    };
    let parsed: Result<Lockfile, cargo_lock::Error> = read_text(lock)?.parse();
    let parsed = parsed.map_err(|error| refused(error.to_string()))?;
    let from_elsewhere = parsed.packages.iter().filter(|package| package.source.is_some());
    let pins = from_elsewhere.map(|package| pin(package).map_err(refused));
    let mut pins: Vec<Pin> = pins.collect::<Result<_, _>>()?;
    pins.sort_by(|one, other| one.files[0].file.cmp(&other.files[0].file));
    Ok(pins)
}

fn pin(package: &Package) -> Result<Pin, String> {
    let (name, version) = (package.name.to_string(), package.version.to_string());
    let is_registry = package
        .source
        .as_ref()
        .is_some_and(|source| source.is_default_registry());
    let Some(Checksum::Sha256(digest)) = &package.checksum else {
        return Err(format!(
            "{name} {version} has no checksum: only crates of cargo's registry can be had, none from git"
        ));
    };
    if !is_registry {
        return Err(format!(
            "{name} {version} comes from another registry than cargo's own, which cannot be had"
        ));
    }
    Ok(crate_pin(&name, &version, Digest::from_bytes(*digest)))
}

/// A crate of cargo's registry as a pinned input.
pub fn crate_pin(name: &str, version: &str, digest: Digest) -> Pin {
    let file = PinnedFile {
        platform: None,
        file: format!("{name}-{version}.crate"),
        digest,
        size: None,
        limit: LIMIT,
        sources: vec![Source::Crate {
            name: name.to_string(),
            version: version.to_string(),
        }],
    };
    Pin {
        name: name.to_string(),
        group: CRATES.to_string(),
        version: version.to_string(),
        license: String::new(),
        // A plus sign is a space where a URL's query is.
        purl: format!("pkg:cargo/{name}@{}", version.replace('+', "%2B")),
        unpack: Unpacking {
            format: Format::TarGz,
            strip: 1,
        },
        files: vec![file],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BEGIN: &str = "version = 4\n[[package]]\nname = \"own\"\nversion = \"0.1.0\"\ndependencies = [\"b\"]\n";

    fn read(more: &str) -> Result<Vec<Pin>, Error> {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("Cargo.lock");
        std::fs::write(&lock, format!("{BEGIN}{more}")).unwrap();
        crates_of(&lock)
    }

    fn package(name: &str, version: &str, more: &str) -> String {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n{more}\n")
    }

    #[test]
    fn crates_of_the_registry_are_pins() {
        let registry = cargo_lock::SourceId::default();
        let more = format!("source = \"{registry}\"\nchecksum = \"{}\"", "ab".repeat(32));
        let pins = read(&(package("b", "1.0.0+2", &more) + &package("a", "0.2.0", &more))).unwrap();
        let files: Vec<&str> = pins.iter().map(|pin| pin.files[0].file.as_str()).collect();
        assert_eq!(files, ["a-0.2.0.crate", "b-1.0.0+2.crate"]);
        assert_eq!(pins[1].purl, "pkg:cargo/b@1.0.0%2B2");
        assert_eq!(pins[1].files[0].digest.hexadecimal(), "ab".repeat(32));
        assert_eq!(pins[1].files[0].sources[0].to_string(), "crate:b@1.0.0+2");
    }

    #[test]
    fn others_are_refused() {
        let git = "source = \"git+https://example.com/b?rev=1#0123456789012345678901234567890123456789\"";
        let error = read(&package("b", "1.0.0", git)).unwrap_err().to_string();
        assert!(
            error.contains("b 1.0.0 has no checksum: only crates of cargo's registry"),
            "{error}"
        );
        let error = read("[[package]]\n").unwrap_err().to_string();
        assert!(error.contains("Cargo.lock: "), "{error}");
    }
}
