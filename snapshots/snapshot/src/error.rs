//! What can go wrong while an app is imported.

use ampoule_host::{FilesError, HostError};
use std::path::PathBuf;

/// An error of the snapshot.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The layout is not one that `ampoule-link` wrote.
    #[error("{} is not a layout of this version of ampoule-link: {error}", path.display())]
    Layout {
        /// The file.
        path: PathBuf,
        /// Where it goes wrong.
        error: serde_json::Error,
    },
    /// The extension modules cannot be listed.
    #[error(transparent)]
    Extensions(ampoule_action::StageError),
    /// The files of the image do not fit together.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The host or the program failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The app failed; Python has shown the details.
    #[error("{0}")]
    App(String),
    /// The build's own Python code failed; Python has shown the details.
    #[error(
        "Ampoule's own part in the interpreter failed while it was {0}; what it printed is above. If the app replaces something \
         of Python itself, have it do so in a function that an export calls; otherwise please report this"
    )]
    Interpreter(&'static str),
    /// The layout speaks of a module that was not given, or the reverse.
    #[error("the layout and the modules differ: {0}; link again with the same modules in the same order")]
    Modules(String),
    /// A side module does not run at its place in the layout.
    #[error("the side module {name} cannot be run: {source:#}")]
    SideModule {
        /// Its name.
        name: String,
        /// What is wrong.
        source: wasmtime::Error,
    },
    /// The state cannot be captured or written back.
    #[error(transparent)]
    State(#[from] ampoule_state::Error),
    /// The linked module's own run left something else than the split run.
    #[error("the linked module and its parts do not agree: {0}; please report this")]
    Differs(String),
}
