//! What can go wrong around a stage.

use crate::StageError;
use std::path::{Path, PathBuf};

/// A file or folder that could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// A file or folder could not be read.
    #[error("cannot read {}: {error}", path.display())]
    Reading {
        /// What was to be read.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write {}: {error}", path.display())]
    Writing {
        /// What was to be written.
        path: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
}

impl FileError {
    /// For `map_err` where a path is read.
    pub fn reading<E: Into<std::io::Error>>(path: &Path) -> impl FnOnce(E) -> FileError {
        move |error| FileError::Reading {
            path: path.to_path_buf(),
            error: error.into(),
        }
    }

    /// For `map_err` where a path is written.
    pub fn writing<E: Into<std::io::Error>>(path: &Path) -> impl FnOnce(E) -> FileError {
        move |error| FileError::Writing {
            path: path.to_path_buf(),
            error: error.into(),
        }
    }
}

/// An error of running or recording an action.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] FileError),
    /// A stage failed.
    #[error(transparent)]
    Stage(#[from] StageError),
    /// A stage ended well and left out one of its outputs.
    #[error("the stage {stage} did not write its output {output}; this is a defect of Ampoule")]
    MissingOutput {
        /// The stage.
        stage: String,
        /// The name of the output.
        output: String,
    },
}
