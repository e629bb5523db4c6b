//! The last phase: the linked module is written, section by section.
//!
//! The base's bodies are copied, with other indices where they name functions; those of units are rewritten, instruction by instruction.

use crate::code::{Body, Code, Use};
use crate::exports::Exports;
use crate::indices::{GlobalUse, Indices, Types};
use crate::layout::Addresses;
use crate::reach::Reached;
use crate::read::Module;
use crate::report::Origin;
use crate::rewrite::Rewriter;
use crate::stable::table_elements;
use crate::symbols::{Function, Host, Symbols, Tag};
use crate::{Error, Roots};
use ampoule_action::parallel;
use ampoule_layout::INITIALIZE;
use std::borrow::Cow;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, CustomSection, DataCountSection, DataSection, ElementSection, Elements, Encode, EntityType, ExportKind,
    ExportSection, FunctionSection, GlobalSection, ImportSection, Instruction, MemorySection, NameMap, NameSection,
    RawSection, SectionId, StartSection, TableSection, TagKind, TagSection, TagType,
};
use wasmparser::{ExternalKind, FuncType};

/// All that the earlier phases have found out.
pub(crate) struct Plan<'m, 'a> {
    pub(crate) modules: &'m [Module<'a>],
    pub(crate) codes: &'m [Code<'m>],
    pub(crate) symbols: &'m Symbols<'a>,
    pub(crate) addresses: &'m Addresses,
    pub(crate) exports: &'m Exports<'a>,
    pub(crate) reached: &'m Reached,
    pub(crate) indices: &'m Indices,
    pub(crate) added_imports: &'m [&'m Host<'m>],
    pub(crate) roots: Roots,
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
        types: types(plan).map_err(|error| malformed(&plan.modules[0], error))?,
        functions: FunctionSection::new(),
        code: Vec::new(),
        origins: plan.modules.iter().map(Origin::of).collect(),
    };
    writer.defined_functions()?;
    writer.stubs();
    if plan.roots == Roots::Build {
        writer.initialization();
    }
    writer.finish()
}

/// All types, so that each has its index before anything is written.
fn types(plan: &Plan<'_, '_>) -> Result<Types, ReencodeError> {
    let mut types = Types::default();
    let symbols = plan.symbols;
    plan.modules[0].types.iter().try_for_each(|own| types.push(own))?;
    let hosts = symbols.hosts.iter().map(|host| host.function_type);
    let stubs = symbols.stubs.iter().map(|stub| stub.function_type);
    let tags = plan.reached.tags.iter().map(|tag| tag_type(plan, *tag));
    let of_units = plan.codes[1..].iter().flat_map(|code| &code.types);
    let mut all = hosts.chain(stubs).chain(tags).chain(of_units);
    all.try_for_each(|own| types.add(own))?;
    if plan.roots == Roots::Build {
        types.add(&FuncType::new([], []))?;
    }
    Ok(types)
}

fn tag_type<'p>(plan: &Plan<'p, '_>, tag: Tag) -> &'p FuncType {
    match tag {
        Tag::Defined { module, index } => {
            let module = &plan.modules[module];
            &module.types[module.tags[index as usize] as usize]
        }
        Tag::Shared(tag) => plan.symbols.shared_tags[tag].1,
    }
}

struct Writer<'w, 'a> {
    plan: &'w Plan<'w, 'a>,
    types: Types,
    functions: FunctionSection,
    /// The bodies, one after the other, each with its length before it.
    code: Vec<u8>,
    origins: Vec<Origin>,
}

impl Writer<'_, '_> {
    fn defined_functions(&mut self) -> Result<(), Error> {
        let mut functions = vec![Vec::new(); self.plan.modules.len()];
        for function in &self.plan.reached.functions {
            if let Function::Defined { module, index } = *function {
                functions[module].push(index);
            }
        }
        let places: Vec<usize> = (0..functions.len()).collect();
        let written = parallel::map(
            None,
            &places,
            |place| self.code_of(*place, &functions[*place]),
            |_, _| (),
        )?;
        for ((place, functions), code) in functions.iter().enumerate().zip(written) {
            for function in functions {
                self.functions.function(self.type_of(place, *function));
            }
            let origin = &mut self.origins[place];
            origin.functions = functions.len() as u64;
            origin.code = code.len() as u64;
            self.code.extend(code);
        }
        Ok(())
    }

    /// The bodies of a module's functions.
    fn code_of(&self, place: usize, functions: &[u32]) -> Result<Vec<u8>, Error> {
        let module = &self.plan.modules[place];
        let code = &self.plan.codes[place];
        let mut bytes = Vec::new();
        for function in functions {
            let body = code.get(*function).expect(KEPT);
            if code.stays {
                self.copy(body, code.uses(*function), &mut bytes);
            } else {
                let rewritten = self.rewriter_of_code(place).body(&body.body);
                rewritten.map_err(|error| malformed(module, error))?.encode(&mut bytes);
            }
        }
        Ok(bytes)
    }

