//! The third phase: where each module's data and table elements go, and which globals become constants by that.

use crate::Error;
use crate::read::Module;
use crate::signatures::{UNKNOWN, signature};
use crate::symbols::{Function, Global, Symbols, initializers};
use ampoule_layout::{BASE, Initializer, Layout, MemorySize, Placement, Signatures, Slot, TableSize};
use std::collections::BTreeMap;
use wasmparser::{ConstExpr, ElementItems, ElementKind, ExternalKind, Operator};

const PAGE: u64 = 65_536;

/// Through how many globals a constant may be defined; more can only be a circle.
const DEPTH: usize = 100;

/// What the addresses settle: the layout, the slots of functions, and the values of globals.
pub(crate) struct Addresses {
    pub(crate) layout: Layout,
    /// The functions in the slots that the link added, in order.
    pub(crate) added: Vec<Function>,
    /// The first slot that the link added.
    pub(crate) first_added: u32,
    /// The value of each global of each module, if it is a constant.
    constants: Vec<Vec<Option<i32>>>,
}

impl Addresses {
    /// The value of a global, if it is a constant.
    pub(crate) fn constant(&self, module: usize, global: u32) -> Option<i32> {
        self.constants[module][global as usize]
    }

    /// The value of an expression, if it is a constant.
    pub(crate) fn evaluate(&self, module: usize, expression: &ConstExpr<'_>) -> Option<i32> {
        evaluate(expression.get_operators_reader(), &mut |global| {
            self.constant(module, global)
        })
    }
}

/// Places the modules; the first is the base, which stays where it is.
pub(crate) fn place<'a>(modules: &[Module<'a>], symbols: &Symbols<'a>) -> Result<Addresses, Error> {
    let mut plan = Plan {
        modules,
        symbols,
        bases: Vec::new(),
        slots: BTreeMap::new(),
        functions: BTreeMap::new(),
        added: Vec::new(),
        next_slot: 0,
    };
    let memory_end = plan.bases()?;
    let first_added = plan.next_slot;
    plan.existing_slots()?;
    plan.added_slots();
    let layout = plan.layout(memory_end)?;
    let constants = plan.constants()?;
    Ok(Addresses {
        layout,
        added: plan.added,
        first_added,
        constants,
    })
}

/// Where a module's data and table elements begin.
#[derive(Clone, Copy)]
struct Bases {
    memory: u32,
    table: u32,
}

struct Plan<'m, 'a> {
    modules: &'m [Module<'a>],
    symbols: &'m Symbols<'a>,
    bases: Vec<Bases>,
    slots: BTreeMap<Function, u32>,
    /// What is in the slots.
    functions: BTreeMap<u32, Function>,
    added: Vec<Function>,
    next_slot: u32,
}

impl Plan<'_, '_> {
    /// Chooses the bases of all modules and gives the end of the memory in bytes.
    fn bases(&mut self) -> Result<u64, Error> {
        let base = &self.modules[0];
        let mut memory = base.memory.map_or(0, |memory| memory.initial) * PAGE;
        let mut table = base.table.map_or(0, |table| table.initial);
        self.bases.push(Bases { memory: 0, table: 0 });
        for module in &self.modules[1..] {
            let sizes = &module.dylink;
            memory = align(module, memory, sizes.memory_alignment)?;
            table = align(module, table, sizes.table_alignment)?;
            self.bases.push(Bases {
                memory: in_memory(memory)?,
                table: in_table(table)?,
            });
            memory += u64::from(sizes.memory_size);
            table += u64::from(sizes.table_size);
        }
        self.next_slot = in_table(table)?;
        Ok(memory)
    }

    /// Finds the slots that functions have in the modules' own element segments.
    fn existing_slots(&mut self) -> Result<(), Error> {
        for (place, module) in self.modules.iter().enumerate() {
            for element in &module.elements {
                let ElementKind::Active { offset_expr, .. } = &element.kind else {
                    continue;
                };
                let offset = self
                    .evaluate(place, offset_expr)
                    .ok_or_else(|| module.unsupported("the offset of an element segment is not a constant"))?;
                let functions = functions(&element.items).map_err(|error| module.malformed(error))?;
                self.check_room(place, offset as u32, functions.len())?;
                for (slot, function) in (offset as u32..).zip(functions) {
                    if let Some(function) = function {
                        let function = self.symbols.function(place, function);
                        self.slots.entry(function).or_insert(slot);
                        self.functions.insert(slot, function);
                    }
                }
            }
        }
        Ok(())
    }

    /// Checks that a side module's elements lie in the part of the table that it asks for.
    fn check_room(&self, place: usize, offset: u32, count: usize) -> Result<(), Error> {
        let module = &self.modules[place];
        let first = u64::from(self.bases[place].table);
        let last = first + u64::from(module.dylink.table_size);
        if place > 0 && (u64::from(offset) < first || u64::from(offset) + count as u64 > last) {
            return Err(module.unsupported("its section dylink.0 asks for fewer table elements than it sets"));
        }
        Ok(())
    }

