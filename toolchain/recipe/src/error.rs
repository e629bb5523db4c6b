//! What can go wrong when a recipe or a description is read.

use std::path::PathBuf;

/// A recipe or a description that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// It is not what it should be.
    #[error("{}: {reason}", file.display())]
    Invalid {
        /// The file.
        file: PathBuf,
        /// What is wrong, and how it should be.
        reason: String,
    },
}
