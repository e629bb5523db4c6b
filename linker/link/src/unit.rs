//! The fourth phase: a side module by itself, in walrus' hands: its addresses become constants, what nothing wants goes.
//!
//! One at a time is held as a graph on each core, as that takes some fifty bytes for each of the module's.

use crate::Error;
use crate::exports::Exports;
use crate::fold::fold;
use crate::layout::{Addresses, functions};
use crate::read::Module;
use crate::symbols::{Function, Symbols};
use ampoule_action::parallel;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};
use walrus::passes::{Roots, gc};
use walrus::{CustomSection, FunctionId, IdsToIndices, ModuleConfig};
use wasmparser::{ExternalKind, Operator};

/// What walrus has made of a side module.
pub(crate) struct Unit {
    /// A module. Only its types and its code are of use.
    pub(crate) bytes: Vec<u8>,
    /// Where its indices come from.
    pub(crate) origins: Origins,
    /// How many instructions have become a part of a constant.
    pub(crate) folded: u64,
}

/// For each index in a unit, the index that it was in the module.
#[derive(Debug, Default)]
pub(crate) struct Origins {
    pub(crate) functions: Vec<u32>,
    pub(crate) globals: Vec<u32>,
    pub(crate) tags: Vec<u32>,
    pub(crate) data: Vec<u32>,
    pub(crate) elements: Vec<u32>,
}

