//! What can go wrong with pins and downloads.

use crate::Platform;
use ampoule_action::Digest;
use std::path::PathBuf;

/// An error of fetching.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// A file that should hold pins does not.
    #[error("{} is not a list of pins: {reason}", path.display())]
    InvalidPins {
        /// The file.
        path: PathBuf,
        /// What is wrong, with the line.
        reason: String,
    },
    /// A pin that is asked for is not there.
    #[error("there is no pin named {name}; the pins are {}", known.join(", "))]
    UnknownPin {
        /// The name that was asked for.
        name: String,
        /// The names that are there.
        known: Vec<String>,
    },
    /// An input does not exist for this machine.
    #[error("{name} is not pinned for {platform}; it is for {}", known.join(", "))]
    NoFileForPlatform {
        /// The pin.
        name: String,
        /// The machine.
        platform: Platform,
        /// The platforms that it is pinned for.
        known: Vec<String>,
    },
    /// Files that are not there, with the network switched off.
    #[error(
        "{} of the pinned files {} not in {}, and --offline forbids to fetch {}:\n{}\nrun `ampoule fetch` with a network, or \
         put the files into a folder and pass it with --mirror PATH",
        missing.len(),
        if missing.len() == 1 { "is" } else { "are" },
        folder.display(),
        if missing.len() == 1 { "it" } else { "them" },
        list(missing)
    )]
    Missing {
        /// The folder of fetched files.
        folder: PathBuf,
        /// The files.
        missing: Vec<MissingFile>,
    },
    /// A lock of crates cannot be used.
    #[error("{}: {reason}", lock.display())]
    CrateLock {
        /// The lock.
        lock: PathBuf,
        /// Why.
        reason: String,
    },
    /// Crates could not be downloaded.
    #[error(
        "cannot fetch {count} crates: {reason}\nwithout a network, put the .crate files into a folder and pass it with --mirror DIR"
    )]
    NoCrates {
        /// How many there are.
        count: usize,
        /// What cargo said.
        reason: String,
    },
    /// The files of a project could not be learnt.
    #[error("cannot learn which files of {project} there are: {reason}")]
    NotListed {
        /// The project.
        project: String,
        /// The reason.
        reason: String,
    },
    /// Files that no source gave.
    #[error("{}", list(failed))]
    NotFetched {
        /// What was tried for each.
        failed: Vec<FailedFile>,
    },
}

/// A pinned file that is not there.
#[derive(Clone, Debug, thiserror::Error)]
#[error("  {name}: {file}{}, {digest}\n    from {}", size.map(|size| format!(", {size} bytes")).unwrap_or_default(), sources.join("\n      or "))]
pub struct MissingFile {
    /// The pin.
    pub name: String,
    /// The file.
    pub file: String,
    /// Its size in bytes, if it is known.
    pub size: Option<u64>,
    /// Its digest.
    pub digest: Digest,
    /// Where it comes from.
    pub sources: Vec<String>,
}

/// A pinned file that no source gave.
#[derive(Clone, Debug, thiserror::Error)]
#[error(
    "cannot fetch {name} ({file}):\n{}\n  if you have it, put it into a folder and pass that with --mirror DIR",
    list(attempts)
)]
pub struct FailedFile {
    /// The pin.
    pub name: String,
    /// The file.
    pub file: String,
    /// What was tried.
    pub attempts: Vec<FailedAttempt>,
}

/// One source that did not give a file.
#[derive(Clone, Debug, thiserror::Error)]
#[error("  {source_name}: {reason}")]
pub struct FailedAttempt {
    /// The source.
    pub source_name: String,
    /// Why not.
    pub reason: String,
}

fn list<T: ToString>(items: &[T]) -> String {
    let lines: Vec<String> = items.iter().map(T::to_string).collect();
    lines.join("\n")
}
