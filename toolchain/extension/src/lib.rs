//! The stage `extension`: C and C++ sources become an extension module of CPython, as a position-independent side module.
//!
//! A small TOML file describes it ([`Description`]): no build script of the package runs. What the module lacks it imports; the
//! stage `link` resolves that against the interpreter.

mod assembly;
mod build;
mod description;
mod error;
mod included;
mod stage;

pub use build::{Folders, build};
pub use description::{Define, Description};
pub use error::Error;
pub use stage::Extension;
