//! What can go wrong while CPython is compiled.

use std::path::PathBuf;

/// An error of the `cpython` stage.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Sources that are not given.
    #[error(transparent)]
    Archives(#[from] ampoule_archive::Error),
    /// A source could not be unpacked.
    #[error("the source {name} at {path} could not be unpacked", path = path.display())]
    Unpack {
        /// Which of the sources.
        name: String,
        /// The archive.
        path: PathBuf,
        /// The reason.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A source lacks a file that the manifest names.
    #[error(
        "the file {file} is not in the sources: the manifest is for CPython {version}; give the archives that toolchain/pins.json names"
    )]
    MissingSource {
        /// The file, below the work folder.
        file: String,
        /// The version that the manifest is for.
        version: String,
    },
    /// A source is not what the manifest's change to it expects.
    #[error(
        "the text `{text}`, which the manifest replaces, is not in {file} once: the manifest is for CPython {version}; give the archives that toolchain/pins.json names"
    )]
    Edit {
        /// The file, below the work folder.
        file: String,
        /// The text.
        text: String,
        /// The version that the manifest is for.
        version: String,
    },
    /// A file or folder could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// A program of the SDK has not done its work.
    #[error(transparent)]
    Tool(#[from] ampoule_sdk::ToolError),
    /// The freezer failed.
    #[error("freezing the module {module} failed:\n{output}")]
    Freeze {
        /// The module.
        module: String,
        /// What the freezer printed.
        output: String,
    },
    /// The freezer could not be run.
    #[error("the freezer could not be run")]
    Host(#[from] ampoule_host::HostError),
    /// The freezer's files could not be laid out.
    #[error("the freezer's files could not be laid out")]
    Files(#[from] ampoule_host::FilesError),
    /// A file that the linker wrote is not what it should be.
    #[error("{path} is not a well-formed module", path = path.display())]
    Module {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: wasmparser::BinaryReaderError,
    },
    /// Modules use names that neither the core nor the C library has.
    #[error("names that neither the core nor the C library defines are used:\n{list}")]
    Unresolved {
        /// A line for each name, with the modules that use it.
        list: String,
    },
    /// The file has no comment to take the licence from.
    #[error("{file} does not begin with a comment, from which its licence is taken")]
    NoLicence {
        /// The file, below the work folder.
        file: String,
    },
    /// The SDK could not be used.
    #[error("the SDK cannot be used")]
    Sdk(#[from] ampoule_sdk::Error),
}
