//! What can go wrong around a stage.

use crate::StageError;
use std::path::{Path, PathBuf};

/// An error of running or recording an action.
#[derive(Debug, thiserror::Error)]
pub enum Error {
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

impl Error {
    /// A path that cannot be read.
    pub fn reading(path: &Path, error: std::io::Error) -> Error {
        Error::Reading {
            path: path.to_path_buf(),
            error,
        }
    }

    /// A path that cannot be written.
    pub fn writing(path: &Path, error: std::io::Error) -> Error {
        Error::Writing {
            path: path.to_path_buf(),
            error,
        }
    }
}