    /// Gives a slot to each function whose address is wanted and that has none yet.
    fn added_slots(&mut self) {
        let mut wanted = Vec::new();
        for (place, module) in self.modules.iter().enumerate() {
            for index in 0..module.imported_globals.len() {
                if let Some(Global::Slot(function)) = self.symbols.global(place, index as u32) {
                    wanted.push(function);
                }
            }
            if module.image_path.is_some() {
                wanted.extend(initializers(module).map(|(_, index)| self.symbols.function(place, index)));
            }
        }
        for function in wanted {
            if let std::collections::btree_map::Entry::Vacant(entry) = self.slots.entry(function) {
                entry.insert(self.next_slot);
                self.functions.insert(self.next_slot, function);
                self.added.push(function);
                self.next_slot += 1;
            }
        }
    }

    fn layout(&self, memory_end: u64) -> Result<Layout, Error> {
        let pages = memory_end.div_ceil(PAGE);
        let limit = self.modules[0].memory.and_then(|memory| memory.maximum).unwrap_or(PAGE);
        if pages > limit {
            return Err(Error::TooLarge {
                what: "pages of memory",
                needed: pages,
                limit,
            });
        }
        let placements = (1..self.modules.len())
            .map(|place| self.placement(place))
            .collect::<Result<_, _>>()?;
        Ok(Layout {
            memory: MemorySize { pages },
            table: TableSize {
                elements: u64::from(self.next_slot),
            },
            modules: placements,
            got_functions: self
                .added
                .iter()
                .filter_map(|function| self.added_slot(*function))
                .collect(),
            signatures: self.signatures(),
            initializers: self.initializers(),
        })
    }

    fn placement(&self, place: usize) -> Result<Placement, Error> {
        let module = &self.modules[place];
        let mut placement = Placement {
            name: module.name.to_string(),
            memory_base: self.bases[place].memory,
            table_base: self.bases[place].table,
            memory_size: module.dylink.memory_size,
            table_size: module.dylink.table_size,
            functions: BTreeMap::new(),
            got_functions: BTreeMap::new(),
            got_memory: BTreeMap::new(),
        };
        for (index, import) in module.imported_functions.iter().enumerate() {
            let import = module.imports[*import];
            if import.module == "env" {
                let definer = self.definer(self.symbols.function(place, index as u32));
                placement.functions.insert(import.name.to_string(), definer);
            }
        }
        for (index, import) in module.imported_globals.iter().enumerate() {
            let import = module.imports[*import];
            let map = match import.module {
                "GOT.func" => &mut placement.got_functions,
                "GOT.mem" => &mut placement.got_memory,
                _ => continue,
            };
            let value = self.required_constant(place, index as u32)?;
            map.insert(import.name.to_string(), value as u32);
        }
        Ok(placement)
    }

    /// The name of the module from which others get a function.
    fn definer(&self, function: Function) -> Option<String> {
        match function {
            Function::Defined { module, .. } => Some(self.modules[module].name.to_string()),
            Function::Host(_) => Some(BASE.to_string()),
            Function::Stub(_) => None,
        }
    }

    fn added_slot(&self, function: Function) -> Option<Slot> {
        let module = match function {
            Function::Defined { module, .. } => module,
            Function::Host(_) => 0,
            Function::Stub(_) => return None,
        };
        let exports = &self.modules[module].exports;
        let export = exports.iter().find(|export| {
            export.kind == ExternalKind::Func && self.symbols.function(module, export.index) == function
        })?;
        Some(Slot {
            symbol: export.name.to_string(),
            module: self.modules[module].name.to_string(),
            slot: self.slots[&function],
        })
    }

    /// The types of the functions in the slots after the base's.
    fn signatures(&self) -> Signatures {
        let first = self.modules[0].table.map_or(0, |table| table.initial) as u32;
        let of_slot = |slot| self.functions.get(&slot);
        Signatures {
            first,
            slots: (first..self.next_slot)
                .map(|slot| {
                    of_slot(slot).map_or(UNKNOWN, |function| {
                        signature(self.symbols.type_of(self.modules, *function))
                    })
                })
                .collect(),
        }
    }

    fn initializers(&self) -> Vec<Initializer> {
        let mut found = Vec::new();
        for (place, module) in self.modules.iter().enumerate() {
            let Some(path) = module.image_path else { continue };
            for (symbol, index) in initializers(module) {
                let slot = self.slots[&self.symbols.function(place, index)];
                found.push(Initializer {
                    path: path.to_string(),
                    symbol: symbol.to_string(),
                    slot,
                });
            }
        }
        found
    }

    fn constants(&self) -> Result<Vec<Vec<Option<i32>>>, Error> {
        let constants = self.modules.iter().enumerate().map(|(place, module)| {
            let globals = 0..module.globals.len() as u32;
            globals
                .map(|global| match self.symbols.global(place, global) {
                    Some(Global::Address { .. }) => self.required_constant(place, global).map(Some),
                    _ => Ok(self.constant(place, global, 0)),
                })
                .collect()
        });
        constants.collect()
    }

