//! The state of a run, which becomes a module's own: captured from an interpreter, and written back as data and globals.

mod capture;
mod error;
mod rewrite;
mod segments;

pub use capture::{State, capture, stack_is_first, table_contents};
pub use error::Error;
pub use rewrite::{rewrite, rewrite_to};
pub use segments::dense_segments;
