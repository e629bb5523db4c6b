//! What can go wrong.

use ampoule_host::{FilesError, HostError};
use std::path::PathBuf;

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
    /// What the SDK's linker wrote cannot be read.
    #[error("the interpreter that wasm-ld has linked cannot be made smaller: {0}; this is a defect of Ampoule")]
    Base(String),
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// A program of the SDK failed.
    #[error(transparent)]
    Tool(#[from] ampoule_sdk::ToolError),
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
