//! What can go wrong when an extension module is built.

use ampoule_sdk::ToolError;
use std::path::PathBuf;

/// An extension module that cannot be built.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The description is not what it should be.
    #[error(transparent)]
    Description(#[from] ampoule_recipe::Error),
    /// The SDK is not complete.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
    /// The compiler or the linker has not done its work.
    #[error("{error}{hint}")]
    Tool {
        /// What it says.
        error: ToolError,
        /// What to do about it, or nothing.
        hint: &'static str,
    },
    /// A source includes a file that is no input of the build.
    #[error("{file} includes {}, which is in neither the source folder, the SDK nor CPython's headers: copy it into the source folder", included.display())]
    Outside {
        /// The source.
        file: String,
        /// What it includes.
        included: PathBuf,
    },
    /// A source's inline assembly may read a file that is no input of the build.
    #[error(
        "{file} has inline assembly with `{directive}`, by which the assembler can read any file: write its content as an array in C"
    )]
    Assembly {
        /// The source.
        file: String,
        /// The directive.
        directive: &'static str,
    },
    /// The description has a library that is none.
    #[error(
        "there is no library {0:?}; give libraries as the paths of archives (.a) in the source folder, of objects compiled with -fPIC"
    )]
    NoLibrary(String),
    /// The C++ libraries are not given.
    #[error(
        "there is no {name} in {}, which sources in C++ need: give the output of ampoule-libcxx{how} (--libcxx DIR)",
        folder.display()
    )]
    NoCxxLibrary {
        /// The file that is not there.
        name: &'static str,
        /// Where it should be.
        folder: PathBuf,
        /// How the libraries are made: with a flag, or none.
        how: &'static str,
    },
    /// The C++ libraries have exceptions, and the module has none.
    #[error(
        "the C++ libraries in {} are made with exceptions, which the description does not ask for: write `exceptions = true` into it, or make \
         the libraries without (ampoule-libcxx)",
        folder.display()
    )]
    WithExceptions {
        /// Where they are.
        folder: PathBuf,
    },
    /// The sources define no function by which Python could initialise the module.
    #[error("{module} has no function `{wanted}`, by which Python initialises it: {found}")]
    NoInitializer {
        /// The module's name.
        module: String,
        /// The function's name.
        wanted: String,
        /// What was found instead, and what to do.
        found: String,
    },
    /// A function is called as if it had other parameters or another result.
    #[error(
        "{module} calls {} with other types than it has, which ends the instance: declare it as it is defined, and compile both with the \
         same macros",
        functions.join(", ")
    )]
    Mismatch {
        /// The module's name.
        module: String,
        /// The functions.
        functions: Vec<String>,
    },
    /// The folder of the sources is not given.
    #[error("an extension in C or C++ needs the folder of its sources: --source DIR")]
    NoSource,
    /// The library of a module in Rust is not given.
    #[error("a description of the kind \"rust\" needs the library that ampoule-cargo makes: --link crate=FILE")]
    NoCrate,
    /// A crate imports what components give only to worlds that name it.
    #[error(
        "{module} imports from the host, which an extension module cannot:{}\nleave those crates out, or their features that need this: `cargo tree \
         --target wasm32-wasip2 --invert CRATE` says who depends on one",
        imports.iter().map(|import| format!("\n  {import}")).collect::<String>()
    )]
    Imports {
        /// The module's name.
        module: String,
        /// The imports, each with the crate that has it.
        imports: Vec<String>,
    },
    /// The linked module cannot be read.
    #[error("the linker wrote a module that cannot be read: {0}")]
    Unreadable(Box<dyn std::error::Error + Send + Sync>),
}
