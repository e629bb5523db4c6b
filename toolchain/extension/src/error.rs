//! What can go wrong when an extension module is built.

use std::path::PathBuf;

/// An extension module that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The path.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// The description is not what it should be.
    #[error("{}: {reason}", file.display())]
    Description {
        /// The file.
        file: PathBuf,
        /// What is wrong, and how it should be.
        reason: String,
    },
    /// The SDK is not complete.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
    /// A program of the SDK cannot be started.
    #[error("cannot start {}: {error}", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// The compiler or the linker refuses its input.
    #[error("{what} failed:\n{output}{hint}")]
    Tool {
        /// What was being done.
        what: String,
        /// What the program printed.
        output: String,
        /// What to do about it, or nothing.
        hint: &'static str,
    },
    /// The sources define no function by which Python could initialise the module.
    #[error("{module} has no function `{wanted}`, by which Python initialises it: {found}")]
    NoInitializer {
        /// The module's name.
        module: String,
        /// The function's name.
        wanted: String,
        /// What was found instead, and what to do.
        found: String,
    },
    /// The linked module cannot be read.
    #[error("the linker wrote a module that cannot be read: {0}")]
    Unreadable(wasmparser::Error),
}
