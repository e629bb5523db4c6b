//! The stage `libcxx`: libc++ and libc++abi, which only extension modules in C++ need, compiled from the sources in clang's own package.
//!
//! The code is position-independent, so that it serves static programs and side modules alike. Without exceptions it is as in wasi-sdk;
//! with them, libunwind is beside it, and a function that says what nothing has caught. The headers are in the SDK.

mod build;
mod error;
mod library;
mod stage;

pub use error::Error;
pub use stage::{ARCHIVES, MakeLibcxx};
