//! What can go wrong.

use std::path::PathBuf;

/// An error of the stage `web`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is asked for.
    #[error("there is nothing to do: give --wsgi, --asgi or --http-client")]
    Nothing,
    /// Paths for an application that is not there.
    #[error("`warm-up` has paths for an application, and there is none: give `wsgi` or `asgi`")]
    NothingToWarmUp,
    /// Two applications.
    #[error("a component serves one application: give either `wsgi` or `asgi`")]
    Both,
    /// A version of `wasi:http` that an application of WSGI cannot have.
    #[error("an application of WSGI is served by wasi:http 0.2; leave out `wasi-http`, or give an application of ASGI")]
    OnlyAsgi,
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// An archive could not be unpacked.
    #[error(transparent)]
    Archive(#[from] ampoule_archive::Error),
    /// An archive without WASI's WIT.
    #[error("{} has no {folder}; fetch the crate that the pins name with ampoule-fetch", archive.display())]
    NoWit {
        /// The archive.
        archive: PathBuf,
        /// The folder that it lacks.
        folder: &'static str,
    },
}
