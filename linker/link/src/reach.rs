//! The fourth phase: what of the modules can be reached at all. The rest is left out.

use crate::Error;
use crate::exports::Exports;
use crate::layout::{Addresses, functions};
use crate::read::Module;
use crate::symbols::{Function, Global, Symbols, Tag};
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode};
use wasmparser::ExternalKind;

/// What goes into the linked module.
#[derive(Default)]
pub(crate) struct Reached {
    pub(crate) functions: BTreeSet<Function>,
    /// Globals that are no constants, by module and index.
    pub(crate) globals: BTreeSet<(usize, u32)>,
    pub(crate) tags: BTreeSet<Tag>,
    /// Whether some instruction changes the table's size.
    pub(crate) grows_table: bool,
}

/// Follows all uses from the exports, the table, the data and what runs at the start.
pub(crate) fn reach(
    modules: &[Module<'_>],
    symbols: &Symbols<'_>,
    addresses: &Addresses,
    exports: &Exports<'_>,
) -> Result<Reached, Error> {
    let mut walk = Walk {
        modules,
        symbols,
        addresses,
        reached: Reached::default(),
        waiting: Vec::new(),
    };
    walk.exports(exports)?;
    walk.tables()?;
    while let Some(function) = walk.waiting.pop() {
        walk.body(function)?;
    }
    Ok(walk.reached)
}

struct Walk<'w, 'a> {
    modules: &'w [Module<'a>],
    symbols: &'w Symbols<'a>,
    addresses: &'w Addresses,
    reached: Reached,
    waiting: Vec<Function>,
}

impl Walk<'_, '_> {
    fn exports(&mut self, exports: &Exports<'_>) -> Result<(), Error> {
        for export in &exports.kept {
            match export.kind {
                ExternalKind::Func => self.function(export.module, export.index),
                ExternalKind::Global => self.defined_global(export.module, export.index)?,
                ExternalKind::Tag => self.tag(export.module, export.index),
                _ => {}
            }
        }
        for function in &exports.initialization {
            self.mark(*function);
        }
        if let Some(start) = self.modules[0].start {
            self.function(0, start);
        }
        Ok(())
    }

    /// Whatever stands in a table or in a segment for one can be called by its index.
    fn tables(&mut self) -> Result<(), Error> {
        for (place, module) in self.modules.iter().enumerate() {
            for element in &module.elements {
                let functions = functions(&element.items).map_err(|error| module.malformed(error))?;
                for function in functions.into_iter().flatten() {
                    self.function(place, function);
                }
            }
        }
        for function in &self.addresses.added {
            self.mark(*function);
        }
        Ok(())
    }

    fn body(&mut self, function: Function) -> Result<(), Error> {
        let Function::Defined { module, index } = function else {
            return Ok(());
        };
        let parsed = &self.modules[module];
        let mut uses = Uses::default();
        uses.body(parsed.body(index)).map_err(|error| parsed.malformed(error))?;
        uses.functions
            .iter()
            .for_each(|function| self.function(module, *function));
        uses.tags.iter().for_each(|tag| self.tag(module, *tag));
        for global in uses.globals {
            self.global(module, global)?;
        }
        self.reached.grows_table |= uses.grows_table;
        Ok(())
    }

    fn function(&mut self, module: usize, index: u32) {
        self.mark(self.symbols.function(module, index));
    }

    fn mark(&mut self, function: Function) {
        if self.reached.functions.insert(function) {
            self.waiting.push(function);
        }
    }

    fn tag(&mut self, module: usize, index: u32) {
        self.reached.tags.insert(self.symbols.tag(module, index));
    }

    fn global(&mut self, module: usize, index: u32) -> Result<(), Error> {
        if self.addresses.constant(module, index).is_some() {
            return Ok(());
        }
        match self.symbols.global(module, index) {
            Some(Global::Defined { module, index }) => self.global(module, index),
            Some(_) => Ok(()),
            None => self.defined_global(module, index),
        }
    }

    fn defined_global(&mut self, module: usize, index: u32) -> Result<(), Error> {
        if !self.reached.globals.insert((module, index)) {
            return Ok(());
        }
        let parsed = &self.modules[module];
        if module > 0 && parsed.global(index).ty.mutable {
            return Err(parsed.unsupported(
                "it has a global that changes at run time, and a snapshot cannot hold that: compile it without threads",
            ));
        }
        let mut uses = Uses::default();
        let expression = parsed.global(index).init_expr.get_operators_reader();
        uses.operators(expression).map_err(|error| parsed.malformed(error))?;
        uses.functions
            .iter()
            .for_each(|function| self.function(module, *function));
        uses.globals
            .into_iter()
            .try_for_each(|global| self.global(module, global))
    }
}

/// The indices that instructions name.
#[derive(Default)]
struct Uses {
    functions: Vec<u32>,
    globals: Vec<u32>,
    tags: Vec<u32>,
    grows_table: bool,
}

impl Uses {
    fn body(&mut self, body: &wasmparser::FunctionBody<'_>) -> Result<(), wasmparser::Error> {
        self.operators(body.get_operators_reader()?)
    }

    fn operators(&mut self, mut operators: wasmparser::OperatorsReader<'_>) -> Result<(), wasmparser::Error> {
        while !operators.eof() {
            let operator = operators.read()?;
            self.grows_table |= matches!(operator, wasmparser::Operator::TableGrow { .. });
            match self.instruction(operator) {
                Ok(_) => {}
                Err(ReencodeError::ParseError(error)) => return Err(error),
                // The module is valid, so that each of its instructions can be encoded again.
                Err(error) => unreachable!("{error}"),
            }
        }
        Ok(())
    }
}

impl Reencode for Uses {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, ReencodeError> {
        self.functions.push(function);
        Ok(function)
    }

    fn global_index(&mut self, global: u32) -> Result<u32, ReencodeError> {
        self.globals.push(global);
        Ok(global)
    }

    fn tag_index(&mut self, tag: u32) -> Result<u32, ReencodeError> {
        self.tags.push(tag);
        Ok(tag)
    }
}
