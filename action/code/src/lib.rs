//! Digests the source of a stage when it is built.
//!
//! An action's key holds a digest of the code that runs, so that a changed stage never answers with an older one's outputs.
//! A stage's `build.rs` calls [`emit`]; the stage reads the digest back through `env!("AMPOULE_CODE_DIGEST")`.
//!
//! The edges of crates are thus the edges of the cache: a change reaches the keys of those stages alone whose [`Closure`] holds
//! the changed crate. What is wrong with a manifest or with `Cargo.lock` is a panic, as a build script must.

mod digest;
mod lock;
mod manifest;
mod workspace;

pub use lock::Package;
pub use workspace::{Closure, Workspace};

use std::path::PathBuf;

/// Tells cargo the digest of the calling crate's source as the variable `AMPOULE_CODE_DIGEST`.
///
/// # Panics
/// When cargo's environment or the source is not there.
pub fn emit() {
    let folder = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let workspace = Workspace::around(&folder);
    let closure = workspace.closure(&folder);
    for path in workspace.sources(&closure) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
    println!("cargo::rustc-env=AMPOULE_CODE_DIGEST={}", workspace.digest(&closure));
}
