//! What can go wrong between an action and the cache.

use ampoule_action::Digest;
use std::fmt;
use std::path::PathBuf;

/// An error of performing an action through the cache.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The action went wrong.
    #[error(transparent)]
    Action(#[from] ampoule_action::Error),
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
    /// An output or a fetched file that was there is not there any more, or cannot be read; it is made again when it is looked up again.
    #[error("{0}: it was taken from the cache by another process, or is damaged there; build again")]
    Lost(ampoule_action::FileError),
    /// An output of which a prefilled cache has the digest alone is read; its action will be run when it is looked up again.
    #[error("{} is known by its digest, and is not here", .0.display())]
    Absent(PathBuf),
    /// The cache's folder cannot be made.
    #[error("{} cannot be the folder of the cache: {error}; give another one with --cache DIR", folder.display())]
    NoFolder {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// There is no prefilled cache.
    #[error("{} has no prefilled cache: {error}; `ampoule cache export` writes one", folder.display())]
    NotPrefilled {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        error: std::io::Error,
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
