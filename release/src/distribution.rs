//! The source as an archive that says where this release's programs and toolchain are: what a registry of Bazel modules and the input of a
//! flake take, so that their users build neither.

use crate::cargo::Workspace;
use crate::source::SourceTree;
use crate::{Error, archive, sums};
use ampoule_action::{Digest, FileError, folder_of, make_folder, write_atomically};
use flate2::read::GzDecoder;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files in the source that name the archives: for Bazel by their own digests, in the form of `toolchain/pins.json`; for Nix by the
/// digests of the folders in them. A checkout has none.
const FOR_BAZEL: &str = "bazel/release.json";
const FOR_NIX: &str = "nix/release.json";

/// A part of a release.
#[derive(Debug)]
struct Part {
    /// What Nix calls it. The toolchain's parts are in a folder of this name in their archives.
    name: &'static str,
    /// How its archive's name begins.
    archive: &'static str,
}

const TOOLS: &str = "tools";

impl Part {
    /// How many folders are around its files in the archive.
    fn folders(&self) -> usize {
        if self.name == TOOLS { 1 } else { 2 }
    }

    /// Where it is below the archive's one folder.
    fn place(&self) -> &'static str {
        if self.name == TOOLS { "" } else { self.name }
    }
}

const PARTS: [Part; 4] = [
    part(TOOLS, "ampoule"),
    part("sdk", "ampoule-sdk"),
    part("cpython", "ampoule-cpython"),
    part("interpreter", "ampoule-interpreter"),
];

const fn part(name: &'static str, archive: &'static str) -> Part {
    Part { name, archive }
}

/// An archive of a release.
#[derive(Debug)]
struct Archive {
    part: &'static Part,
    platform: String,
    /// Its name without what tells that it is an archive, which is the name of the folder in it.
    stem: String,
    path: PathBuf,
    /// The part, unpacked.
    folder: PathBuf,
}

/// How the archive is made.
#[derive(Clone, Debug, clap::Args)]
pub struct Distribution {
    /// Folder of Ampoule's source
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// Folder of a release, as `ampoule-release make` writes it; given once for each platform
    #[arg(long, value_name = "DIR", required = true)]
    pub release: Vec<PathBuf>,
    /// URL below which the release's files will be
    #[arg(long, value_name = "URL")]
    pub url: String,
    /// The archive, a `.tar.gz`
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
}

/// Makes the archive.
///
/// # Errors
/// When a folder has no archive of the tools, or something cannot be read or written.
pub fn make(how: &Distribution) -> Result<(), Error> {
    let parent = folder_of(&how.output);
    make_folder(parent)?;
    let scratch = tempfile::Builder::new().prefix(".ampoule-").tempdir_in(parent);
    let scratch = scratch.map_err(FileError::writing(parent))?;
    let source = SourceTree::copy(&how.source, &scratch.path().join("source"))?.folder;
    let workspace = Workspace::read(&source, &["--no-deps"])?;
    let version = workspace.driver().version.clone();
    let archives = archives(how, &version, &scratch.path().join("unpacked"))?;
    let for_bazel = json!({ "pins": pins(&archives, how, &version)? });
    let for_nix = folders(&archives, how)?;
    for (name, json) in [(FOR_BAZEL, for_bazel), (FOR_NIX, for_nix)] {
        write_atomically(&source.join(name), format!("{json:#}\n").as_bytes())?;
    }
    archive::write(&how.output, &format!("ampoule-{version}"), &[(source, PathBuf::new())])
}

/// The archives of all releases, each unpacked into a folder of its own in `scratch`.
fn archives(how: &Distribution, version: &str, scratch: &Path) -> Result<Vec<Archive>, Error> {
    let mut archives = Vec::new();
    for release in &how.release {
        let names = sums::files(release)?;
        let found: Vec<Archive> = names
            .iter()
            .filter_map(|name| archive_in(release, name, version, scratch))
            .collect();
        if !found.iter().any(|archive| archive.part.name == TOOLS) {
            return Err(Error::NotRelease(release.clone()));
        }
        for archive in &found {
            unpack(&archive.path, &scratch.join(&archive.stem)).map_err(FileError::reading(&archive.path))?;
        }
        archives.extend(found);
    }
    Ok(archives)
}

