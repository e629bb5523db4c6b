//! The interpreter that goes into every component.
//!
//! * `guest` compiles the guest runtime, `base` links it with CPython's core into `base.wasm`, which `compact` makes smaller.
//! * `start` runs the base until Python is ready and writes that state back: `initialised.wasm`, also precompiled.
//! * `library` compiles the stdlib with that interpreter and lists what its modules import.

mod base;
mod compact;
mod error;
mod extensions;
mod guest;
mod library;
mod stage;
mod start;

pub use error::Error;
pub use stage::Interpreter;
