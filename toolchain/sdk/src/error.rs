//! What can go wrong with an SDK.

use std::path::PathBuf;

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
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
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
    /// The compiler does not say where its own headers belong.
    #[error("{} does not tell the folder of its headers: {message}", program.display())]
    NoVersion {
        /// The compiler.
        program: PathBuf,
        /// What it says.
        message: String,
    },
    /// The compiler is for another machine.
    #[error(transparent)]
    Tool(#[from] crate::ToolError),
}
