//! Recipes: how a package with native code is built from its source distribution, as data.
//!
//! A [`Recipe`] is a TOML file. It says which other sources there are, what is changed, written and generated in them
//! (the stage `prepare` does that), how the modules are compiled (the stage `extension`, once for each [`Description`]), and
//! which Python files belong to the package (the stage `pack`). Nothing of the package's own build system runs. The small form
//! is a [`Description`] alone: an extension module of a project's own.

mod description;
mod error;
mod headers;
mod inside;
mod prepare;
mod python;
mod recipe;

pub use description::{Define, Description, Kind, Language, UnitFlags, is_archive};
pub use error::Error;
pub use headers::{Headers, Need};
pub use inside::below;
pub use prepare::{OtherSource, Patch, Step};
pub use python::{Pattern, PythonFiles};
pub use recipe::{Compile, LockedCrate, Recipe, SourceDistribution};
