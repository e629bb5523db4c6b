//! The canonical built-ins of asynchronous tasks (Component Model, Canonical ABI, `canon`), which the guest calls.
//!
//! A module that imports them makes a component with asynchronous canons, so that only the side module of an asynchronous world may
//! have them. Their addresses follow those of wit-dylib's functions in its table; the constructor tells the guest the first one.

use crate::numbers::{Numbers, renamed};
use ampoule_module::CoreModule;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, CustomSection, ElementSection, Elements, Encode, EntityType, Function, ImportSection, Instruction,
    TypeSection, ValType,
};
use wasmparser::{Dylink0Subsection, Parser, Payload, TypeRef};

/// The number of the only subsection of the dynamic linking section that wit-dylib writes.
const MEM_INFO: u8 = 1;

/// What the guest calls to be told.
const TAKE: &str = "ampoule_take_builtins";

/// The built-ins in the order in which the guest knows them (`guest/runtime/tasks/builtins.h`): the module that they are imported
/// from, the name, how many i32 they take, and what they give.
const BUILTINS: [(&str, &str, usize, Option<ValType>); 12] = [
    ("$root", "[waitable-set-new]", 0, Some(ValType::I32)),
    ("$root", "[waitable-set-poll]", 2, Some(ValType::I32)),
    ("$root", "[waitable-set-drop]", 1, None),
    ("$root", "[waitable-join]", 2, None),
    ("$root", "[subtask-drop]", 1, None),
    ("$root", "[subtask-cancel]", 1, Some(ValType::I32)),
    ("$root", "[context-get-0]", 0, Some(ValType::I32)),
    ("$root", "[context-set-0]", 1, None),
    ("$root", "[stream-new-unit]", 0, Some(ValType::I64)),
    ("$root", "[async-lower][stream-read-unit]", 3, Some(ValType::I32)),
    ("$root", "[async-lower][stream-write-unit]", 3, Some(ValType::I32)),
    ("[export]$root", "[task-cancel]", 0, None),
];

/// Adds the built-ins to wit-dylib's module, in which those of streams and futures get their right numbers.
///
/// # Errors
/// When the module is not as wit-dylib makes them.
pub(crate) fn with_builtins(module: &[u8], numbers: &Numbers) -> anyhow::Result<Vec<u8>> {
    let read = CoreModule::read(module)?;
    let constructor = read.exported_functions().find(|(name, _)| *name == "__wasm_call_ctors");
    let (_, constructor) = constructor.ok_or_else(|| anyhow::anyhow!("it has no constructor"))?;
    let mut rewrite = Rewrite {
        numbers,
        types: index(read.types.len()),
        imported: 0,
        constructor,
        table_base: 0,
        slots: 0,
        body: 0,
    };
    rewrite.look_at_imports(module)?;
    let mut rewritten = wasm_encoder::Module::new();
    rewrite.parse_core_module(&mut rewritten, Parser::new(0), module)?;
    Ok(rewritten.finish())
}

fn index(number: usize) -> u32 {
    u32::try_from(number).expect("a module has fewer items")
}

/// Types and imports go behind those that there are; functions move on by as many.
struct Rewrite<'n> {
    /// The numbers in the names of built-ins.
    numbers: &'n Numbers,
    /// The index of the first new type.
    types: u32,
    /// The index of the first new import.
    imported: u32,
    /// The index of the constructor, before.
    constructor: u32,
    /// The index of the global with the address of the module's table.
    table_base: u32,
    /// The slots of the table before, then how many functions are in it.
    slots: u32,
    /// The index of the body that is next.
    body: u32,
}

impl Rewrite<'_> {
    fn look_at_imports(&mut self, module: &[u8]) -> anyhow::Result<()> {
        let mut globals = 0;
        for payload in Parser::new(0).parse_all(module) {
            let Payload::ImportSection(imports) = payload? else {
                continue;
            };
            for import in imports.into_imports() {
                let import = import?;
                match import.ty {
                    TypeRef::Func(_) => self.imported += 1,
                    TypeRef::Global(_) => {
                        if import.name == "__table_base" {
                            self.table_base = globals;
                        }
                        globals += 1;
                    }
                    _ => {}
                }
            }
        }
        self.body = self.imported;
        Ok(())
    }

    /// The index of the guest's function: it is imported behind the built-ins.
    fn take(&self) -> u32 {
        self.imported + index(BUILTINS.len())
    }
}

