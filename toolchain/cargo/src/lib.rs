//! The stage `cargo`: a crate in Rust becomes a static library, which the stage `extension` links to an extension module of CPython.
//!
//! The crates that it depends on are those of its `Cargo.lock`, given as files. Their build scripts and procedural macros run, in a
//! [sandbox](sandbox) where the system has one: without a network, and with nothing to write but a scratch folder.

mod compile;
mod crates;
mod error;
pub mod sandbox;
mod stage;

pub use error::Error;
pub use stage::Cargo;
