//! What can go wrong when sources are prepared.

use std::path::PathBuf;

/// Sources that cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The recipe cannot be used.
    #[error(transparent)]
    Recipe(#[from] ampoule_recipe::Error),
    /// An archive is not given, or cannot be unpacked.
    #[error(transparent)]
    Archive(#[from] ampoule_archive::Error),
    /// A file is not as a patch of the recipe expects it.
    #[error("{}: the patch of {path} ({reason}) does not fit: its text is there {found} times, and must be there once", recipe.display())]
    Patch {
        /// The recipe.
        recipe: PathBuf,
        /// The file.
        path: String,
        /// What the patch is for.
        reason: String,
        /// How often its text was found.
        found: usize,
    },
    /// The recipe generates sources, and nothing was given that runs its steps.
    #[error("{} has steps in `generate`, which need --generator", recipe.display())]
    NoGenerator {
        /// The recipe.
        recipe: PathBuf,
    },
    /// What was given for the generator is something else.
    #[error("{} is not the output of `precompile`, which is a folder with one file", folder.display())]
    Generator {
        /// The folder.
        folder: PathBuf,
    },
    /// The headers of a package that the recipe needs were not given.
    #[error("the recipe needs the headers of {package}: give them with --needed {package}=DIR")]
    NotGiven {
        /// The package.
        package: String,
    },
    /// The headers of a package have no place.
    #[error("the sources have a folder {package} of their own, where the headers of that package would be")]
    Taken {
        /// The package.
        package: String,
    },
    /// A step failed.
    #[error("{step} failed:\n{output}")]
    Step {
        /// What was run.
        step: String,
        /// What it printed.
        output: String,
    },
    /// A step wrote where nothing is taken from.
    #[error("{step} wrote {path}, which is not in the sources")]
    Outside {
        /// What was run.
        step: String,
        /// The path.
        path: String,
    },
    /// The files of the host cannot be had.
    #[error(transparent)]
    Files(#[from] ampoule_host::FilesError),
    /// The generator cannot be run.
    #[error("the generator: {0}")]
    Host(#[from] ampoule_host::HostError),
}
