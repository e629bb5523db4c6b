//! The first phase: modules are parsed into their parts. Function bodies and data stay where they are in the input.

use crate::Error;
use crate::fixed::{Values, fixed_globals};
use ampoule_action::parallel;
use ampoule_layout::BASE;
use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use wasmparser::{
    Data, Dylink0Subsection, Element, Export, ExternalKind, FuncToValidate, FuncType, FuncValidatorAllocations,
    FunctionBody, Global, GlobalType, Import, KnownCustom, MemoryType, Parser, Payload, Subsections, SymbolFlags,
    Table, TableType, TypeRef, ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

/// A parsed module.
pub(crate) struct Module<'a> {
    pub(crate) name: &'a str,
    pub(crate) image_path: Option<&'a str>,
    pub(crate) bytes: &'a [u8],
    pub(crate) types: Vec<FuncType>,
    pub(crate) imports: Vec<Import<'a>>,
    /// The type of each function, the imported ones first.
    pub(crate) functions: Vec<u32>,
    /// The functions among the imports: their places in `imports`.
    pub(crate) imported_functions: Vec<usize>,
    /// The type of each global, the imported ones first.
    pub(crate) globals: Vec<GlobalType>,
    pub(crate) imported_globals: Vec<usize>,
    pub(crate) defined_globals: Vec<Global<'a>>,
    /// The type of each tag, the imported ones first.
    pub(crate) tags: Vec<u32>,
    pub(crate) imported_tags: Vec<usize>,
    pub(crate) table: Option<TableType>,
    pub(crate) memory: Option<MemoryType>,
    pub(crate) exports: Vec<Export<'a>>,
    pub(crate) start: Option<u32>,
    /// The values of a side module's mutable globals that never change once it has started.
    pub(crate) fixed_globals: Values<'a>,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) data: Vec<Data<'a>>,
    pub(crate) bodies: Vec<FunctionBody<'a>>,
    /// The custom sections that describe a component's types.
    pub(crate) component_types: Vec<(&'a str, &'a [u8])>,
    pub(crate) dylink: Dylink<'a>,
    is_side_module: bool,
    own_tables: u32,
    own_memories: u32,
}

/// What the section `dylink.0` says (tool-conventions, "WebAssembly Dynamic Linking").
#[derive(Default)]
pub(crate) struct Dylink<'a> {
    pub(crate) memory_size: u32,
    pub(crate) memory_alignment: u32,
    pub(crate) table_size: u32,
    pub(crate) table_alignment: u32,
    pub(crate) needed: Vec<&'a str>,
    weak_exports: BTreeSet<&'a str>,
    weak_imports: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Dylink<'a> {
    /// Whether the export may be overridden by another module's.
    pub(crate) fn is_weak_export(&self, symbol: &str) -> bool {
        self.weak_exports.contains(symbol)
    }

    /// Whether the module can do without the symbol.
    pub(crate) fn is_weak_import(&self, symbol: &str) -> bool {
        self.weak_imports.iter().any(|(_, weak)| *weak == symbol)
    }

    /// Whether the module can do without the function of the host.
    pub(crate) fn is_weak_host(&self, module: &'a str, name: &'a str) -> bool {
        self.weak_imports.contains(&(module, name))
    }

    fn read(&mut self, sections: Subsections<'a, Dylink0Subsection<'a>>) -> Result<(), wasmparser::Error> {
        for section in sections {
            match section? {
                Dylink0Subsection::MemInfo(sizes) => {
                    self.memory_size = sizes.memory_size;
                    self.memory_alignment = sizes.memory_alignment;
                    self.table_size = sizes.table_size;
                    self.table_alignment = sizes.table_alignment;
                }
                Dylink0Subsection::Needed(libraries) => self.needed.extend(libraries),
                Dylink0Subsection::ExportInfo(exports) => {
                    let weak = exports
                        .iter()
                        .filter(|export| export.flags.contains(SymbolFlags::BINDING_WEAK));
                    self.weak_exports.extend(weak.map(|export| export.name));
                }
                Dylink0Subsection::ImportInfo(imports) => {
                    let weak = imports
                        .iter()
                        .filter(|import| import.flags.contains(SymbolFlags::BINDING_WEAK));
                    self.weak_imports
                        .extend(weak.map(|import| (import.module, import.field)));
                }
                Dylink0Subsection::RuntimePath(_)
                | Dylink0Subsection::TargetArch(_)
                | Dylink0Subsection::Unknown { .. } => {}
            }
        }
        Ok(())
    }
}

