//! Where a pinned file comes from.
//!
//! A source is a URL, or a name within a package registry. The registry itself is whichever this machine's package client is
//! set up with: pip's index, cargo's registry, apt's mirror.

mod apt;
pub(crate) mod cargo;
mod client;
mod pip;

use crate::Error;
use crate::http::Client;
use crate::pins::PinnedFile;
use ampoule_action::Digest;
use serde::Deserialize;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A place that a pinned file comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Source {
    /// A URL: `https://...`.
    Url(String),
    /// A file of a project on pip's index: `pypi:PROJECT==VERSION/FILE`.
    Pypi {
        /// The project's name.
        project: String,
        /// The version.
        version: String,
        /// The file's name.
        file: String,
    },
    /// A crate on cargo's registry: `crate:NAME@VERSION`.
    Crate {
        /// The crate's name.
        name: String,
        /// The version.
        version: String,
    },
    /// A path below the root of apt's mirror, `debian:pool/...`, or of a snapshot of it, `debian:20261129T000000Z/pool/...`.
    Debian {
        /// When the snapshot was made, as apt's option `--snapshot` has it.
        snapshot: Option<String>,
        /// The path.
        path: String,
    },
}

/// The files of a project on pip's index by their names, with the digests that the index gives.
///
/// # Errors
/// When pip is set up with no index, or that does not answer or does not know the project.
pub fn listed(project: &str) -> Result<Vec<(String, Option<Digest>)>, Error> {
    pip::listed(&Client::new(), project).map_err(|error| Error::NotListed {
        project: project.to_string(),
        reason: error.message,
    })
}

/// A text that names no source.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is no source: expected https://..., pypi:PROJECT==VERSION/FILE, crate:NAME@VERSION, debian:POOL-PATH or debian:SNAPSHOT/POOL-PATH"
)]
pub struct ParseSourceError(String);

/// Why a source did not give a file.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct SourceError {
    pub(crate) message: String,
    /// Whether another attempt may go better.
    pub(crate) transient: bool,
}

impl SourceError {
    /// An error that stays the same however often it is tried.
    pub(crate) fn lasting(message: impl Into<String>) -> SourceError {
        SourceError {
            message: message.into(),
            transient: false,
        }
    }

    /// An error that may be gone at the next attempt.
    pub(crate) fn transient(message: impl Into<String>) -> SourceError {
        SourceError {
            message: message.into(),
            transient: true,
        }
    }
}

/// What a resolved source leads to.
pub(crate) enum Place {
    /// A URL to download from.
    Url(String),
    /// A file on this machine, such as one in a package client's cache.
    File(PathBuf),
    /// A file that the package client has downloaded to a temporary folder.
    Downloaded(PathBuf, tempfile::TempDir),
}

/// Where to look for pinned files beside their sources.
#[derive(Clone, Copy)]
pub(crate) struct Lookup<'a> {
    pub(crate) client: &'a Client,
    /// Roots of mirrors for `debian:` that the user has given, or of archives of snapshots, with a place for the snapshot.
    pub(crate) debian_mirrors: &'a [String],
    /// The cargo to use where this machine has none.
    pub(crate) cargo: Option<&'a Path>,
}

impl Source {
    /// The ways to the file, each taken only when the ones before have failed.
    pub(crate) fn ways<'a>(&'a self, file: &'a PinnedFile, lookup: Lookup<'a>) -> Vec<Way<'a>> {
        match self {
            Source::Url(url) => vec![Way::ours(|| Ok(Place::Url(url.clone())))],
            Source::Pypi {
                project,
                version,
                file: name,
            } => vec![
                Way::ours(move || pip::from_index(lookup.client, project, name)),
                Way::of_client(move || pip::from_client(project, version, name, &file.digest)),
            ],
            Source::Crate { name, version } => vec![
                Way::ours(move || cargo::from_cache(name, version, &file.digest)),
                Way::of_client(move || cargo::from_client(name, version, &file.digest, lookup.cargo)),
            ],
            Source::Debian { snapshot, path } => {
                apt::ways(snapshot.as_deref(), path, lookup.debian_mirrors, &file.digest)
            }
        }
    }
}

