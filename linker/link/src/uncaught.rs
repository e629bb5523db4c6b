//! What becomes of a C++ exception that nothing catches: it has left an extension module and passed CPython by, whose state is now
//! that of no one. Where the world is entered it is caught, and a function of such a module says what it is and ends the instance.
//!
//! Only a world that is linked with modules that throw is changed: all others stay without exceptions, and run in hosts without them.

use crate::Error;
use crate::exports::is_of_world;
use crate::read::Module;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, utils};
use wasm_encoder::{
    BlockType, Catch, CodeSection, EntityType, ExportKind, ExportSection, Function, FunctionSection, ImportSection,
    Instruction, TagKind, TagType, TypeSection, ValType,
};
use wasmparser::ExternalKind;

/// The function. Each module with exceptions has it, and any of them will do.
pub(crate) const UNCAUGHT: &str = "ampoule_uncaught";

/// What C++ throws: a tag with the address of the exception.
const TAG: &str = "__cpp_exception";

/// The worlds among the modules as ones that catch, by their places; none where no module throws.
pub(crate) fn guarded_worlds(modules: &[Module<'_>]) -> Result<BTreeMap<usize, Vec<u8>>, Error> {
    if !modules
        .iter()
        .any(|module| module.exported_function(UNCAUGHT).is_some())
    {
        return Ok(BTreeMap::new());
    }
    let worlds = modules
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, module)| module.has_world());
    worlds.map(|(place, module)| Ok((place, guarded(module)?))).collect()
}

/// The modules with some in the places of others.
pub(crate) fn replace<'a>(
    mut modules: Vec<Module<'a>>,
    others: &'a BTreeMap<usize, Vec<u8>>,
) -> Result<Vec<Module<'a>>, Error> {
    for (place, bytes) in others {
        let module = &modules[*place];
        modules[*place] = Module::side(module.name, module.image_path, bytes)?;
    }
    Ok(modules)
}

/// A world whose functions catch what nothing else has caught.
fn guarded(module: &Module<'_>) -> Result<Vec<u8>, Error> {
    let entrances = module.exports.iter().filter(|export| is_of_world(module, export));
    let functions: BTreeSet<u32> = entrances.map(|export| export.index).collect();
    let mut guard = Guard {
        module,
        functions: functions.into_iter().collect(),
    };
    let mut written = wasm_encoder::Module::new();
    let parser = wasmparser::Parser::new(0);
    let done = guard.parse_core_module(&mut written, parser, module.bytes);
    done.map_err(|error| module.malformed(error))?;
    Ok(written.finish())
}

/// Adds to a module a type, the imports of [`UNCAUGHT`] and of [`TAG`], and a function around each of some.
struct Guard<'g, 'a> {
    module: &'g Module<'a>,
    functions: Vec<u32>,
}

impl Guard<'_, '_> {
    /// The type that is added: of the function and of the tag.
    fn added_type(&self) -> u32 {
        self.module.types.len() as u32
    }

    /// The imported function, which is the last of the imports.
    fn uncaught(&self) -> u32 {
        self.module.imported_functions.len() as u32
    }

    /// The function around one.
    fn around(&self, function: u32) -> Option<u32> {
        let place = self.functions.binary_search(&function).ok()?;
        Some(self.module.functions.len() as u32 + 1 + place as u32)
    }

    fn body(&self, function: u32) -> Function {
        let mut body = Function::new([]);
        let tag = self.module.imported_tags.len() as u32;
        let catch = Catch::One { tag, label: 0 };
        body.instruction(&Instruction::Block(BlockType::Result(ValType::I32)))
            .instruction(&Instruction::TryTable(BlockType::Empty, Cow::Borrowed(&[catch])));
        let parameters = self.module.function_type(function).params().len() as u32;
        for parameter in 0..parameters {
            body.instruction(&Instruction::LocalGet(parameter));
        }
        body.instruction(&Instruction::Call(function + 1))
            .instruction(&Instruction::Return)
            .instruction(&Instruction::End)
            .instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End)
            .instruction(&Instruction::Call(self.uncaught()))
            .instruction(&Instruction::Unreachable)
            .instruction(&Instruction::End);
        body
    }
}

impl Reencode for Guard<'_, '_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, ReencodeError> {
        Ok(function + u32::from(function >= self.uncaught()))
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, ReencodeError> {
        Ok(tag + u32::from(tag as usize >= self.module.imported_tags.len()))
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), ReencodeError> {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([ValType::I32], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), ReencodeError> {
        utils::parse_import_section(self, imports, section)?;
        let tag = TagType {
            kind: TagKind::Exception,
            func_type_idx: self.added_type(),
        };
        imports.import("env", UNCAUGHT, EntityType::Function(self.added_type()));
        imports.import("env", TAG, EntityType::Tag(tag));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        section: wasmparser::FunctionSectionReader<'_>,
    ) -> Result<(), ReencodeError> {
        utils::parse_function_section(self, functions, section)?;
        for function in &self.functions {
            functions.function(self.module.functions[*function as usize]);
        }
        Ok(())
    }

    fn parse_export(
        &mut self,
        exports: &mut ExportSection,
        export: wasmparser::Export<'_>,
    ) -> Result<(), ReencodeError> {
        match self.around(export.index) {
            Some(function) if export.kind == ExternalKind::Func => {
                exports.export(export.name, ExportKind::Func, function);
                Ok(())
            }
            _ => utils::parse_export(self, exports, export),
        }
    }

    fn parse_code_section(
        &mut self,
        code: &mut CodeSection,
        section: wasmparser::CodeSectionReader<'_>,
    ) -> Result<(), ReencodeError> {
        utils::parse_code_section(self, code, section)?;
        for function in &self.functions {
            code.function(&self.body(*function));
        }
        Ok(())
    }
}
