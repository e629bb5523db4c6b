//! What can go wrong around a stage.

use crate::{Digest, StageError};
use std::fmt;
use std::path::{Path, PathBuf};

/// An error of running, recording or caching an action.
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
    /// A file is not what its record says.
    #[error("{} has the digest {found}, and its record says {expected}: it was changed from outside", path.display())]
    Changed {
        /// The file or folder.
        path: PathBuf,
        /// The digest of the record.
        expected: Digest,
        /// The digest that it has.
        found: Digest,
    },
    /// An input of an action was another one when the action had ended.
    #[error("{} was {change} while the stage {stage} ran, which reads it; build again", path.display())]
    ChangedMeanwhile {
        /// The file or folder.
        path: PathBuf,
        /// What was done to it.
        change: Change,
        /// The stage.
        stage: String,
    },
    /// What an action does was another thing when it had ended.
    #[error("what the stage {stage} reads was changed while it ran; build again")]
    DescribedOtherwise {
        /// The stage.
        stage: String,
    },
}

/// What can be done to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there before.
    Added,
    /// It has another content.
    Changed,
    /// It is not there any more.
    Removed,
}

impl fmt::Display for Change {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Change::Added => "added",
            Change::Changed => "changed",
            Change::Removed => "removed",
        })
    }
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
