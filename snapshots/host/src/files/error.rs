//! Why a tree could not be made, or not be read.

use std::path::Path;

/// Why a tree could not be made, or not be read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file or folder of the disk cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// Where it is on the disk.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A name that is not text.
    #[error("{0} has a name that is not UTF-8; rename it")]
    Name(String),
    /// A path of the tree is a file, and a folder at the same time.
    #[error("{0} cannot be both a file and a folder")]
    Conflict(String),
}

pub(super) fn read_error(path: &Path, source: std::io::Error) -> FilesError {
    FilesError::Read {
        path: path.display().to_string(),
        source,
    }
}

pub(super) fn walk_error(folder: &Path, error: walkdir::Error) -> FilesError {
    let path = error.path().unwrap_or(folder).to_owned();
    read_error(&path, error.into())
}
