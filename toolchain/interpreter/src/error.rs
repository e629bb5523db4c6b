//! What can go wrong.

use ampoule_host::{FilesError, HostError};
use std::io;
use std::path::{Path, PathBuf};

/// Why an interpreter could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// An input lacks something.
    #[error("{path}: {reason}; give --cpython the output of the cpython stage", path = .path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A file cannot be read.
    #[error("{path} cannot be read", path = .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file cannot be written.
    #[error("{path} cannot be written", path = .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program of the SDK cannot be started.
    #[error("{program} of the SDK cannot be started", program = .program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A program of the SDK failed.
    #[error("{what} failed:\n{output}")]
    Tool {
        /// What it did.
        what: String,
        /// What it printed.
        output: String,
    },
    /// The interpreter failed.
    #[error("{what}:\n{output}")]
    Python {
        /// What it did.
        what: &'static str,
        /// What it printed.
        output: String,
    },
    /// The SDK is not one.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
    /// The image of the stdlib.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The host that the interpreter ran in.
    #[error("the interpreter cannot be run")]
    Host(#[from] HostError),
    /// The capture of its state.
    #[error("the interpreter's state cannot be written back")]
    State(#[from] ampoule_state::Error),
}

impl Error {
    pub(crate) fn reading(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Read { path, source }
    }

    pub(crate) fn writing(path: &Path) -> impl FnOnce(io::Error) -> Error {
        let path = path.to_path_buf();
        move |source| Error::Write { path, source }
    }
}
