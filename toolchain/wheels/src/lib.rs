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

pub use ampoule_native::normalised;
pub use environment::{Environment, is_within};
pub use error::Error;
pub use install::{Installed, install};
pub use lock::{Files, LIMIT, Lock, LockFormat, LockedFile, Package, Place};
pub use name::WheelName;
pub use stage::Wheels;