    /// Copies a function's body of the base, with new indices of functions.
    fn copy(&self, body: &Body<'_>, uses: &[Use], bytes: &mut Vec<u8>) {
        let old = body.body.as_bytes();
        let start = body.body.range().start as usize;
        let mut new = Vec::with_capacity(old.len());
        let mut copied = 0;
        for used in uses {
            if let Use::Function { position, index } = *used {
                let position = position as usize - start;
                new.extend_from_slice(&old[copied..position]);
                self.plan.indices.function_of(0, index).encode(&mut new);
                let length = old[position..].iter().take_while(|byte| **byte >= 0x80).count() + 1;
                copied = position + length;
            }
        }
        new.extend_from_slice(&old[copied..]);
        new.len().encode(bytes);
        bytes.extend(new);
    }

    /// The type of a function that a module defines.
    fn type_of(&self, place: usize, function: u32) -> u32 {
        let code = &self.plan.codes[place];
        let type_index = code.get(function).expect(KEPT).type_index;
        match place {
            0 => type_index,
            _ => self.added_type(&code.types[type_index as usize]),
        }
    }

    fn added_type(&self, function_type: &FuncType) -> u32 {
        self.types.get(function_type).expect("all types have been added")
    }

    /// Functions that no module defines trap. Their names are in the name section, so that the trap says which it was.
    fn stubs(&mut self) {
        for function in &self.plan.reached.functions {
            let Function::Stub(stub) = function else { continue };
            let function_type = self.plan.symbols.stubs[*stub].function_type;
            self.functions.function(self.added_type(function_type));
            let mut body = wasm_encoder::Function::new([]);
            body.instruction(&Instruction::Unreachable)
                .instruction(&Instruction::End);
            body.encode(&mut self.code);
        }
    }

    /// The function that initialises the side modules.
    fn initialization(&mut self) {
        self.functions.function(self.added_type(&FuncType::new([], [])));
        let mut body = wasm_encoder::Function::new([]);
        for function in &self.plan.exports.initialization {
            body.instruction(&Instruction::Call(self.plan.indices.function(*function)));
        }
        body.instruction(&Instruction::End);
        body.encode(&mut self.code);
    }

    fn finish(mut self) -> Result<Merged, Error> {
        let imports = self.imports();
        let tags = self.tags();
        let globals = self.globals()?;
        let elements = self.elements()?;
        let data = self.data()?;
        let plan = self.plan;
        let mut module = wasm_encoder::Module::new();
        module.section(&self.types.section);
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
        let mut code = Vec::with_capacity(self.code.len() + 5);
        self.functions.len().encode(&mut code);
        code.extend(self.code);
        module.section(&RawSection {
            id: SectionId::Code as u8,
            data: &code,
        });
        module.section(&data);
        custom_sections(plan, &mut module);
        Ok(Merged {
            bytes: module.finish(),
            origins: self.origins,
        })
    }

    fn imports(&self) -> ImportSection {
        let mut section = ImportSection::new();
        let reached = self
            .plan
            .reached
            .functions
            .iter()
            .filter_map(|function| match function {
                Function::Host(host) => Some(&self.plan.symbols.hosts[*host]),
                _ => None,
            });
        for host in reached.chain(self.plan.added_imports.iter().copied()) {
            let type_index = self.added_type(host.function_type);
            section.import(host.module, host.name, EntityType::Function(type_index));
        }
        section
    }

    fn tags(&self) -> TagSection {
        let mut section = TagSection::new();
        for tag in &self.plan.reached.tags {
            section.tag(TagType {
                kind: TagKind::Exception,
                func_type_idx: self.added_type(tag_type(self.plan, *tag)),
            });
        }
        section
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

    /// A rewriter for a module's expressions.
    fn rewriter(&self, place: usize) -> Rewriter<'_> {
        Rewriter {
            place,
            own_types: &self.plan.modules[place].types,
            origins: None,
            addresses: self.plan.addresses,
            indices: self.plan.indices,
            types: &self.types,
        }
    }

    /// A rewriter for a module's code.
    fn rewriter_of_code(&self, place: usize) -> Rewriter<'_> {
        let code = &self.plan.codes[place];
        Rewriter {
            own_types: &code.types,
            origins: code.origins,
            ..self.rewriter(place)
        }
    }
}

const KEPT: &str = "what is reached was kept";

/// The base's table, with room for all modules. It stays as it is at run time unless some instruction grows it.
fn table(plan: &Plan<'_, '_>) -> Result<TableSection, Error> {
    let base = &plan.modules[0];
    let mut section = TableSection::new();
    if let Some(table) = base.table {
        let mut table = RoundtripReencoder
            .table_type(table)
            .map_err(|error| malformed(base, error))?;
        table.minimum = plan.addresses.layout.table.elements;
        if plan.roots == Roots::Component && !plan.reached.grows_table {
            table.minimum = table_elements(table.minimum);
        }
        table.maximum = Some(table.minimum).filter(|_| !plan.reached.grows_table);
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
    if plan.roots == Roots::Build {
        section.export(INITIALIZE, ExportKind::Func, plan.reached.functions.len() as u32);
    }
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

fn malformed<E: std::fmt::Display>(module: &Module<'_>, error: ReencodeError<E>) -> Error {
    match error {
        ReencodeError::ParseError(error) => module.malformed(error),
        ReencodeError::UserError(error) => module.unsupported(error.to_string()),
        other => module.unsupported(other.to_string()),
    }
}
