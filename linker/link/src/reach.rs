//! The sixth phase: what of the modules can be reached at all. The rest is left out.

use crate::Error;
use crate::code::{Code, Use};
use crate::exports::Exports;
use crate::layout::{Addresses, functions};
use crate::read::Module;
use crate::symbols::{Function, Global, Symbols, Tag};
use std::collections::BTreeSet;
use wasmparser::{ExternalKind, Operator};

/// What goes into the linked module.
#[derive(Default)]
pub(crate) struct Reached {
    pub(crate) functions: BTreeSet<Function>,
    /// Globals by module and index: of the base's, all up to the last that its code uses; of others', those that are used and no constants.
    pub(crate) globals: BTreeSet<(usize, u32)>,
    pub(crate) tags: BTreeSet<Tag>,
    /// Whether some instruction changes the table's size.
    pub(crate) grows_table: bool,
}

/// Follows all uses from the exports, the table, the data and what runs at the start.
pub(crate) fn reach(
    modules: &[Module<'_>],
    codes: &[Code<'_>],
    symbols: &Symbols<'_>,
    addresses: &Addresses,
    exports: &Exports<'_>,
) -> Result<Reached, Error> {
    let mut walk = Walk {
        modules,
        codes,
        symbols,
        addresses,
        reached: Reached::default(),
        waiting: Vec::new(),
    };
    walk.base()?;
    walk.exports(exports)?;
    walk.tables()?;
    while let Some(function) = walk.waiting.pop() {
        walk.body(function)?;
    }
    Ok(walk.reached)
}

struct Walk<'w, 'a> {
    modules: &'w [Module<'a>],
    codes: &'w [Code<'w>],
    symbols: &'w Symbols<'a>,
    addresses: &'w Addresses,
    reached: Reached,
    waiting: Vec<Function>,
}

impl Walk<'_, '_> {
    /// The base's globals and tags stay where they are, whether or not this program uses them.
    fn base(&mut self) -> Result<(), Error> {
        let (base, code) = (&self.modules[0], &self.codes[0]);
        if code.stays {
            (0..base.tags.len() as u32).for_each(|tag| self.tag(0, tag));
            (0..code.used_globals).try_for_each(|global| self.defined_global(0, global))?;
        }
        Ok(())
    }

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
        let code = &self.codes[module];
        for used in code.uses(index) {
            match *used {
                Use::Function { index, .. } => self.function(module, index),
                Use::Global(index) => self.global(module, index)?,
                Use::Tag(index) => self.tag(module, index),
                Use::GrowsTable => self.reached.grows_table = true,
            }
        }
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
        for operator in parsed.global(index).init_expr.get_operators_reader() {
            match operator.map_err(|error| parsed.malformed(error))? {
                Operator::RefFunc { function_index } => self.function(module, function_index),
                Operator::GlobalGet { global_index } => self.global(module, global_index)?,
                _ => {}
            }
        }
        Ok(())
    }
}
