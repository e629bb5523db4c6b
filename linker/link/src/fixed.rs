//! The globals of a side module that are constants, though they are declared mutable.
//!
//! Without extended constant expressions, `wasm-ld -shared` cannot initialise the addresses of symbols that are not exported: it emits
//! mutable globals and a function that sets each once, which is the start function or called by that.

use crate::read::Module;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::{ExternalKind, Operator, OperatorsReader};

/// Expressions by the global whose value they are.
pub(crate) type Values<'a> = BTreeMap<u32, Vec<Operator<'a>>>;

/// The globals that are constants, and whether the start function does nothing but set some.
pub(crate) struct Fixed<'a> {
    pub(crate) values: Values<'a>,
    pub(crate) replaces_start: bool,
}

/// Finds the mutable globals of a side module that never change once it has started.
pub(crate) fn fixed_globals<'a>(module: &Module<'a>) -> Result<Fixed<'a>, wasmparser::Error> {
    let imported = module.imported_functions.len() as u32;
    let setters = setters(module)?;
    let mut changing: BTreeSet<u32> = exported_globals(module);
    for (function, body) in (imported..).zip(&module.bodies) {
        if !setters.contains_key(&function) {
            collect_set_globals(body.get_operators_reader()?, &mut changing)?;
        }
    }
    let mut values = initial_values(module)?;
    let replaces_start = module.start.is_some_and(|start| setters.contains_key(&start));
    for (global, value) in setters.into_values().flatten() {
        values.insert(global, value);
    }
    values.retain(|global, _| !changing.contains(global));
    Ok(Fixed { values, replaces_start })
}

/// The functions that only set globals, among the start function and those that it calls when it does nothing but call.
fn setters<'a>(module: &Module<'a>) -> Result<BTreeMap<u32, Values<'a>>, wasmparser::Error> {
    // Nobody has validated the bodies yet.
    let own = module.imported_functions.len()..module.functions.len();
    let is_own = |function: &u32| own.contains(&(*function as usize));
    let Some(start) = module.start.filter(is_own) else {
        return Ok(BTreeMap::new());
    };
    let mut setters = BTreeMap::new();
    for function in std::iter::once(start)
        .chain(calls(module.body(start).get_operators_reader()?)?)
        .filter(is_own)
    {
        if let Some(assignments) = straight_line(module.body(function).get_operators_reader()?)?
            && assignments.iter().all(|(global, value)| exist(module, *global, value))
        {
            setters.insert(function, assignments);
        }
    }
    Ok(setters)
}

/// Whether a module has a global and those in an expression.
fn exist(module: &Module<'_>, global: u32, value: &[Operator<'_>]) -> bool {
    let used = value.iter().filter_map(|operator| match operator {
        Operator::GlobalGet { global_index } => Some(*global_index),
        _ => None,
    });
    used.chain([global])
        .all(|global| (global as usize) < module.globals.len())
}

/// The functions that a body calls, if it does nothing else.
fn calls(mut operators: OperatorsReader<'_>) -> Result<Vec<u32>, wasmparser::Error> {
    let mut calls = Vec::new();
    while !operators.eof() {
        match operators.read()? {
            Operator::Call { function_index } => calls.push(function_index),
            Operator::End => {}
            _ => return Ok(Vec::new()),
        }
    }
    Ok(calls)
}

/// The assignments of a function that has nothing but sums of constants and globals, each global set once.
fn straight_line<'a>(mut operators: OperatorsReader<'a>) -> Result<Option<Values<'a>>, wasmparser::Error> {
    let mut assignments = Values::new();
    let mut expression = Vec::new();
    while !operators.eof() {
        match operators.read()? {
            operator @ (Operator::I32Const { .. } | Operator::GlobalGet { .. } | Operator::I32Add) => {
                expression.push(operator);
            }
            Operator::GlobalSet { global_index } => {
                if assignments
                    .insert(global_index, std::mem::take(&mut expression))
                    .is_some()
                {
                    return Ok(None);
                }
            }
            Operator::End if expression.is_empty() => {}
            _ => return Ok(None),
        }
    }
    Ok(Some(assignments).filter(|assignments| !assignments.is_empty()))
}

/// Globals that other modules, too, could set.
fn exported_globals(module: &Module<'_>) -> BTreeSet<u32> {
    let globals = module
        .exports
        .iter()
        .filter(|export| export.kind == ExternalKind::Global);
    globals
        .map(|export| export.index)
        .chain(0..module.imported_globals.len() as u32)
        .collect()
}

fn collect_set_globals(mut operators: OperatorsReader<'_>, found: &mut BTreeSet<u32>) -> Result<(), wasmparser::Error> {
    while !operators.eof() {
        if let Operator::GlobalSet { global_index } = operators.read()? {
            found.insert(global_index);
        }
    }
    Ok(())
}

/// The initial values of the mutable globals that the module defines.
fn initial_values<'a>(module: &Module<'a>) -> Result<Values<'a>, wasmparser::Error> {
    let first = module.imported_globals.len() as u32;
    let mutable = (first..)
        .zip(&module.defined_globals)
        .filter(|(_, global)| global.ty.mutable);
    mutable
        .map(|(index, global)| {
            let operators = global.init_expr.get_operators_reader().into_iter();
            Ok((index, operators.collect::<Result<_, _>>()?))
        })
        .collect()
}
