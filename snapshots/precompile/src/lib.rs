//! Compiles a side module for the machine that builds, once, so that no snapshot of an app with it does that again.

mod stage;

pub use stage::{Precompile, file_name};
