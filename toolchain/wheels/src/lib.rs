//! The stage `wheels`: the locked wheels of a project's dependencies become a folder of the Python path.
//!
//! A [`Lock`] is a `pylock.toml` (PEP 751) or a requirements file with hashes. Which of its packages are installed follows from their
//! markers for the interpreter in a component ([`Environment`]); every file of a wheel is checked against the wheel's own record.
//! Nothing of a wheel is run.

mod environment;
mod error;
mod install;
mod lock;
mod marker;
mod name;
mod record;
mod stage;

pub use environment::Environment;
pub use error::Error;
pub use install::{Installed, install};
pub use lock::{DEPENDENCIES, Files, Format, Lock, LockedWheel, Package, Place};
pub use name::WheelName;
pub use stage::Wheels;

/// A distribution's name as indexes have it: lower case, with a hyphen for each run of hyphens, underscores and dots (PEP 503).
pub fn normalised(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}
