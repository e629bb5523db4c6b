//! Unpacking archives that may be hostile.
//!
//! Every entry passes through [`tree::Tree`], which refuses what could leave the folder, hide another entry, or grow without
//! bounds. The formats only read.

mod archive;
mod deb;
mod name;
mod stage;
mod tarball;
mod tree;
mod zipped;

pub use stage::Unpack;

use crate::Error;
use crate::pins::Limit;
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// How a file is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpacking {
    /// The archive's format.
    pub format: Format,
    /// How many of the first folders of each path are dropped.
    pub strip: usize,
}

/// An archive's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Format {
    /// A tar under xz.
    #[serde(rename = "tar.xz")]
    TarXz,
    /// A tar under gzip; a `.crate` and an sdist too.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// A zip; a wheel too.
    #[serde(rename = "zip")]
    Zip,
    /// The files of a Debian package, without its control files.
    #[serde(rename = "deb")]
    Deb,
}

impl Format {
    /// The format's name, as pins and command lines have it.
    pub fn name(self) -> &'static str {
        match self {
            Format::TarXz => "tar.xz",
            Format::TarGz => "tar.gz",
            Format::Zip => "zip",
            Format::Deb => "deb",
        }
    }
}

/// A text that names no format.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not one of tar.xz, tar.gz, zip and deb")]
pub struct ParseFormatError(String);

impl std::str::FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Format, ParseFormatError> {
        [Format::TarXz, Format::TarGz, Format::Zip, Format::Deb]
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| ParseFormatError(text.to_string()))
    }
}

/// Why unpacking stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The archive holds something that is refused.
    Refused(String),
    /// The archive cannot be read to its end.
    Damaged(String),
    /// A file cannot be written.
    Writing(PathBuf, std::io::Error),
}

impl Failure {
    fn damaged(error: impl std::fmt::Display) -> Failure {
        Failure::Damaged(error.to_string())
    }
}

/// Unpacks an archive to a folder that is not there yet; of the paths in `only` (after stripping), or of all when there are none.
///
/// Files get the modes 644 and 755, whatever the archive says. The folder appears whole or not at all.
///
/// # Errors
/// When the archive is damaged or holds what is refused, or a file cannot be written; nothing is left behind then.
pub fn unpack(
    unpacking: &Unpacking,
    limit: Limit,
    archive: &Path,
    destination: &Path,
    only: &[&str],
) -> Result<(), Error> {
    let file = std::fs::File::open(archive).map_err(|error| Error::reading(archive, error))?;
    let scratch = scratch_beside(destination)?;
    let root = scratch.path().join("unpacked");
    let mut tree = tree::Tree::new(&root, unpacking.strip, limit, only);
    let result = match unpacking.format {
        Format::TarXz => archive::xz(file).and_then(|stream| tarball::read(stream, limit, &mut tree)),
        Format::TarGz => tarball::read(archive::gzip(file), limit, &mut tree),
        Format::Zip => zipped::read(file, &mut tree),
        Format::Deb => deb::read(file, limit, &mut tree),
    };
    result
        .and_then(|()| tree.finish())
        .map_err(|failure| named(archive, failure))?;
    if std::fs::symlink_metadata(destination).is_ok() {
        return Err(Error::writing(destination, std::io::ErrorKind::AlreadyExists.into()));
    }
    std::fs::rename(&root, destination).map_err(|error| Error::writing(destination, error))
}

/// A temporary folder on the same disk as the destination.
fn scratch_beside(destination: &Path) -> Result<tempfile::TempDir, Error> {
    let parent = crate::folder_of(destination);
    std::fs::create_dir_all(parent).map_err(|error| Error::writing(parent, error))?;
    tempfile::Builder::new()
        .prefix(".ampoule-unpack-")
        .tempdir_in(parent)
        .map_err(|error| Error::writing(parent, error))
}

fn named(archive: &Path, failure: Failure) -> Error {
    let archive = archive.to_path_buf();
    match failure {
        Failure::Refused(reason) => Error::Refused { archive, reason },
        Failure::Damaged(reason) => Error::Damaged { archive, reason },
        Failure::Writing(path, error) => Error::Writing { path, error },
    }
}
