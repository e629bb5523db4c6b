//! What can go wrong with an SDK.

use std::path::{Path, PathBuf};

/// An error of making or opening an SDK.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder that is not an SDK.
    #[error(
        "{} is no WASI SDK: {what} ({}) is not there; give the output of ampoule-sdk or an unpacked wasi-sdk release",
        sdk.display(),
        missing.strip_prefix(sdk).unwrap_or(missing).display()
    )]
    Incomplete {
        /// The folder that was opened.
        sdk: PathBuf,
        /// The path that is not there.
        missing: PathBuf,
        /// What should be at that path.
        what: &'static str,
    },
    /// A file could not be read.
    #[error("cannot read {}: {error}", path.display())]
    Reading {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
}

impl Error {
    pub(crate) fn reading(path: &Path, error: std::io::Error) -> Error {
        Error::Reading {
            path: path.to_path_buf(),
            error,
        }
    }
}
