//! What can go wrong when dependencies are installed.

use std::path::PathBuf;

/// Dependencies that cannot be installed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A text that should be a version of Python is none.
    #[error("`{version}` is no version of Python such as 3.13.9")]
    PythonVersion {
        /// The text.
        version: String,
    },
    /// No lock was given.
    #[error("there is no lock; give one with --pylock or --requirements")]
    NoLock,
    /// A lock cannot be used.
    #[error("{}: {reason}", file.display())]
    Lock {
        /// The lock.
        file: PathBuf,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// A lock has packages that cannot be installed.
    #[error("{} has packages that cannot be installed in a component:\n{reasons}", file.display())]
    Unusable {
        /// The lock.
        file: PathBuf,
        /// A line for each.
        reasons: String,
    },
    /// A wheel that the lock wants was not given.
    #[error("the lock wants {wanted}, and no --wheel has that digest; give the file that the lock names")]
    NotGiven {
        /// The package, and its file where the lock names it.
        wanted: String,
    },
    /// A wheel is not as it must be.
    #[error("{wheel} is not installed: {reason}")]
    Wheel {
        /// The wheel's file name.
        wheel: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A wheel cannot be unpacked.
    #[error(transparent)]
    Unpack(#[from] ampoule_archive::Error),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
}
