//! The commands of `ampoule`, a file for each: its flags, and what it does.

pub mod bindings;
pub mod build;
pub mod cache;
pub mod componentize;
pub mod explain;
pub mod fetch;
pub mod new;
mod python_flags;
pub mod toolchain;
pub mod verify;
