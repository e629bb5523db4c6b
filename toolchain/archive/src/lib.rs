//! Unpacking archives that may be hostile.
//!
//! Every entry passes through [`tree::Tree`], which refuses what could leave the folder, hide another entry, or grow without
//! bounds. The formats only read.

mod argument;
mod deb;
mod error;
mod format;
mod name;
mod stage;
mod stream;
mod tarball;
mod tree;
mod zipped;

pub use argument::{Archive, ParseArchiveError};
pub use error::Error;
pub use format::{Format, Limit, ParseFormatError, Unpacking};
pub use stage::Unpack;

use ampoule_action::{FileError, folder_of, make_folder, rename};
use std::io::ErrorKind;
use std::path::Path;

/// Why unpacking stopped.
#[derive(Debug)]
enum Cause {
    /// The archive holds something that is refused.
    Refused(String),
    /// The archive cannot be read to its end.
    Damaged(String),
    /// A file cannot be read or written.
    File(FileError),
}

impl Cause {
    fn damaged(error: impl std::fmt::Display) -> Cause {
        Cause::Damaged(error.to_string())
    }
}

impl From<FileError> for Cause {
    fn from(error: FileError) -> Cause {
        Cause::File(error)
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
    let file = std::fs::File::open(archive).map_err(FileError::reading(archive))?;
    let scratch = scratch_beside(destination)?;
    let root = scratch.path().join("unpacked");
    let mut tree = tree::Tree::new(&root, unpacking.strip, limit, only);
    let result = match unpacking.format {
        Format::TarXz => stream::xz(file).and_then(|stream| tarball::read(stream, limit, &mut tree)),
        Format::TarGz => tarball::read(stream::gzip(file), limit, &mut tree),
        Format::Zip => zipped::read(file, &mut tree),
        Format::Deb => deb::read(file, limit, &mut tree),
    };
    result
        .and_then(|()| tree.finish())
        .map_err(|cause| named(archive, cause))?;
    if std::fs::symlink_metadata(destination).is_ok() {
        return Err(FileError::writing(destination)(ErrorKind::AlreadyExists).into());
    }
    Ok(rename(&root, destination)?)
}

/// A temporary folder on the same disk as the destination.
fn scratch_beside(destination: &Path) -> Result<tempfile::TempDir, FileError> {
    let parent = folder_of(destination);
    make_folder(parent)?;
    let made = tempfile::Builder::new().prefix(".ampoule-unpack-").tempdir_in(parent);
    made.map_err(FileError::writing(parent))
}

fn named(archive: &Path, cause: Cause) -> Error {
    let archive = archive.to_path_buf();
    match cause {
        Cause::Refused(reason) => Error::Refused { archive, reason },
        Cause::Damaged(reason) => Error::Damaged { archive, reason },
        Cause::File(error) => error.into(),
    }
}
