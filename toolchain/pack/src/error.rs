//! What can go wrong when a wheel is made.

use std::path::PathBuf;

/// A wheel that cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The recipe cannot be used.
    #[error(transparent)]
    Recipe(#[from] ampoule_recipe::Error),
    /// The sources do not say what package they are.
    #[error("{} names no {field}; a source distribution has it (PyPA, \"Core metadata specifications\")", file.display())]
    Metadata {
        /// The file.
        file: PathBuf,
        /// The missing field.
        field: &'static str,
    },
    /// The sources are of another package than the recipe.
    #[error("{} is of {found}, and the recipe is for {expected}", file.display())]
    Package {
        /// The file of the metadata.
        file: PathBuf,
        /// The package that it names.
        found: String,
        /// The package of the recipe.
        expected: String,
    },
    /// A module of the recipe was not given, or one was given that the recipe does not have.
    #[error("the recipe has the modules {expected}, and {given} were given")]
    Modules {
        /// Those of the recipe.
        expected: String,
        /// Those that were given.
        given: String,
    },
    /// A pattern of the recipe fits no file.
    #[error("the recipe installs {pattern}, and no file of the sources is that")]
    NoFile {
        /// The folder and the patterns.
        pattern: String,
    },
    /// The archive cannot be written.
    #[error("the wheel cannot be written: {0}")]
    Zip(#[from] zip::result::ZipError),
    /// The list of files cannot be written.
    #[error("RECORD cannot be written: {0}")]
    Record(String),
    /// A folder cannot be listed.
    #[error("the sources cannot be listed: {0}")]
    Walk(#[from] walkdir::Error),
}
