//! The linker's tests.

mod against_wasm_ld;
mod golden;
mod stable;
mod stage;
