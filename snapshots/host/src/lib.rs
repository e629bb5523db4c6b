//! A deterministic host for core WebAssembly modules that were compiled for wasip2.
//!
//! The modules import the canonical-ABI-lowered functions of WASI 0.2 (`wasi:cli/stdout@0.2.0`, `get-stdout`, ...).
//! This crate answers them from nothing but its [`HostConfiguration`]: a tree of files, arguments, an environment,
//! a seed and two sinks. Clocks are fixed, folders are listed in order, random bytes come from the seed. So the same
//! module with the same configuration always leaves the same memory behind.
//!
//! * [`Command`] runs a program once, from its `main` to its exit.
//! * [`Python`] keeps Ampoule's own interpreter alive and calls its guest API.
//! * [`add_to_linker`] is the layer below, for any other module.

mod command;
mod engine;
mod error;
mod files;
mod guest;
mod handles;
mod host;
mod interfaces;
mod linker;
mod output;
mod python;

pub use command::{Command, Finished, run_command};
pub use engine::{engine, load_precompiled, on_large_stack, precompile, precompiled_name, target};
pub use error::{Exit, HostError};
pub use files::{Files, FilesError, nanoseconds_of};
pub use host::{Host, HostConfiguration};
pub use linker::add_to_linker;
pub use output::{Captured, Sink, discard};
pub use python::{Outcome, Python};
