//! What can go wrong with an archive.

use std::path::PathBuf;

/// An error of unpacking.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// A stage has not the archives that it needs.
    #[error("the archive {name} {problem}; --archive is needed for {}", needed.join(", "))]
    Given {
        /// The name of the archive.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
        /// The names of those that are needed.
        needed: Vec<String>,
    },
    /// An archive holds something that is refused.
    #[error("{} is not unpacked: {reason}", archive.display())]
    Refused {
        /// The archive.
        archive: PathBuf,
        /// What it holds.
        reason: String,
    },
    /// An archive cannot be read to its end.
    #[error("{} is damaged: {reason}", archive.display())]
    Damaged {
        /// The archive.
        archive: PathBuf,
        /// What the reader says.
        reason: String,
    },
}
