//! The third phase: the world's side module, made by wit-dylib.

use crate::builtins::with_builtins;
use crate::channels::is_async;
use crate::core_names::beside_memory;
use crate::nominal::{Origins, nominal, restore};
use crate::numbers::numbers;
use crate::post_return::clean_up_before_return;
use crate::stand_ins::{ERROR_CONTEXT_FUNCTIONS, stand_ins};
use crate::weak::with_weak_imports;
use crate::{Error, Resolved};
use std::collections::BTreeMap;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_dylib::Metadata;
use wit_parser::TypeDefKind;

/// The module that joins the component's functions with the guest runtime.
pub struct SideModule {
    /// The module, with the section that describes the component's type.
    pub bytes: Vec<u8>,
    /// What wit-dylib says about it: its vectors give functions and types their indices.
    pub metadata: Metadata,
    /// The tuples that stand for fixed-length lists.
    pub fixed_length_lists: Vec<usize>,
    /// The tuples that stand for error contexts.
    pub error_contexts: Vec<usize>,
    imports: BTreeMap<(Option<String>, String), usize>,
}

impl SideModule {
    /// The index of an imported function.
    ///
    /// # Panics
    /// When the world that the module was made of has no such function.
    pub fn import_index(&self, interface: Option<&str>, name: &str) -> usize {
        self.imports[&(interface.map(str::to_string), name.to_string())]
    }

    /// The indices of the imports that make, read and drop error contexts; none if the world has no error contexts.
    pub fn error_context_imports(&self) -> Vec<usize> {
        let index = |name: &&str| self.imports.get(&(None, name.to_string())).copied();
        ERROR_CONTEXT_FUNCTIONS.iter().filter_map(index).collect()
    }
}

/// Makes the side module of a world.
///
/// # Errors
/// When the world cannot be encoded.
pub fn side_module(resolved: &Resolved) -> Result<SideModule, Error> {
    let world = resolved.world;
    let failed = |error: anyhow::Error| Error::Encoding {
        world: resolved.name.clone(),
        reason: format!("{error:#}"),
    };
    let mut resolve = stand_ins(&resolved.resolve, world, resolved.error_context);
    let is_async = is_async(&resolve, world);
    let origins = if is_async {
        nominal(&mut resolve, world)
    } else {
        Origins::new()
    };
    let (mut bytes, mut metadata) = wit_dylib::create_with_metadata(&resolve, world, None).map_err(failed)?;
    restore(&mut metadata, &origins);
    if is_async {
        bytes = with_builtins(&bytes, &numbers(&resolved.resolve, world)).map_err(failed)?;
    }
    bytes = clean_up_before_return(&bytes, &resolve, world).map_err(failed)?;
    bytes = beside_memory(&bytes).map_err(failed)?;
    bytes = with_weak_imports(&bytes, &resolved.optional_imports).map_err(failed)?;
    embed_component_metadata(&mut bytes, &resolved.resolve, world, StringEncoding::UTF8, false).map_err(failed)?;
    let is_fixed = |&index: &usize| {
        let definition = resolved.resolve.types.get(metadata.tuples[index].id);
        definition.is_some_and(|definition| matches!(definition.kind, TypeDefKind::FixedLengthList(..)))
    };
    let tuples = 0..metadata.tuples.len();
    let fixed_length_lists = tuples.clone().filter(is_fixed).collect();
    let error_contexts = tuples
        .filter(|&index| metadata.tuples[index].id == resolved.error_context)
        .collect();
    let functions = metadata.import_funcs.iter().enumerate();
    let imports = functions
        .map(|(index, function)| ((function.interface.clone(), function.name.clone()), index))
        .collect();
    Ok(SideModule {
        bytes,
        metadata,
        fixed_length_lists,
        error_contexts,
        imports,
    })
}
