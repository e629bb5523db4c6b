//! The state of a run: what must be written back so that an instance starts where the run ended.

use crate::Error;
use ampoule_host::{Host, Python};
use std::collections::BTreeMap;
use wasmparser::{ConstExpr, DataKind, ExternalKind, Operator, Parser, Payload};
use wasmtime::{ExternType, Mutability, Store, Val};

/// The global that holds the end of the stack in use.
const STACK_POINTER: &str = "__stack_pointer";

/// Memory and mutable globals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State {
    /// The whole linear memory.
    pub memory: Vec<u8>,
    /// The exported mutable globals by name; all are of type i32.
    pub globals: BTreeMap<String, i32>,
}

/// Captures an interpreter between two calls: nothing of it is on its stack.
///
/// What calls have left below the stack pointer is dead, and is zero in the capture. `stack_is_first` says that
/// nothing but the stack lies there, as wasm-ld's `--stack-first` has it.
///
/// # Errors
/// When it exports no memory, or a mutable global that is not an i32.
pub fn capture(interpreter: &mut Python, stack_is_first: bool) -> Result<State, Error> {
    let globals = mutable_globals(interpreter)?;
    let memory = interpreter.memory()?;
    let mut bytes = memory.data(&interpreter.store).to_vec();
    if stack_is_first && let Some(end) = globals.get(STACK_POINTER) {
        let end = (*end as u32 as usize).min(bytes.len());
        bytes[..end].fill(0);
    }
    Ok(State { memory: bytes, globals })
}

/// Whether a module's stack lies below all of its data, so that all below the stack pointer is the stack's.
///
/// # Errors
/// When the module is malformed.
pub fn stack_is_first(module: &[u8]) -> Result<bool, Error> {
    let mut stack_end = None;
    let mut exported = None;
    let mut globals = Vec::new();
    let mut first_data = u32::MAX;
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::GlobalSection(section) => {
                for global in section {
                    globals.push(constant(&global?.init_expr));
                }
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    if export.name == STACK_POINTER && export.kind == ExternalKind::Global {
                        exported = Some(export.index as usize);
                    }
                }
                stack_end = exported.and_then(|index| globals.get(index).copied().flatten());
            }
            Payload::DataSection(section) => {
                for segment in section {
                    if let DataKind::Active { offset_expr, .. } = segment?.kind {
                        first_data = first_data.min(constant(&offset_expr).unwrap_or(0));
                    }
                }
            }
            _ => {}
        }
    }
    Ok(stack_end.is_some_and(|end| end <= first_data))
}

fn constant(expression: &ConstExpr<'_>) -> Option<u32> {
    match expression.get_operators_reader().read() {
        Ok(Operator::I32Const { value }) => Some(value as u32),
        _ => None,
    }
}

fn mutable_globals(interpreter: &mut Python) -> Result<BTreeMap<String, i32>, Error> {
    let names: Vec<String> = interpreter
        .instance()
        .module(&interpreter.store)
        .exports()
        .filter(|export| matches!(export.ty(), ExternType::Global(global) if global.mutability() == Mutability::Var))
        .map(|export| export.name().to_owned())
        .collect();
    names
        .into_iter()
        .map(|name| match interpreter.global(&name)?.get(&mut interpreter.store) {
            Val::I32(value) => Ok((name, value)),
            _ => Err(Error::Unsupported(format!("its mutable global {name} is not an i32"))),
        })
        .collect()
}

/// What the table holds, to be compared with what it holds later.
///
/// # Errors
/// When the interpreter exports no table.
pub fn table_contents(interpreter: &mut Python) -> Result<Vec<usize>, Error> {
    let table = interpreter.table()?;
    let store: &mut Store<Host> = &mut interpreter.store;
    let mut contents = Vec::new();
    for slot in 0..table.size(&*store) {
        let element = table.get(&mut *store, slot);
        let function = element.and_then(|element| element.as_func().flatten().copied());
        contents.push(function.map_or(0, |function| function.to_raw(&mut *store) as usize));
    }
    Ok(contents)
}
