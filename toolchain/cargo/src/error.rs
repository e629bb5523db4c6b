//! What can go wrong when a crate is compiled.

use std::path::PathBuf;

/// A crate that cannot be compiled.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file or folder cannot be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The description is not what it should be.
    #[error(transparent)]
    Description(#[from] ampoule_recipe::Error),
    /// The description is of an extension in C or C++.
    #[error("{} has no `kind = \"rust\"`: ampoule-extension compiles what is in C or C++", .0.display())]
    NotRust(PathBuf),
    /// A crate cannot be unpacked.
    #[error(transparent)]
    Unpacking(#[from] ampoule_archive::Error),
    /// The SDK is not complete.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
    /// Rust's compiler is not complete.
    #[error(transparent)]
    Rust(#[from] ampoule_rust::Error),
    /// There is no manifest where the description says.
    #[error("there is no {}: `manifest` in the description names the crate's Cargo.toml, relative to the source folder", .0.display())]
    NoManifest(PathBuf),
    /// A manifest cannot be read.
    #[error("{}: {error}", file.display())]
    Manifest {
        /// The manifest.
        file: PathBuf,
        /// The reason.
        error: Box<toml::de::Error>,
    },
    /// There is no lock.
    #[error(
        "{} has no Cargo.lock, by which the crates are pinned: make one with `cargo generate-lockfile` there, or name one by `lock` in the description",
        .0.display()
    )]
    NoLock(PathBuf),
    /// The sandbox could not be made.
    #[error("cannot confine cargo: {0}")]
    Sandbox(String),
    /// cargo cannot be started.
    #[error("cannot start {}: {error}; the tree must be made for this machine (ampoule-rust)", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// cargo has not done its work.
    #[error("compiling {name} failed:\n{output}{hint}")]
    Failed {
        /// The extension module.
        name: String,
        /// What cargo said.
        output: String,
        /// What to do about it, or nothing.
        hint: &'static str,
    },
    /// The library tells where it was compiled.
    #[error(
        "{0} has in it the path of the folder in which it was compiled, which would be another one elsewhere: a crate uses env!(\"CARGO_MANIFEST_DIR\") \
         or env!(\"OUT_DIR\") in its code, beyond what `include` takes in"
    )]
    Path(String),
    /// cargo made another number of libraries than one.
    #[error("{} makes {count} static libraries, not one: `manifest` must name a package with a library", manifest.display())]
    Libraries {
        /// The manifest.
        manifest: PathBuf,
        /// How many there are.
        count: usize,
    },
}
