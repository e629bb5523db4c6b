//! What can go wrong in a comparison.

use std::path::PathBuf;

/// An error of a comparison.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The app's pyproject.toml does not say how to build it.
    #[error("{} does not say how to build the app: {reason}", path.display())]
    App {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// A command failed.
    #[error("`{command}` failed:\n{output}")]
    Command {
        /// The command line.
        command: String,
        /// What it printed.
        output: String,
    },
    /// A component could not be compiled or called.
    #[error("cannot run the component of {builder}: {error:#}")]
    Component {
        /// Whose it is.
        builder: String,
        /// Wasmtime's error.
        error: wasmtime::Error,
    },
}

impl Error {
    /// A command that cannot be started.
    pub fn start(command: &str) -> impl FnOnce(std::io::Error) -> Error {
        move |error| Error::Command {
            command: command.to_string(),
            output: error.to_string(),
        }
    }

    /// A component that cannot be run.
    pub fn component(builder: &str) -> impl Fn(wasmtime::Error) -> Error {
        move |error| Error::Component {
            builder: builder.to_string(),
            error,
        }
    }
}