impl Reencode for Rewrite<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error> {
        let new = index(BUILTINS.len()) + 1;
        Ok(if function < self.imported {
            function
        } else {
            function + new
        })
    }

    fn parse_type_section(
        &mut self,
        types: &mut TypeSection,
        section: wasmparser::TypeSectionReader<'_>,
    ) -> Result<(), Error> {
        utils::parse_type_section(self, types, section)?;
        for (_, _, parameters, result) in BUILTINS {
            types.ty().function(vec![ValType::I32; parameters], result);
        }
        types.ty().function([ValType::I32], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: wasmparser::ImportSectionReader<'_>,
    ) -> Result<(), Error> {
        for import in section.into_imports() {
            let import = import?;
            let name = renamed(self.numbers, import.module, import.name);
            let ty = self.entity_type(import.ty)?;
            imports.import(import.module, name.as_deref().unwrap_or(import.name), ty);
        }
        let guest = ("env", TAKE);
        let names = BUILTINS
            .iter()
            .map(|(module, name, ..)| (*module, *name))
            .chain([guest]);
        for (ty, (module, name)) in (self.types..).zip(names) {
            imports.import(module, name, EntityType::Function(ty));
        }
        Ok(())
    }

    fn parse_element(&mut self, elements: &mut ElementSection, element: wasmparser::Element<'_>) -> Result<(), Error> {
        let (wasmparser::ElementKind::Active { offset_expr, .. }, wasmparser::ElementItems::Functions(functions)) =
            (element.kind.clone(), element.items.clone())
        else {
            return utils::parse_element(self, elements, element);
        };
        let mut all = Vec::new();
        for function in functions {
            all.push(self.function_index(function?)?);
        }
        self.slots = index(all.len());
        all.extend(self.imported..self.take());
        let offset = self.const_expr(offset_expr)?;
        elements.active(Some(0), &offset, Elements::Functions(all.into()));
        Ok(())
    }

    fn parse_function_body(&mut self, code: &mut CodeSection, body: wasmparser::FunctionBody<'_>) -> Result<(), Error> {
        let is_constructor = self.body == self.constructor;
        self.body += 1;
        if !is_constructor {
            return utils::parse_function_body(self, code, body);
        }
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.is_end_then_eof() {
            let instruction = self.instruction(operators.read()?)?;
            function.instruction(&instruction);
        }
        self.tell(&mut function);
        code.function(&function);
        Ok(())
    }

    fn parse_custom_section(
        &mut self,
        module: &mut wasm_encoder::Module,
        section: wasmparser::CustomSectionReader<'_>,
    ) -> Result<(), Error> {
        match section.as_known() {
            wasmparser::KnownCustom::Dylink0(subsections) => {
                let data = dylink(subsections)?;
                module.section(&CustomSection {
                    name: section.name().into(),
                    data: data.into(),
                });
                Ok(())
            }
            _ => utils::parse_custom_section(self, module, section),
        }
    }
}

/// What the dynamic linking section says, with more slots in the table (tool-conventions, DynamicLinking, `WASM_DYLINK_MEM_INFO`).
fn dylink(subsections: wasmparser::Dylink0SectionReader<'_>) -> Result<Vec<u8>, Error> {
    let mut data = Vec::new();
    for subsection in subsections {
        if let Dylink0Subsection::MemInfo(info) = subsection? {
            let mut content = Vec::new();
            let slots = info.table_size + index(BUILTINS.len());
            for number in [info.memory_size, info.memory_alignment, slots, info.table_alignment] {
                number.encode(&mut content);
            }
            data.push(MEM_INFO);
            content.encode(&mut data);
        }
    }
    Ok(data)
}

impl Rewrite<'_> {
    /// The end of the constructor.
    fn tell(&self, function: &mut Function) {
        let slots = i32::try_from(self.slots).expect("a table has fewer slots");
        for instruction in [
            Instruction::GlobalGet(self.table_base),
            Instruction::I32Const(slots),
            Instruction::I32Add,
            Instruction::Call(self.take()),
            Instruction::End,
        ] {
            function.instruction(&instruction);
        }
    }
}
