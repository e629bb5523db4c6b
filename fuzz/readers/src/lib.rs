//! Whatever reads a file, on any bytes: a result or an error, never a panic.
//!
//! `fuzz/` has a target of cargo-fuzz for each; the tests give each a fixed set of [`mutated`] samples.

mod mutate;
mod read;

pub use mutate::mutated;
pub use read::{Reader, read};
