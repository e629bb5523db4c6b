//! What can go wrong with the C++ libraries.

use std::path::PathBuf;

/// An error of making the C++ libraries.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The package could not be unpacked.
    #[error(transparent)]
    Unpacking(#[from] ampoule_archive::Error),
    /// The SDK is not complete.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
    /// A package that is not the one with the sources.
    #[error("{} has no {path}; fetch the package that the pins name with ampoule-fetch", archive.display())]
    PartMissing {
        /// The package.
        archive: PathBuf,
        /// The path that it lacks.
        path: &'static str,
    },
    /// The SDK's headers are those of another version.
    #[error(
        "the headers of libc++ in {} are not those of its sources in {}: take the SDK that the stage sdk makes, or the C++ libraries that came with this one",
        sdk.display(),
        archive.display()
    )]
    OtherVersion {
        /// The SDK.
        sdk: PathBuf,
        /// The package with the sources.
        archive: PathBuf,
    },
    /// A source does not compile.
    #[error(transparent)]
    Tool(#[from] ampoule_sdk::ToolError),
}
