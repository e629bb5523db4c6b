//! What a link and a snapshot say to each other: the side modules, and where each of them is in the linked module.

mod layout;
mod side_module;

pub use layout::{Initializer, Layout, MemorySize, Placement, Signatures, Slot, TableSize};
pub use side_module::{ModuleArgument, ParseModuleError, side_modules};

/// The export of a linked module that runs what its side modules run when they are loaded.
pub const INITIALIZE: &str = "ampoule_link_initialize";

/// The name by which a layout and messages speak of the base.
pub const BASE: &str = "base";

/// The functions by which a side module sets itself up (tool-conventions, "WebAssembly Dynamic Linking"), in the order of the calls:
/// first all modules' data relocations, then all modules' constructors. Of each list the first that a module exports is called.
pub const LOADER_FUNCTIONS: [&[&str]; 2] = [&["__wasm_apply_data_relocs"], &["__wasm_call_ctors", "_initialize"]];
