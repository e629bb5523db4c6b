//! The stage `extension`: C and C++ sources, or the library of a crate in Rust, become an extension module of CPython, as a position-independent
//! side module.
//!
//! A small TOML file describes it, or a recipe does ([`ampoule_recipe::Description`]): no build script of the package runs. What the module lacks it imports; the
//! stage `link` resolves that against the interpreter.

mod assembly;
mod build;
mod error;
mod included;
mod rust;
mod stage;
mod wasi;

pub use build::{Build, CRATE, Folders};
pub use error::Error;
pub use stage::Extension;