/// The archive of a name, which tells its part and its platform.
fn archive_in(release: &Path, name: &str, version: &str, scratch: &Path) -> Option<Archive> {
    let stem = name.strip_suffix(".tar.gz")?;
    PARTS.iter().find_map(|part| {
        let platform = stem
            .strip_prefix(part.archive)?
            .strip_prefix('-')?
            .strip_prefix(version)?;
        Some(Archive {
            part,
            platform: platform.strip_prefix('-')?.to_string(),
            stem: stem.to_string(),
            path: release.join(name),
            folder: scratch.join(stem).join(stem).join(part.place()),
        })
    })
}

/// The pins of the archives, for Bazel.
fn pins(archives: &[Archive], how: &Distribution, version: &str) -> Result<Vec<Value>, Error> {
    let mut pins = Vec::new();
    for part in &PARTS {
        let of_part = archives.iter().filter(|archive| archive.part.name == part.name);
        let files: BTreeMap<&str, Value> = of_part
            .map(|archive| Ok((archive.platform.as_str(), file(archive, how)?)))
            .collect::<Result<_, Error>>()?;
        if !files.is_empty() {
            pins.push(json!({
                "name": format!("ampoule-{}", part.name),
                "version": version,
                "license": "Apache-2.0 WITH LLVM-exception",
                "purl": format!("pkg:generic/ampoule-{}@{version}", part.name),
                "unpack": { "format": "tar.gz", "strip": part.folders() },
                "files": files.into_values().collect::<Vec<_>>(),
            }));
        }
    }
    Ok(pins)
}

fn file(archive: &Archive, how: &Distribution) -> Result<Value, Error> {
    let path = &archive.path;
    let size = std::fs::metadata(path).map_err(FileError::reading(path))?.len();
    Ok(json!({
        "platform": archive.platform,
        "file": format!("{}.tar.gz", archive.stem),
        "digest": Digest::of_file(path)?.to_string(),
        "size": size,
        "limit": limit(&archive.folder)?,
        "sources": [url(archive, how)],
    }))
}

/// The size of what is unpacked: of the files in bytes, and the number of all that is there.
fn limit(folder: &Path) -> Result<Value, Error> {
    let (mut bytes, mut entries) = (0, 0);
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(FileError::reading(folder))?;
        let metadata = entry.metadata().map_err(FileError::reading(folder))?;
        bytes += if metadata.is_file() { metadata.len() } else { 0 };
        entries += 1;
    }
    Ok(json!({ "bytes": bytes, "entries": entries }))
}

fn url(archive: &Archive, how: &Distribution) -> String {
    format!("{}/{}.tar.gz", how.url.trim_end_matches('/'), archive.stem)
}

/// The folders in the archives, for Nix: by platform and part, with the digests that `nix hash path` gives.
fn folders(archives: &[Archive], how: &Distribution) -> Result<Value, Error> {
    let mut platforms: BTreeMap<&str, BTreeMap<&str, Value>> = BTreeMap::new();
    for archive in archives {
        let digest = Digest::of_folder(&archive.folder)?;
        let value = json!({ "hash": digest.to_string(), "url": url(archive, how) });
        platforms
            .entry(&archive.platform)
            .or_default()
            .insert(archive.part.name, value);
    }
    Ok(json!(platforms))
}

fn unpack(archive: &Path, folder: &Path) -> std::io::Result<()> {
    let content = GzDecoder::new(std::fs::File::open(archive)?);
    tar::Archive::new(content).unpack(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_archive_tells_part_and_platform() {
        let found = |name: &str| {
            let archive = archive_in(Path::new("release"), name, "0.1.0", Path::new("scratch"))?;
            Some(format!("{} {}", archive.part.name, archive.platform))
        };
        assert_eq!(
            found("ampoule-0.1.0-x86_64-linux.tar.gz").unwrap(),
            "tools x86_64-linux"
        );
        assert_eq!(
            found("ampoule-sdk-0.1.0-aarch64-darwin.tar.gz").unwrap(),
            "sdk aarch64-darwin"
        );
        assert!(found("ampoule-example-0.1.0-x86_64-linux.wasm").is_none());
    }
}
