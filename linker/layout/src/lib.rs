//! What a link and a snapshot say to each other: the side modules, and where each of them is in the linked module.

mod layout;
mod side_module;

pub use layout::{Initializer, Layout, MemorySize, Placement, Slot, TableSize};
pub use side_module::{ModuleArgument, ParseModuleError, side_modules};

/// The export of a linked module that runs what its side modules run when they are loaded.
pub const INITIALIZE: &str = "ampoule_link_initialize";
