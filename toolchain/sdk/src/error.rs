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
    /// A file could not be written.
    #[error("cannot write {}: {error}", path.display())]
    Writing {
        /// The file.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// A package could not be unpacked.
    #[error(transparent)]
    Unpacking(#[from] ampoule_archive::Error),
    /// A package without a file that the SDK needs.
    #[error("{} has no {path}; fetch the package that the pins name with ampoule-fetch", archive.display())]
    PartMissing {
        /// The package.
        archive: PathBuf,
        /// The path that it lacks.
        path: String,
    },
    /// The compiler cannot be started.
    #[error("cannot run {}: {error}; the package of clang must be the one for this machine", program.display())]
    Running {
        /// The compiler.
        program: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// The compiler does not say where its own headers belong.
    #[error("{} does not tell the folder of its headers: {message}", program.display())]
    NoVersion {
        /// The compiler.
        program: PathBuf,
        /// What it says.
        message: String,
    },
    /// A part of libc++ does not compile.
    #[error("cannot compile {what} of libc++:\n{message}")]
    Compiling {
        /// The source or the archive.
        what: String,
        /// What the compiler says.
        message: String,
    },
}

impl Error {
    pub(crate) fn writing(path: &Path, error: std::io::Error) -> Error {
        Error::Writing {
            path: path.to_path_buf(),
            error,
        }
    }

    pub(crate) fn reading(path: &Path, error: std::io::Error) -> Error {
        Error::Reading {
            path: path.to_path_buf(),
            error,
        }
    }
}
