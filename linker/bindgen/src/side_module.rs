//! The third phase: the world's side module, made by wit-dylib.

use crate::{Error, Resolved};
use std::collections::BTreeMap;
use wit_component::{StringEncoding, embed_component_metadata};
use wit_dylib::Metadata;
use wit_parser::{Resolve, Tuple, TypeDefKind};

/// The module that joins the component's functions with the guest runtime.
pub struct SideModule {
    /// The module, with the section that describes the component's type.
    pub bytes: Vec<u8>,
    /// What wit-dylib says about it: its vectors give functions and types their indices.
    pub metadata: Metadata,
    /// The tuples that stand for fixed-length lists.
    pub fixed_length_lists: Vec<usize>,
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
    let resolve = with_tuples_for_fixed_length_lists(&resolved.resolve);
    let (mut bytes, metadata) = wit_dylib::create_with_metadata(&resolve, world, None).map_err(failed)?;
    embed_component_metadata(&mut bytes, &resolved.resolve, world, StringEncoding::UTF8, false).map_err(failed)?;
    let fixed = |&index: &usize| {
        let kind = &resolved.resolve.types[metadata.tuples[index].id].kind;
        matches!(kind, TypeDefKind::FixedLengthList(..))
    };
    let fixed_length_lists = (0..metadata.tuples.len()).filter(fixed).collect();
    let functions = metadata.import_funcs.iter().enumerate();
    let imports = functions
        .map(|(index, function)| ((function.interface.clone(), function.name.clone()), index))
        .collect();
    Ok(SideModule {
        bytes,
        metadata,
        fixed_length_lists,
        imports,
    })
}

/// A copy in which each `list<T, N>` is a tuple of N times T, which the canonical ABI passes in the same way: wit-dylib has no
/// fixed-length lists yet.
fn with_tuples_for_fixed_length_lists(resolve: &Resolve) -> Resolve {
    let mut resolve = resolve.clone();
    for (_, definition) in resolve.types.iter_mut() {
        if let TypeDefKind::FixedLengthList(item, length) = definition.kind {
            let types = vec![item; usize::try_from(length).expect("a length of 32 bits fits in memory")];
            definition.kind = TypeDefKind::Tuple(Tuple { types });
        }
    }
    resolve
}