impl<'a> Module<'a> {
    /// Parses the base: a static module that owns the memory and the table.
    pub(crate) fn base(bytes: &'a [u8]) -> Result<Module<'a>, Error> {
        let module = Module::parse(BASE, None, bytes)?;
        if module.is_side_module {
            return Err(module.unsupported("it has a section dylink.0: the base must be linked statically"));
        }
        if module.own_memories != 1 || module.own_tables != 1 {
            return Err(module.unsupported("it must define one memory and one table of functions"));
        }
        Ok(module)
    }

    /// Parses a side module: one that imports the memory and the table, and says in `dylink.0` how much of each it needs.
    pub(crate) fn side(name: &'a str, image_path: Option<&'a str>, bytes: &'a [u8]) -> Result<Module<'a>, Error> {
        let mut module = Module::parse(name, image_path, bytes)?;
        if !module.is_side_module {
            return Err(module.unsupported("it has no section dylink.0: link it with `wasm-ld -shared`"));
        }
        if module.own_memories != 0 || module.own_tables != 0 {
            return Err(module.unsupported("it defines a memory or a table of its own; a side module imports them"));
        }
        if module.defined_globals.iter().any(|global| global.ty.mutable) {
            let fixed = fixed_globals(&module).map_err(|error| module.malformed(error))?;
            module.fixed_globals = fixed.values;
            module.start = module.start.filter(|_| !fixed.replaces_start);
        }
        Ok(module)
    }

    /// The type of a function.
    pub(crate) fn function_type(&self, function: u32) -> &FuncType {
        &self.types[self.functions[function as usize] as usize]
    }

    /// The body of a function that the module defines.
    pub(crate) fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[function as usize - self.imported_functions.len()]
    }

    /// The initial value of a global that the module defines.
    pub(crate) fn global(&self, global: u32) -> &Global<'a> {
        &self.defined_globals[global as usize - self.imported_globals.len()]
    }