/// Makes a unit of each side module.
pub(crate) fn make_all(
    modules: &[Module<'_>],
    symbols: &Symbols<'_>,
    addresses: &Addresses,
    exports: &Exports<'_>,
) -> Result<Vec<Unit>, Error> {
    let wanted = wanted(modules, symbols, addresses, exports)?;
    let places: Vec<usize> = (1..modules.len()).collect();
    let make = |place: &usize| make(&modules[*place], *place, addresses, &wanted[*place]);
    parallel::map(None, &places, make, |_, _| ())
}

/// The functions of each module that others use, or the table, or whoever runs the linked module.
fn wanted(
    modules: &[Module<'_>],
    symbols: &Symbols<'_>,
    addresses: &Addresses,
    exports: &Exports<'_>,
) -> Result<Vec<Vec<u32>>, Error> {
    let mut all: BTreeSet<Function> = symbols.imported_functions().collect();
    all.extend(&addresses.added);
    all.extend(&exports.initialization);
    for export in exports.kept.iter().filter(|export| export.kind == ExternalKind::Func) {
        all.insert(symbols.function(export.module, export.index));
    }
    for (place, module) in modules.iter().enumerate() {
        let functions = referred(module).map_err(|error| module.malformed(error))?;
        all.extend(functions.into_iter().map(|function| symbols.function(place, function)));
    }
    let mut wanted = vec![Vec::new(); modules.len()];
    for function in all {
        if let Function::Defined { module, index } = function {
            wanted[module].push(index);
        }
    }
    Ok(wanted)
}

/// The functions that stand in a module's segments and in the values of its globals.
fn referred(module: &Module<'_>) -> Result<Vec<u32>, wasmparser::Error> {
    let mut found = Vec::new();
    for element in &module.elements {
        found.extend(functions(&element.items)?.into_iter().flatten());
    }
    for operator in module
        .defined_globals
        .iter()
        .flat_map(|global| global.init_expr.get_operators_reader())
    {
        if let Operator::RefFunc { function_index } = operator? {
            found.push(function_index);
        }
    }
    Ok(found)
}

/// Makes a unit of the module at a place. `wanted` are the functions that are used from without.
pub(crate) fn make(module: &Module<'_>, place: usize, addresses: &Addresses, wanted: &[u32]) -> Result<Unit, Error> {
    let mut config = ModuleConfig::new();
    config
        .generate_name_section(false)
        .generate_producers_section(false)
        .legacy_exceptions(false);
    let mut parsed = config
        .parse(module.bytes)
        .map_err(|error| module.malformed(format!("{error:#}")))?;
    let mut folded = 0;
    for (_, function) in parsed.funcs.iter_local_mut() {
        // What walrus knows for debuggers: sixteen bytes for each instruction.
        function.instruction_mapping = Vec::new();
        folded += fold(function, &|global| addresses.constant(place, global.index() as u32));
    }
    let origins = keep(&mut parsed, wanted);
    let bytes = parsed.emit_wasm();
    Ok(Unit {
        bytes,
        origins: Arc::into_inner(origins)
            .and_then(OnceLock::into_inner)
            .unwrap_or_default(),
        folded,
    })
}

/// Leaves in the module what the wanted functions use; where that comes from is known after it is emitted.
fn keep(module: &mut walrus::Module, wanted: &[u32]) -> Arc<OnceLock<Origins>> {
    let exports: Vec<_> = module.exports.iter().map(walrus::Export::id).collect();
    exports.into_iter().for_each(|export| module.exports.delete(export));
    module.start = None;
    module.customs = walrus::ModuleCustomSections::default();
    let functions: Vec<FunctionId> = module.funcs.iter().map(walrus::Function::id).collect();
    let wanted = wanted.iter().map(|function| functions[*function as usize]).collect();
    module.customs.add(Wanted(wanted));
    gc::run(module);
    module.customs.delete_typed::<Wanted>();
    let origins = Arc::default();
    module.customs.add(Indices::of(module, &origins));
    origins
}

/// A section that is never written: it says what is a root.
#[derive(Debug)]
struct Wanted(Vec<FunctionId>);

impl CustomSection for Wanted {
    fn name(&self) -> &str {
        "wanted"
    }

    fn data(&self, _: &IdsToIndices) -> Cow<'_, [u8]> {
        Cow::Borrowed(&[])
    }

    fn add_gc_roots(&self, roots: &mut Roots) {
        for function in &self.0 {
            roots.push_func(*function);
        }
    }
}

/// A section without content: walrus tells it the indices that everything has been given.
#[derive(Debug)]
struct Indices {
    functions: Vec<FunctionId>,
    globals: Vec<walrus::GlobalId>,
    tags: Vec<walrus::TagId>,
    data: Vec<walrus::DataId>,
    elements: Vec<walrus::ElementId>,
    origins: Arc<OnceLock<Origins>>,
}

impl Indices {
    fn of(module: &walrus::Module, origins: &Arc<OnceLock<Origins>>) -> Indices {
        Indices {
            functions: module.funcs.iter().map(walrus::Function::id).collect(),
            globals: module.globals.iter().map(walrus::Global::id).collect(),
            tags: module.tags.iter().map(walrus::Tag::id).collect(),
            data: module.data.iter().map(walrus::Data::id).collect(),
            elements: module.elements.iter().map(walrus::Element::id).collect(),
            origins: origins.clone(),
        }
    }
}

impl CustomSection for Indices {
    fn name(&self) -> &str {
        "indices"
    }

    fn data(&self, indices: &IdsToIndices) -> Cow<'_, [u8]> {
        // An identifier's place in its arena is the index that it had when the module was parsed.
        let origins = Origins {
            functions: by_index(
                self.functions
                    .iter()
                    .map(|id| (indices.get_func_index(*id), id.index())),
            ),
            globals: by_index(
                self.globals
                    .iter()
                    .map(|id| (indices.get_global_index(*id), id.index())),
            ),
            tags: by_index(self.tags.iter().map(|id| (indices.get_tag_index(*id), id.index()))),
            data: by_index(self.data.iter().map(|id| (indices.get_data_index(*id), id.index()))),
            elements: by_index(
                self.elements
                    .iter()
                    .map(|id| (indices.get_element_index(*id), id.index())),
            ),
        };
        // It is asked once.
        let _ = self.origins.set(origins);
        Cow::Borrowed(&[])
    }
}

fn by_index(pairs: impl Iterator<Item = (u32, usize)>) -> Vec<u32> {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort_unstable();
    pairs.into_iter().map(|(_, origin)| origin as u32).collect()
}
