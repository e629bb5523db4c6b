//! The last phase: the linked module is written, section by section.

use crate::Error;
use crate::exports::Exports;
use crate::indices::{GlobalUse, Indices, Types};
use crate::layout::Addresses;
use crate::reach::Reached;
use crate::read::Module;
use crate::report::Origin;
use crate::rewrite::{Rewriter, encoded_size};
use crate::symbols::{Function, Symbols, Tag};
use ampoule_layout::INITIALIZE;
use std::borrow::Cow;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, RoundtripReencoder};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements, EntityType,
    ExportKind, ExportSection, FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection, NameMap,
    NameSection, StartSection, TableSection, TagKind, TagSection, TagType,
};
use wasmparser::ExternalKind;

/// All that the earlier phases have found out.
pub(crate) struct Plan<'m, 'a> {
    pub(crate) modules: &'m [Module<'a>],
    pub(crate) symbols: &'m Symbols<'a>,
    pub(crate) addresses: &'m Addresses,
    pub(crate) exports: &'m Exports<'a>,
    pub(crate) reached: &'m Reached,
    pub(crate) indices: &'m Indices,
}

/// The linked module, and what came from where.
pub(crate) struct Merged {
    pub(crate) bytes: Vec<u8>,
    pub(crate) origins: Vec<Origin>,
}

/// Writes the linked module.
pub(crate) fn merge(plan: &Plan<'_, '_>) -> Result<Merged, Error> {
    let mut writer = Writer {
        plan,
        types: Types::default(),
        functions: FunctionSection::new(),
        code: CodeSection::new(),
        origins: plan.modules.iter().map(Origin::of).collect(),
    };
    writer.defined_functions()?;
    writer.stubs()?;
    writer.initialization()?;
    writer.finish()
}

struct Writer<'w, 'a> {
    plan: &'w Plan<'w, 'a>,
    types: Types,
    functions: FunctionSection,
    code: CodeSection,
    origins: Vec<Origin>,
}

impl Writer<'_, '_> {
    fn defined_functions(&mut self) -> Result<(), Error> {
        for function in &self.plan.reached.functions {
            let Function::Defined { module: place, index } = *function else {
                continue;
            };
            let module = &self.plan.modules[place];
            let type_index = self.type_of(place, index)?;
            self.functions.function(type_index);
            let mut rewriter = self.rewriter(place);
            let body = rewriter
                .body(module.body(index))
                .map_err(|error| malformed(module, error))?;
            let folded = rewriter.folded;
            self.code.function(&body);
            let origin = &mut self.origins[place];
            origin.functions += 1;
            origin.code += encoded_size(&body);
            origin.folded += folded;
        }
        Ok(())
    }

    /// Functions that no module defines trap. Their names are in the name section, so that the trap says which it was.
    fn stubs(&mut self) -> Result<(), Error> {
        for function in &self.plan.reached.functions {
            let Function::Stub(stub) = function else { continue };
            let function_type = self.plan.symbols.stubs[*stub].function_type;
            self.functions
                .function(self.types.index(function_type).map_err(base_error(self.plan))?);
            let mut body = wasm_encoder::Function::new([]);
            body.instruction(&Instruction::Unreachable)
                .instruction(&Instruction::End);
            self.code.function(&body);
        }
        Ok(())
    }

    /// The function that initialises the side modules.
    fn initialization(&mut self) -> Result<(), Error> {
        let nullary = wasmparser::FuncType::new([], []);
        self.functions
            .function(self.types.index(&nullary).map_err(base_error(self.plan))?);
        let mut body = wasm_encoder::Function::new([]);
        for function in &self.plan.exports.initialization {
            body.instruction(&Instruction::Call(self.plan.indices.function(*function)));
        }
        body.instruction(&Instruction::End);
        self.code.function(&body);
        Ok(())
    }

    fn finish(mut self) -> Result<Merged, Error> {
        let imports = self.imports()?;
        let tags = self.tags()?;
        let globals = self.globals()?;
        let elements = self.elements()?;
        let data = self.data()?;
        let plan = self.plan;
        let mut module = wasm_encoder::Module::new();
        module.section(&self.types.into_section());
        module.section(&imports);
        module.section(&self.functions);
        module.section(&table(plan)?);
        module.section(&memory(plan));
        if !tags.is_empty() {
            module.section(&tags);
        }
        module.section(&globals);
        module.section(&exports(plan));
        if let Some(start) = plan.modules[0].start {
            module.section(&StartSection {
                function_index: plan.indices.function_of(0, start),
            });
        }
        module.section(&elements);
        module.section(&DataCountSection { count: data.len() });
        module.section(&self.code);
        module.section(&data);
        custom_sections(plan, &mut module);
        Ok(Merged {
            bytes: module.finish(),
            origins: self.origins,
        })
    }

    fn imports(&mut self) -> Result<ImportSection, Error> {
        let mut section = ImportSection::new();
        for function in &self.plan.reached.functions {
            let Function::Host(host) = function else { continue };
            let host = &self.plan.symbols.hosts[*host];
            let type_index = self.types.index(host.function_type).map_err(base_error(self.plan))?;
            section.import(host.module, host.name, EntityType::Function(type_index));
        }
        Ok(section)
    }

