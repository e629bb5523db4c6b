//! The extension modules of a project.

use super::below;
use crate::error::Failure;
use crate::settings::{Archive, ExtensionSettings};
use ampoule_archive::{Limit, Unpacking};
use ampoule_fetch::{Pin, PinnedFile, Source};
use ampoule_wheels::normalised;
use std::path::{Path, PathBuf};

/// An extension module in C or C++, or a package with several.
#[derive(Clone, Debug)]
pub struct Extension {
    /// How it is made.
    pub made: Made,
    /// Where its sources are.
    pub source: ExtensionSource,
}

/// How an extension is made.
#[derive(Clone, Debug)]
pub enum Made {
    /// By the TOML file that describes how the module is compiled.
    ByDescription(PathBuf),
    /// By a recipe, which makes a package of the sources.
    ByRecipe(PathBuf),
}

impl Made {
    /// The file that says how.
    pub fn file(&self) -> &Path {
        match self {
            Made::ByDescription(file) | Made::ByRecipe(file) => file,
        }
    }
}

/// The sources of an extension.
#[derive(Clone, Debug)]
pub enum ExtensionSource {
    /// A folder of the project.
    Folder(PathBuf),
    /// A pinned archive, whose listed folders are on the Python path too.
    Archive {
        /// The archive.
        pin: Box<Pin>,
        /// The folders in it that hold Python files.
        paths: Vec<String>,
    },
}

/// How many entries an extension's archive may have.
const ENTRIES: u64 = 100_000;

impl Extension {
    /// What the settings say, in a project's folder.
    pub(super) fn new(settings: ExtensionSettings, folder: &Path, file: &Path) -> Result<Extension, Failure> {
        let made = match (settings.description, settings.recipe) {
            (Some(description), None) => Made::ByDescription(below(folder, description)),
            (None, Some(recipe)) if settings.paths.is_none() => Made::ByRecipe(below(folder, recipe)),
            _ => return Err(Failure::ExtensionMade(file.to_path_buf())),
        };
        let source = match (settings.source, settings.archive, settings.paths) {
            (Some(source), None, None) => ExtensionSource::Folder(below(folder, source)),
            (None, Some(archive), paths) => ExtensionSource::Archive {
                pin: Box::new(pin(archive)),
                paths: paths.unwrap_or_default(),
            },
            _ => {
                return Err(Failure::ExtensionSource {
                    file: file.to_path_buf(),
                    description: made.file().to_path_buf(),
                });
            }
        };
        Ok(Extension { made, source })
    }
}

/// The pin of an archive.
fn pin(archive: Archive) -> Pin {
    let (name, version, purl) = package(&archive);
    let limit = Limit {
        bytes: archive.unpacked,
        entries: ENTRIES,
    };
    Pin {
        name,
        group: "project".to_string(),
        version,
        license: String::new(),
        purl,
        unpack: Unpacking {
            format: archive.format,
            strip: archive.strip,
        },
        files: vec![PinnedFile {
            platform: None,
            file: archive.file,
            digest: archive.digest,
            size: Some(archive.size),
            limit,
            sources: archive.sources,
        }],
    }
}

/// Name, version and package URL of what is in an archive, by the first source that tells them.
fn package(archive: &Archive) -> (String, String, String) {
    let package = |kind: &str, name: &str, version: &str| {
        let purl = ampoule_attestation::bill::purl(kind, name, version);
        (name.to_string(), version.to_string(), purl)
    };
    let known = archive.sources.iter().find_map(|source| match source {
        Source::Pypi { project, version, .. } => Some(package("pypi", &normalised(project), version)),
        Source::Crate { name, version } => Some(package("cargo", name, version)),
        _ => None,
    });
    known.unwrap_or_else(|| {
        (
            archive.file.clone(),
            String::new(),
            format!("pkg:generic/{}", archive.file),
        )
    })
}