/// A way to a file.
pub(crate) struct Way<'a> {
    find: Box<dyn Fn() -> Result<Place, SourceError> + 'a>,
    /// Whether a package client goes it, which tries again by itself.
    pub(crate) is_of_client: bool,
}

impl<'a> Way<'a> {
    fn ours(find: impl Fn() -> Result<Place, SourceError> + 'a) -> Way<'a> {
        let find = Box::new(find);
        Way {
            find,
            is_of_client: false,
        }
    }

    fn of_client(find: impl Fn() -> Result<Place, SourceError> + 'a) -> Way<'a> {
        let find = Box::new(find);
        Way {
            find,
            is_of_client: true,
        }
    }

    /// Goes it.
    pub(crate) fn place(&self) -> Result<Place, SourceError> {
        (self.find)()
    }
}

impl FromStr for Source {
    type Err = ParseSourceError;

    fn from_str(text: &str) -> Result<Source, ParseSourceError> {
        parse(text).ok_or_else(|| ParseSourceError(text.to_string()))
    }
}

fn parse(text: &str) -> Option<Source> {
    if text.starts_with("https://") || text.starts_with("http://") {
        return Some(Source::Url(text.to_string()));
    }
    let (kind, name) = text.split_once(':')?;
    match kind {
        "pypi" => {
            let (project, rest) = name.split_once("==")?;
            let (version, file) = rest.split_once('/')?;
            Some(Source::Pypi {
                project: project.to_string(),
                version: version.to_string(),
                file: file.to_string(),
            })
        }
        "crate" => {
            let (name, version) = name.split_once('@')?;
            Some(Source::Crate {
                name: name.to_string(),
                version: version.to_string(),
            })
        }
        "debian" => {
            let (snapshot, path) = match name.split_once('/') {
                Some((first, rest)) if apt::is_snapshot(first) => (Some(first.to_string()), rest),
                _ => (None, name),
            };
            Some(Source::Debian {
                snapshot,
                path: path.to_string(),
            })
        }
        _ => None,
    }
}

impl TryFrom<String> for Source {
    type Error = ParseSourceError;

    fn try_from(text: String) -> Result<Source, ParseSourceError> {
        text.parse()
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Url(url) => formatter.write_str(url),
            Source::Pypi { project, version, file } => write!(formatter, "pypi:{project}=={version}/{file}"),
            Source::Crate { name, version } => write!(formatter, "crate:{name}@{version}"),
            Source::Debian { snapshot: None, path } => write!(formatter, "debian:{path}"),
            Source::Debian {
                snapshot: Some(snapshot),
                path,
            } => write!(formatter, "debian:{snapshot}/{path}"),
        }
    }
}

/// A folder for what a package client downloads.
fn temporary() -> Result<tempfile::TempDir, SourceError> {
    let made = tempfile::Builder::new().prefix("ampoule-fetch-").tempdir();
    made.map_err(|error| SourceError::lasting(format!("cannot make a temporary folder: {error}")))
}

/// Whether a file is there and has the digest.
pub(crate) fn is_right(path: &Path, digest: &Digest) -> bool {
    Digest::of_file(path).is_ok_and(|found| found == *digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_and_written_alike() {
        for text in [
            "https://example.com/a.tar.xz",
            "pypi:thing==1.0/thing-1.0.tar.gz",
            "crate:thing@0.1.13+1.0.8",
            "debian:pool/main/t/thing/thing_1.0~git-2_all.deb",
            "debian:20261129T000000Z/pool/main/t/thing/thing_1.0~git-2_all.deb",
        ] {
            assert_eq!(text.parse::<Source>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_text_that_is_no_source_is_refused() {
        for text in [
            "",
            "ftp://example.com/a",
            "pypi:thing",
            "pypi:thing==1",
            "crate:thing",
            "npm:thing",
        ] {
            assert!(text.parse::<Source>().unwrap_err().to_string().contains("is no source"));
        }
    }
}
