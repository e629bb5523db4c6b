//! The C and C++ toolchain: an SDK in wasi-sdk's layout, put together from pinned parts, and the way to use one.

mod cxx;
mod error;
mod parts;
mod stage;
mod tool;
mod tree;
mod wrappers;

pub use error::Error;
pub use parts::ARCHIVES;
pub use stage::MakeSdk;
pub use tool::{Tool, ToolError, output_of, run};
pub use tree::{Sdk, Target};

/// The flags for C++ that throws and catches: by the instructions of WebAssembly 3.0, not those that hosts had before; types are compared by
/// their names, as each side module has its own copy of what describes them.
pub const EXCEPTIONS: [&str; 4] = [
    "-D_LIBCPP_TYPEINFO_COMPARISON_IMPLEMENTATION=2",
    "-fwasm-exceptions",
    "-mllvm",
    "-wasm-use-legacy-eh=false",
];

/// The flags for C with setjmp and longjmp, which are made of exceptions.
pub const LONG_JUMPS: [&str; 4] = ["-mllvm", "-wasm-enable-sjlj", "-mllvm", "-wasm-use-legacy-eh=false"];

/// The file name of the program that is clang, wasm-ld and ar in one.
pub(crate) const COMBINED_PROGRAM: &str = "zig";