    fn tags(&mut self) -> Result<TagSection, Error> {
        let mut section = TagSection::new();
        for tag in &self.plan.reached.tags {
            let function_type = match *tag {
                Tag::Defined { module, index } => {
                    let module = &self.plan.modules[module];
                    &module.types[module.tags[index as usize] as usize]
                }
                Tag::Shared(tag) => self.plan.symbols.shared_tags[tag].1,
            };
            let func_type_idx = self.types.index(function_type).map_err(base_error(self.plan))?;
            section.tag(TagType {
                kind: TagKind::Exception,
                func_type_idx,
            });
        }
        Ok(section)
    }

    fn globals(&mut self) -> Result<GlobalSection, Error> {
        let mut section = GlobalSection::new();
        for (place, index) in &self.plan.reached.globals {
            let module = &self.plan.modules[*place];
            let global = module.global(*index).clone();
            self.rewriter(*place)
                .parse_global(&mut section, global)
                .map_err(|error| malformed(module, error))?;
        }
        Ok(section)
    }

    fn elements(&mut self) -> Result<ElementSection, Error> {
        let mut section = ElementSection::new();
        for (place, module) in self.plan.modules.iter().enumerate() {
            for element in &module.elements {
                let mut rewriter = self.rewriter(place);
                rewriter
                    .parse_element(&mut section, element.clone())
                    .map_err(|error| malformed(module, error))?;
            }
        }
        let added: Vec<_> = self
            .plan
            .addresses
            .added
            .iter()
            .map(|function| self.plan.indices.function(*function))
            .collect();
        if !added.is_empty() {
            let offset = ConstExpr::i32_const(self.plan.addresses.first_added as i32);
            section.active(None, &offset, Elements::Functions(Cow::Owned(added)));
        }
        Ok(section)
    }

    fn data(&mut self) -> Result<DataSection, Error> {
        let mut section = DataSection::new();
        for (place, module) in self.plan.modules.iter().enumerate() {
            for data in &module.data {
                self.origins[place].data += data.data.len() as u64;
                let mut rewriter = self.rewriter(place);
                rewriter
                    .parse_data(&mut section, data.clone())
                    .map_err(|error| malformed(module, error))?;
            }
        }
        Ok(section)
    }

    fn type_of(&mut self, place: usize, function: u32) -> Result<u32, Error> {
        let module = &self.plan.modules[place];
        self.types
            .index(module.function_type(function))
            .map_err(|error| malformed(module, error))
    }

    fn rewriter(&mut self, place: usize) -> Rewriter<'_, '_> {
        Rewriter {
            place,
            module: &self.plan.modules[place],
            addresses: self.plan.addresses,
            indices: self.plan.indices,
            types: &mut self.types,
            folded: 0,
        }
    }
}

/// The base's table, with room for all modules. It stays as it is at run time unless some instruction grows it.
fn table(plan: &Plan<'_, '_>) -> Result<TableSection, Error> {
    let base = &plan.modules[0];
    let mut section = TableSection::new();
    if let Some(table) = base.table {
        let mut table = RoundtripReencoder
            .table_type(table)
            .map_err(|error| malformed(base, error))?;
        table.minimum = plan.addresses.layout.table.elements;
        table.maximum = if plan.reached.grows_table {
            None
        } else {
            Some(table.minimum)
        };
        section.table(table);
    }
    Ok(section)
}

fn memory(plan: &Plan<'_, '_>) -> MemorySection {
    let mut section = MemorySection::new();
    if let Some(memory) = plan.modules[0].memory {
        section.memory(wasm_encoder::MemoryType {
            minimum: plan.addresses.layout.memory.pages,
            ..memory.into()
        });
    }
    section
}

fn exports(plan: &Plan<'_, '_>) -> ExportSection {
    let mut section = ExportSection::new();
    for kept in &plan.exports.kept {
        let index = match kept.kind {
            ExternalKind::Func => plan.indices.function_of(kept.module, kept.index),
            ExternalKind::Tag => plan.indices.tag_of(kept.module, kept.index),
            ExternalKind::Global => match plan.indices.global_of(kept.module, kept.index) {
                GlobalUse::Index(index) => index,
                GlobalUse::Constant(_) => continue,
            },
            _ => kept.index,
        };
        section.export(kept.name, kept.kind.into(), index);
    }
    section.export(INITIALIZE, ExportKind::Func, plan.reached.functions.len() as u32);
    section
}

/// The component types of all inputs, and the names of the functions that trap.
fn custom_sections(plan: &Plan<'_, '_>, module: &mut wasm_encoder::Module) {
    for (name, data) in plan.modules.iter().flat_map(|module| &module.component_types) {
        module.section(&CustomSection {
            name: Cow::Borrowed(name),
            data: Cow::Borrowed(data),
        });
    }
    let mut names = NameMap::new();
    for function in &plan.reached.functions {
        if let Function::Stub(stub) = function {
            let symbol = plan.symbols.stubs[*stub].symbol;
            names.append(plan.indices.function(*function), &format!("undefined: {symbol}"));
        }
    }
    if !names.is_empty() {
        let mut section = NameSection::new();
        section.functions(&names);
        module.section(&section);
    }
}

fn malformed(module: &Module<'_>, error: ReencodeError) -> Error {
    match error {
        ReencodeError::ParseError(error) => module.malformed(error),
        other => module.unsupported(other.to_string()),
    }
}

fn base_error<'p>(plan: &'p Plan<'_, '_>) -> impl Fn(ReencodeError) -> Error + use<'p> {
    let base = &plan.modules[0];
    move |error| malformed(base, error)
}
