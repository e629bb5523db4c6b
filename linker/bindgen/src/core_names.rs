//! The names of exports that mean something else in a core module.

use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{ExportKind, ExportSection, Module};
use wasmparser::Parser;

/// The name of the linear memory, which a function of the world may have too, and the function's other name (Component
/// Model, Build Targets). All other names that the linked module gives a meaning have an underscore, as none of WIT has.
const MEMORY: (&str, &str) = ("memory", "cm32p2||memory");

/// Lets a function of the world that is called `memory` be exported beside the memory.
///
/// # Errors
/// When the module is not well-formed.
pub(crate) fn beside_memory(module: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut rewritten = Module::new();
    Rename.parse_core_module(&mut rewritten, Parser::new(0), module)?;
    Ok(rewritten.finish())
}

struct Rename;

impl Reencode for Rename {
    type Error = Infallible;

    fn parse_export(&mut self, exports: &mut ExportSection, export: wasmparser::Export<'_>) -> Result<(), Error> {
        if export.name != MEMORY.0 {
            return utils::parse_export(self, exports, export);
        }
        exports.export(MEMORY.1, ExportKind::Func, export.index);
        Ok(())
    }
}
