//! Web applications and HTTP clients of Python, which know nothing of `wasi:http`: a Python package with WIT of its own that stands
//! between (`python/ampoule_web`), and the app that the host calls.

mod app;
mod error;
mod stage;

pub use app::{APP_MODULE, World};
pub use error::Error;
pub use stage::{ARCHIVES, Web};

/// The Python package, and that of its WIT (see [`Web`]).
pub const PACKAGE: &str = "ampoule_web";