    /// What the module exports under a name.
    pub(crate) fn export(&self, name: &str) -> Option<&Export<'a>> {
        self.exports.iter().find(|export| export.name == name)
    }

    /// The function that the module exports under a name.
    pub(crate) fn exported_function(&self, name: &str) -> Option<u32> {
        self.export(name)
            .filter(|export| export.kind == ExternalKind::Func)
            .map(|export| export.index)
    }

    /// Whether the module carries the types of a component's world.
    pub(crate) fn has_world(&self) -> bool {
        !self.component_types.is_empty()
    }

    /// An error about what the module is.
    pub(crate) fn unsupported(&self, reason: impl Into<String>) -> Error {
        Error::Unsupported {
            module: self.name.to_string(),
            reason: reason.into(),
        }
    }

    /// An error about the module's encoding.
    pub(crate) fn malformed(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        Error::Malformed {
            module: self.name.to_string(),
            error: error.into(),
        }
    }

    fn empty(name: &'a str, image_path: Option<&'a str>, bytes: &'a [u8]) -> Module<'a> {
        Module {
            name,
            image_path,
            bytes,
            types: Vec::new(),
            imports: Vec::new(),
            functions: Vec::new(),
            imported_functions: Vec::new(),
            globals: Vec::new(),
            imported_globals: Vec::new(),
            defined_globals: Vec::new(),
            tags: Vec::new(),
            imported_tags: Vec::new(),
            table: None,
            memory: None,
            exports: Vec::new(),
            start: None,
            fixed_globals: Values::new(),
            elements: Vec::new(),
            data: Vec::new(),
            bodies: Vec::new(),
            component_types: Vec::new(),
            dylink: Dylink::default(),
            is_side_module: false,
            own_tables: 0,
            own_memories: 0,
        }
    }

    fn parse(name: &'a str, image_path: Option<&'a str>, bytes: &'a [u8]) -> Result<Module<'a>, Error> {
        let mut module = Module::empty(name, image_path, bytes);
        check_headers(bytes).map_err(|error| module.malformed(error))?;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|error| module.malformed(error))?;
            module.section(payload).map_err(|error| module.malformed(error))?;
        }
        Ok(module)
    }

    fn section(&mut self, payload: Payload<'a>) -> Result<(), wasmparser::Error> {
        match payload {
            Payload::TypeSection(section) => {
                for function_type in section.into_iter_err_on_gc_types() {
                    self.types.push(function_type?);
                }
            }
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    self.import(import?);
                }
            }
            Payload::FunctionSection(section) => {
                for function in section {
                    self.functions.push(function?);
                }
            }
            Payload::TableSection(section) => {
                for table in section {
                    let Table { ty, .. } = table?;
                    self.own_tables += 1;
                    self.table = Some(ty);
                }
            }
            Payload::MemorySection(section) => {
                for memory in section {
                    self.own_memories += 1;
                    self.memory = Some(memory?);
                }
            }
            Payload::TagSection(section) => {
                for tag in section {
                    self.tags.push(tag?.func_type_idx);
                }
            }
            Payload::GlobalSection(section) => {
                for global in section {
                    let global = global?;
                    self.globals.push(global.ty);
                    self.defined_globals.push(global);
                }
            }
            Payload::ExportSection(section) => self.exports = section.into_iter().collect::<Result<_, _>>()?,
            Payload::StartSection { func, .. } => self.start = Some(func),
            Payload::ElementSection(section) => self.elements = section.into_iter().collect::<Result<_, _>>()?,
            Payload::DataSection(section) => self.data = section.into_iter().collect::<Result<_, _>>()?,
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::CustomSection(section) => self.custom(&section)?,
            _ => {}
        }
        Ok(())
    }

    fn import(&mut self, import: Import<'a>) {
        let place = self.imports.len();
        self.imports.push(import);
        match import.ty {
            TypeRef::Func(type_index) | TypeRef::FuncExact(type_index) => {
                self.functions.push(type_index);
                self.imported_functions.push(place);
            }
            TypeRef::Global(global_type) => {
                self.globals.push(global_type);
                self.imported_globals.push(place);
            }
            TypeRef::Tag(tag) => {
                self.tags.push(tag.func_type_idx);
                self.imported_tags.push(place);
            }
            TypeRef::Table(table) => self.table = Some(table),
            TypeRef::Memory(memory) => self.memory = Some(memory),
        }
    }

    fn custom(&mut self, section: &wasmparser::CustomSectionReader<'a>) -> Result<(), wasmparser::Error> {
        // Of an extension module these are what its libraries have been compiled with, such as Rust's.
        if section.name().starts_with("component-type") && self.image_path.is_none() {
            self.component_types.push((section.name(), section.data()));
        }
        if let KnownCustom::Dylink0(subsections) = section.as_known() {
            self.is_side_module = true;
            self.dylink.read(subsections)?;
        }
        Ok(())
    }
}

/// How many functions are validated at a time.
const BATCH: usize = 256;

/// Checks that bytes are a valid core module.
pub(crate) fn validate(bytes: &[u8]) -> Result<(), wasmparser::Error> {
    let mut functions = Vec::new();
    validate_with(bytes, |function, body| functions.push((function, body)))?;
    let mut batches = Vec::new();
    while !functions.is_empty() {
        batches.push(Mutex::new(functions.split_off(functions.len().saturating_sub(BATCH))));
    }
    batches.reverse();
    let check = |batch: &Mutex<Vec<_>>| {
        let batch = std::mem::take(&mut *batch.lock().unwrap_or_else(PoisonError::into_inner));
        let mut allocations = FuncValidatorAllocations::default();
        for (function, body) in batch {
            let function: FuncToValidate<ValidatorResources> = function;
            let mut validator = function.into_validator(allocations);
            validator.validate(&body)?;
            allocations = validator.into_allocations();
        }
        Ok(())
    };
    parallel::map(None, &batches, check, |_, _| ()).map(drop)
}

/// Checks all of a module but its functions' bodies, so that the later phases can rely on its indices.
fn check_headers(bytes: &[u8]) -> Result<(), wasmparser::Error> {
    validate_with(bytes, |_, _| ())
}

fn validate_with<'a>(
    bytes: &'a [u8],
    mut function: impl FnMut(FuncToValidate<ValidatorResources>, FunctionBody<'a>),
) -> Result<(), wasmparser::Error> {
    let features = WasmFeatures::all().difference(WasmFeatures::COMPONENT_MODEL);
    let mut validator = Validator::new_with_features(features);
    for payload in Parser::new(0).parse_all(bytes) {
        if let ValidPayload::Func(to_validate, body) = validator.payload(&payload?)? {
            function(to_validate, body);
        }
    }
    Ok(())
}
