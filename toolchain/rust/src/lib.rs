//! The stage `rust`: Rust's compiler and cargo, with the libraries of their own system, a linker for what runs while crates are compiled, and
//! the standard library for both sides. Only extension modules in Rust need it.
//!
//! The tree has the pinned packages as they are: the Rust project's archives in `rust`, packages of Debian in `system`, clang's in `zig`;
//! and in `bin` the programs that run them, from wherever the tree is.

mod error;
mod merge;
mod programs;
mod stage;
mod tree;

pub use error::Error;
pub use programs::TARGET;
pub use stage::MakeRust;
pub use tree::Rust;
