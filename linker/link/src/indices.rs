//! The seventh phase: the index of everything in the linked module.

use crate::layout::Addresses;
use crate::reach::Reached;
use crate::read::Module;
use crate::symbols::{Function, Global, Symbols, Tag};
use std::collections::BTreeMap;
use wasm_encoder::reencode::{Error as ReencodeError, Reencode, RoundtripReencoder};
use wasmparser::FuncType;

/// What an index of a global in an input has become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum GlobalUse {
    /// A number.
    Constant(i32),
    /// A global of the linked module.
    Index(u32),
}

/// The index spaces of the linked module, and where the inputs' indices are in them.
pub(crate) struct Indices {
    /// For each module, the index of each of its functions, if that is reached.
    functions: Vec<Vec<Option<u32>>>,
    globals: Vec<Vec<Option<GlobalUse>>>,
    tags: Vec<Vec<Option<u32>>>,
    /// For each module, the index of its first data segment.
    data: Vec<u32>,
    /// For each module, the index of its first element segment.
    elements: Vec<u32>,
    by_function: BTreeMap<Function, u32>,
}

impl Indices {
    /// Numbers everything that is reached: hosts' functions first and imports that are added, then each module's functions in order, then those
    /// that trap.
    pub(crate) fn number(
        modules: &[Module<'_>],
        symbols: &Symbols<'_>,
        addresses: &Addresses,
        reached: &Reached,
        added_imports: usize,
    ) -> Indices {
        let by_function: BTreeMap<Function, u32> = reached
            .functions
            .iter()
            .copied()
            .zip(0..)
            .map(|(function, index)| match function {
                Function::Host(_) => (function, index),
                _ => (function, index + added_imports as u32),
            })
            .collect();
        let by_global: BTreeMap<(usize, u32), u32> = reached.globals.iter().copied().zip(0..).collect();
        let by_tag: BTreeMap<Tag, u32> = reached.tags.iter().copied().zip(0..).collect();
        let functions = of_each(modules, |place, module| {
            let all = 0..module.functions.len() as u32;
            all.map(|index| by_function.get(&symbols.function(place, index)).copied())
                .collect()
        });
        let globals = of_each(modules, |place, module| {
            let all = 0..module.globals.len() as u32;
            all.map(|index| global_use(symbols, addresses, &by_global, place, index))
                .collect()
        });
        let tags = of_each(modules, |place, module| {
            let all = 0..module.tags.len() as u32;
            all.map(|index| by_tag.get(&symbols.tag(place, index)).copied())
                .collect()
        });
        let data = firsts(modules, |module| module.data.len());
        let elements = firsts(modules, |module| module.elements.len());
        Indices {
            functions,
            globals,
            tags,
            data,
            elements,
            by_function,
        }
    }

    /// The index of a function.
    pub(crate) fn function(&self, function: Function) -> u32 {
        self.by_function[&function]
    }

    /// The index of a function, from its index in a module.
    pub(crate) fn function_of(&self, module: usize, index: u32) -> u32 {
        self.functions[module][index as usize].expect(REACHED)
    }

    /// What a global has become, from its index in a module.
    pub(crate) fn global_of(&self, module: usize, index: u32) -> GlobalUse {
        self.globals[module][index as usize].expect(REACHED)
    }

    /// The index of a tag, from its index in a module.
    pub(crate) fn tag_of(&self, module: usize, index: u32) -> u32 {
        self.tags[module][index as usize].expect(REACHED)
    }

    /// The index of a data segment, from its index in a module.
    pub(crate) fn data_of(&self, module: usize, index: u32) -> u32 {
        self.data[module] + index
    }

    /// The index of an element segment, from its index in a module.
    pub(crate) fn element_of(&self, module: usize, index: u32) -> u32 {
        self.elements[module] + index
    }
}

const REACHED: &str = "whatever is used was reached";

fn of_each<T>(modules: &[Module<'_>], all: impl Fn(usize, &Module<'_>) -> Vec<T>) -> Vec<Vec<T>> {
    modules
        .iter()
        .enumerate()
        .map(|(place, module)| all(place, module))
        .collect()
}

fn firsts(modules: &[Module<'_>], count: impl Fn(&Module<'_>) -> usize) -> Vec<u32> {
    let mut next = 0;
    modules
        .iter()
        .map(|module| {
            let first = next;
            next += count(module) as u32;
            first
        })
        .collect()
}

fn global_use(
    symbols: &Symbols<'_>,
    addresses: &Addresses,
    by_global: &BTreeMap<(usize, u32), u32>,
    module: usize,
    index: u32,
) -> Option<GlobalUse> {
    if let Some(constant) = addresses.constant(module, index) {
        return Some(GlobalUse::Constant(constant));
    }
    match symbols.global(module, index) {
        Some(Global::Defined { module, index }) => global_use(symbols, addresses, by_global, module, index),
        Some(_) => None,
        None => by_global.get(&(module, index)).copied().map(GlobalUse::Index),
    }
}

/// The types of the linked module: the base's as they are, then each other once.
#[derive(Default)]
pub(crate) struct Types {
    places: BTreeMap<FuncType, u32>,
    pub(crate) section: wasm_encoder::TypeSection,
}

impl Types {
    /// Adds a type, whether or not it is there already.
    pub(crate) fn push(&mut self, function_type: &FuncType) -> Result<(), ReencodeError> {
        let place = self.section.len();
        self.section
            .ty()
            .func_type(&RoundtripReencoder.func_type(function_type.clone())?);
        self.places.entry(function_type.clone()).or_insert(place);
        Ok(())
    }

    /// Adds a type that may not be there yet.
    pub(crate) fn add(&mut self, function_type: &FuncType) -> Result<(), ReencodeError> {
        match self.places.contains_key(function_type) {
            true => Ok(()),
            false => self.push(function_type),
        }
    }

    /// The index of a type, if it was added.
    pub(crate) fn get(&self, function_type: &FuncType) -> Option<u32> {
        self.places.get(function_type).copied()
    }
}