    /// The value of a global that can only be a constant.
    fn required_constant(&self, module: usize, global: u32) -> Result<i32, Error> {
        self.constant(module, global, 0).ok_or_else(|| {
            let parsed = &self.modules[module];
            let name = parsed.imports[parsed.imported_globals[global as usize]].name;
            parsed.unsupported(format!(
                "the address of `{name}` is not a constant in the module that defines it"
            ))
        })
    }

    /// The value of a global, if it is a constant. `depth` counts globals that are defined by others, against a circle of them.
    fn constant(&self, module: usize, global: u32, depth: usize) -> Option<i32> {
        if depth > DEPTH {
            return None;
        }
        match self.symbols.global(module, global) {
            Some(Global::MemoryBase) => Some(self.bases[module].memory as i32),
            Some(Global::TableBase) => Some(self.bases[module].table as i32),
            Some(Global::Slot(function)) => self.slots.get(&function).map(|slot| *slot as i32),
            Some(Global::Null) => Some(0),
            Some(Global::Defined { module, index }) => self.constant(module, index, depth + 1),
            Some(Global::Address { module, index }) => self.address(module, index, depth + 1),
            None => {
                let parsed = &self.modules[module];
                let defined = parsed.global(global);
                let mut value_of = |global| self.constant(module, global, depth + 1);
                match parsed.fixed_globals.get(&global) {
                    Some(expression) => evaluate(expression.iter().cloned().map(Ok), &mut value_of),
                    None if defined.ty.mutable => None,
                    None => evaluate(defined.init_expr.get_operators_reader(), &mut value_of),
                }
            }
        }
    }

    /// The address that an exported global stands for: a plain number in a side module counts from the module's own data.
    fn address(&self, module: usize, global: u32, depth: usize) -> Option<i32> {
        let defined = self.modules[module].global(global);
        let mut is_relative = module > 0;
        let value = evaluate(defined.init_expr.get_operators_reader(), &mut |global| {
            is_relative = false;
            self.constant(module, global, depth + 1)
        })?;
        let base = if is_relative { self.bases[module].memory } else { 0 };
        Some(value.wrapping_add(base as i32))
    }

    fn evaluate(&self, module: usize, expression: &ConstExpr<'_>) -> Option<i32> {
        evaluate(expression.get_operators_reader(), &mut |global| {
            self.constant(module, global, 0)
        })
    }
}

/// The value of a constant expression of type i32 (core specification 3.0, "Constant Expressions"), if its globals have values.
fn evaluate<'o>(
    expression: impl IntoIterator<Item = Result<Operator<'o>, wasmparser::Error>>,
    global: &mut dyn FnMut(u32) -> Option<i32>,
) -> Option<i32> {
    let mut stack = Vec::new();
    for operator in expression {
        let mut binary = |apply: fn(i32, i32) -> i32| {
            let (right, left) = (stack.pop()?, stack.pop()?);
            Some(apply(left, right))
        };
        let value = match operator.ok()? {
            Operator::I32Const { value } => value,
            Operator::GlobalGet { global_index } => global(global_index)?,
            Operator::I32Add => binary(i32::wrapping_add)?,
            Operator::I32Sub => binary(i32::wrapping_sub)?,
            Operator::I32Mul => binary(i32::wrapping_mul)?,
            Operator::End => break,
            _ => return None,
        };
        stack.push(value);
    }
    stack.pop()
}

/// The functions of an element segment; none where an element is null.
pub(crate) fn functions(items: &ElementItems<'_>) -> Result<Vec<Option<u32>>, wasmparser::Error> {
    match items {
        ElementItems::Functions(functions) => functions
            .clone()
            .into_iter()
            .map(|function| function.map(Some))
            .collect(),
        ElementItems::Expressions(_, expressions) => expressions
            .clone()
            .into_iter()
            .map(|expression| match expression?.get_operators_reader().read()? {
                Operator::RefFunc { function_index } => Ok(Some(function_index)),
                _ => Ok(None),
            })
            .collect(),
    }
}

fn align(module: &Module<'_>, address: u64, power: u32) -> Result<u64, Error> {
    if power > 16 {
        return Err(module.unsupported(format!(
            "its section dylink.0 asks for an alignment of 2^{power}, and 2^16 is the most"
        )));
    }
    Ok(address.next_multiple_of(1 << power))
}

fn in_memory(address: u64) -> Result<u32, Error> {
    u32::try_from(address).map_err(|_| Error::TooLarge {
        what: "bytes of memory",
        needed: address,
        limit: u64::from(u32::MAX),
    })
}

fn in_table(slot: u64) -> Result<u32, Error> {
    u32::try_from(slot).map_err(|_| Error::TooLarge {
        what: "table elements",
        needed: slot,
        limit: u64::from(u32::MAX),
    })
}
