//! What the linked module exports, and what its initialisation runs.

use crate::Roots;
use crate::error::{Problem, Problems};
use crate::read::Module;
use crate::symbols::{Function, Symbols};
use crate::wasi::{BOUND, VIRTUAL};
use ampoule_layout::LOADER_FUNCTIONS;
use std::collections::BTreeMap;
use wasmparser::{ExternalKind, FuncType};

/// An export of the linked module.
pub(crate) struct Kept<'a> {
    pub(crate) name: &'a str,
    pub(crate) kind: ExternalKind,
    pub(crate) module: usize,
    pub(crate) index: u32,
}

/// The exports that are kept, and the functions that the initialisation calls.
pub(crate) struct Exports<'a> {
    pub(crate) kept: Vec<Kept<'a>>,
    /// Called in this order: what sets up globals, then data relocations, then constructors, each module by module.
    pub(crate) initialization: Vec<Function>,
}

/// Chooses the exports: the base's entry points, and all of a module that carries a world.
pub(crate) fn choose<'a>(modules: &[Module<'a>], symbols: &Symbols<'a>, roots: Roots) -> Result<Exports<'a>, Problems> {
    let mut kept: Vec<Kept<'a>> = Vec::new();
    for (module, parsed) in modules.iter().enumerate() {
        for export in &parsed.exports {
            let wanted = if module == 0 {
                is_entry_point(parsed, export, roots)
            } else {
                is_of_world(parsed, export)
            };
            if wanted {
                kept.push(Kept {
                    name: export.name,
                    kind: export.kind,
                    module,
                    index: export.index,
                });
            }
        }
    }
    let duplicates = duplicates(modules, &kept);
    if !duplicates.is_empty() {
        return Err(Problems(duplicates));
    }
    Ok(Exports {
        kept,
        initialization: match roots {
            Roots::Component => Vec::new(),
            Roots::Build => initialization(modules, symbols),
        },
    })
}

/// Whether an export of the base is called, read or changed from outside the linked module.
fn is_entry_point(base: &Module<'_>, export: &wasmparser::Export<'_>, roots: Roots) -> bool {
    let name = export.name;
    match export.kind {
        ExternalKind::Memory => true,
        ExternalKind::Global => name == "__stack_pointer" && export.index as usize >= base.imported_globals.len(),
        ExternalKind::Func => {
            (roots == Roots::Build && is_of_build(name))
                || name.starts_with("cabi_")
                || name.contains(['#', ':']) && ![VIRTUAL, BOUND].iter().any(|prefix| name.starts_with(prefix))
        }
        _ => false,
    }
}

/// Whether only the build calls a function of the base. The name of a world's function has a `#` or a `:`, or stands in a world's module.
fn is_of_build(name: &str) -> bool {
    name == "_initialize" || name.starts_with("ampoule_")
}

/// Whether an export belongs to the world that the module carries; what it has from other modules does not.
pub(crate) fn is_of_world(module: &Module<'_>, export: &wasmparser::Export<'_>) -> bool {
    module.has_world()
        && export.kind == ExternalKind::Func
        && export.index as usize >= module.imported_functions.len()
        && !LOADER_FUNCTIONS.iter().any(|names| names.contains(&export.name))
}

fn duplicates(modules: &[Module<'_>], kept: &[Kept<'_>]) -> Vec<Problem> {
    let mut exporters = BTreeMap::<_, Vec<_>>::new();
    for export in kept {
        exporters
            .entry(export.name)
            .or_default()
            .push(modules[export.module].name.to_string());
    }
    let duplicates = exporters.into_iter().filter(|(_, modules)| modules.len() > 1);
    duplicates
        .map(|(symbol, defined_by)| Problem::Duplicate {
            kind: "export",
            symbol: symbol.to_string(),
            defined_by,
            wanted_by: vec!["the component".to_string()],
        })
        .collect()
}

/// The functions by which the side modules set themselves up.
fn initialization(modules: &[Module<'_>], symbols: &Symbols<'_>) -> Vec<Function> {
    let side = || modules.iter().enumerate().skip(1);
    let nullary = FuncType::new([], []);
    let exported = |place: usize, module: &Module<'_>, names: &[&str]| {
        let function = names.iter().find_map(|name| module.exported_function(name))?;
        (*module.function_type(function) == nullary).then(|| symbols.function(place, function))
    };
    let starts = side().filter_map(|(place, module)| Some(symbols.function(place, module.start?)));
    let mut functions: Vec<Function> = starts.collect();
    for names in LOADER_FUNCTIONS {
        functions.extend(side().filter_map(|(place, module)| exported(place, module, names)));
    }
    functions
}
