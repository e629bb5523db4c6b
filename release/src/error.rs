//! What can go wrong when a release is made.

use std::path::PathBuf;

/// A step that failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The workspace is another one.
    #[error("{}: the workspace there has no package `ampoule`; give the folder of Ampoule's source with --source", .0.display())]
    NoDriver(PathBuf),
    /// A program could not be started, or its output could not be read.
    #[error("cannot run {program}: {error}; a release needs git, Rust and a C compiler on the PATH")]
    Start {
        /// The program.
        program: String,
        /// The reason.
        error: std::io::Error,
    },
    /// Rust is not there, or the crates are not.
    #[error("{0}; a release needs Rust on the PATH, and crates as cargo is set up to fetch them")]
    Environment(std::io::Error),
    /// A program ended with an error.
    #[error("{program} failed ({status}); what it printed above says why")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
    },
    /// A program of the release tells where it was built.
    #[error("{} holds the path {path}, which is of this machine only; find what puts it there and have it remapped", program.display())]
    HostPath {
        /// The program.
        program: PathBuf,
        /// The path.
        path: String,
    },
    /// Two releases from the same source differ.
    #[error("the second release differs from the first in {}; look at what the two hold with `diffoscope`", names.join(", "))]
    Differs {
        /// The files.
        names: Vec<String>,
    },
    /// A release is not what it says of itself.
    #[error("this is not the release that was made:\n  {}\nfetch it again, and tell whoever published it if that does not help", wrong.join("\n  "))]
    Untrue {
        /// What is wrong.
        wrong: Vec<String>,
    },
    /// A folder has no release.
    #[error("{} has no archive of this version's tools: give the folder that `ampoule-release make` has written", .0.display())]
    NotRelease(PathBuf),
    /// There is no wheel for a platform.
    #[error(
        "pip has no name for {0}, for which a wheel could be made: make it on Linux or macOS, on x86_64 or aarch64"
    )]
    NoPlatform(String),
    /// There is something where the release is to go.
    #[error("{} is there already; remove it, or give another folder with --output", .0.display())]
    OutputExists(PathBuf),
    /// The pins are not as they must be.
    #[error(transparent)]
    Pins(#[from] ampoule_fetch::Error),
    /// The bill of materials cannot be made.
    #[error(transparent)]
    Attestation(#[from] ampoule_attestation::Error),
}

impl Error {
    /// A program that could not be started or understood.
    pub(crate) fn start(program: &str, error: std::io::Error) -> Error {
        Error::Start {
            program: program.to_string(),
            error,
        }
    }
}
