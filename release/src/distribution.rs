//! The source as an archive that says where this release's programs and toolchain are: what a registry of Bazel modules and the input of a
//! flake take, so that their users build neither.

use crate::cargo::Workspace;
use crate::source::SourceTree;
use crate::{Error, archive, sums};
use ampoule_action::{Digest, FileError, folder_of, make_folder, write_atomically};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file in the source that names the archives, in the form of `toolchain/pins.json`. In a checkout it has none.
const PINS: &str = "toolchain/release.json";

/// The pins, and how the names of their archives begin.
const PARTS: [(&str, &str); 4] = [
    ("ampoule-tools", "ampoule"),
    ("ampoule-sdk", "ampoule-sdk"),
    ("ampoule-cpython", "ampoule-cpython"),
    ("ampoule-interpreter", "ampoule-interpreter"),
];

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
    let pins = pins(how, &version)?;
    write_atomically(
        &source.join(PINS),
        format!("{:#}\n", json!({ "pins": pins })).as_bytes(),
    )?;
    archive::write(&how.output, &format!("ampoule-{version}"), &[(source, PathBuf::new())])
}

/// The pins of the archives in all releases.
fn pins(how: &Distribution, version: &str) -> Result<Vec<Value>, Error> {
    let mut files: BTreeMap<&str, BTreeMap<String, Value>> = BTreeMap::new();
    for release in &how.release {
        for name in sums::files(release)? {
            if let Some((pin, platform)) = part_of(&name, version) {
                let file = file(&release.join(&name), &name, &platform, how)?;
                files.entry(pin).or_default().insert(platform, file);
            }
        }
        if !files.contains_key(PARTS[0].0) {
            return Err(Error::NotRelease(release.clone()));
        }
    }
    let pin = |(name, files): (&str, BTreeMap<String, Value>)| {
        json!({
            "name": name,
            "group": "release",
            "version": version,
            "license": "Apache-2.0 WITH LLVM-exception",
            "purl": format!("pkg:generic/{name}@{version}"),
            "unpack": { "format": "tar.zst", "strip": 1 },
            "files": files.into_values().collect::<Vec<_>>(),
        })
    };
    Ok(files.into_iter().map(pin).collect())
}

/// The pin of an archive and its platform, by the archive's name.
fn part_of(name: &str, version: &str) -> Option<(&'static str, String)> {
    let stem = name.strip_suffix(".tar.zst")?;
    PARTS.into_iter().find_map(|(pin, start)| {
        let platform = stem.strip_prefix(start)?.strip_prefix('-')?.strip_prefix(version)?;
        Some((pin, platform.strip_prefix('-')?.to_string()))
    })
}

fn file(path: &Path, name: &str, platform: &str, how: &Distribution) -> Result<Value, Error> {
    let size = std::fs::metadata(path).map_err(FileError::reading(path))?.len();
    Ok(json!({
        "platform": platform,
        "file": name,
        "digest": Digest::of_file(path)?.to_string(),
        "size": size,
        "sources": [format!("{}/{name}", how.url.trim_end_matches('/'))],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_an_archive_tells_part_and_platform() {
        let part = |name: &str| part_of(name, "0.1.0").map(|(pin, platform)| format!("{pin} {platform}"));
        assert_eq!(
            part("ampoule-0.1.0-x86_64-linux.tar.zst").unwrap(),
            "ampoule-tools x86_64-linux"
        );
        assert_eq!(
            part("ampoule-sdk-0.1.0-aarch64-darwin.tar.zst").unwrap(),
            "ampoule-sdk aarch64-darwin"
        );
        assert!(part("ampoule-example-0.1.0-x86_64-linux.wasm").is_none());
    }
}
