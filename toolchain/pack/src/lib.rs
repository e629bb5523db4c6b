//! The stage `pack`: compiled modules and the Python files of their package become a wheel (PyPA, "Binary distribution format").
//!
//! Its tags are those of the interpreter in components ([`ampoule_image::WHEEL_TAGS`]). METADATA and licences come from the source
//! distribution; `ampoule.json` beside them says what the modules were compiled with, and what they import.

mod archive;
mod error;
mod files;
mod metadata;
mod stage;

pub use error::Error;
pub use stage::Pack;
