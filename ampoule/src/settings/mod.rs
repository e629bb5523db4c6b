//! `[tool.ampoule]` of a project file: the keys of the stages, which the crate `ampoule-settings` has, and the driver's own.

mod budget;
mod driver;
mod keys;
mod read;

pub use budget::{Budget, Bytes};
pub use driver::{Archive, DriverSettings, ExtensionSettings, HashSeed, HashSeedSettings};
pub use keys::{Part, parts, schema};
pub use read::{ProjectFile, Settings};
