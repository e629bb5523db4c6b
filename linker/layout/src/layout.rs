//! The layout: where a link has put everything.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where everything is in the linked module, so that the same modules can also be run as separate instances at the same addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// The memory.
    pub memory: MemorySize,
    /// The table of functions.
    pub table: TableSize,
    /// The side modules, in the order of the link.
    pub modules: Vec<Placement>,
    /// The table slots that the link added, for functions that had none.
    pub got_functions: Vec<Slot>,
    /// The types of the functions that the side modules have in the table.
    pub signatures: Signatures,
    /// The functions by which Python initialises the extension modules.
    pub initializers: Vec<Initializer>,
}

/// The size of the linked module's memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemorySize {
    /// In pages of 64 KiB.
    pub pages: u64,
}

/// The size of the linked module's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableSize {
    /// In elements.
    pub elements: u64,
}

/// Where a side module is, and what its imports from other modules are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Placement {
    /// The module's name.
    pub name: String,
    /// The value of `env.__memory_base`.
    pub memory_base: u32,
    /// The value of `env.__table_base`.
    pub table_base: u32,
    /// How many bytes it has from there.
    pub memory_size: u32,
    /// How many table elements it has from there.
    pub table_size: u32,
    /// The module that defines each function that it imports from `env` (none: calling it traps).
    pub functions: BTreeMap<String, Option<String>>,
    /// The value of each global that it imports from `GOT.func`.
    pub got_functions: BTreeMap<String, u32>,
    /// The value of each global that it imports from `GOT.mem`.
    pub got_memory: BTreeMap<String, u32>,
}

/// A table slot that the link added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Slot {
    /// The name under which the module exports the function.
    pub symbol: String,
    /// The module that defines the function.
    pub module: String,
    /// The index in the table.
    pub slot: u32,
}

/// The types of the functions in the table, from a slot on to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signatures {
    /// The first slot.
    pub first: u32,
    /// A character for each slot: a digit says of how many i32 a function makes one, a letter (`a` is none) how many it takes to give nothing;
    /// `-` stands for all else.
    pub slots: String,
}

/// A function by which Python initialises an extension module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Initializer {
    /// Where the extension module is in the image.
    pub path: String,
    /// The function's name.
    pub symbol: String,
    /// The function's index in the table.
    pub slot: u32,
}
