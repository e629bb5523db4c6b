//! What can go wrong with Rust's compiler.

use std::path::PathBuf;

/// An error of putting Rust's compiler together, or of taking it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// A package could not be unpacked.
    #[error(transparent)]
    Unpacking(#[from] ampoule_archive::Error),
    /// Two packages have a file of the same path.
    #[error("{} is in more than one of the packages", .0.display())]
    Twice(PathBuf),
    /// Something is in none of the packages.
    #[error("none of the packages has {0}; give those that the pins name (ampoule-fetch)")]
    PartMissing(String),
    /// A folder is not what the stage makes.
    #[error("{} has no {}: give the output of ampoule-rust", tree.display(), missing.display())]
    Incomplete {
        /// The folder.
        tree: PathBuf,
        /// What it lacks.
        missing: PathBuf,
    },
    /// No Rust is there for this machine.
    #[error("Rust is pinned for Linux and macOS on x86_64 and aarch64, and this is {0}")]
    Platform(String),
}
