//! Types of their own for what an asynchronous world both imports and exports.
//!
//! wit-dylib takes a stream's built-ins from the first function that has its type. Where an interface is imported and exported, both
//! have the same types, so that a stream of an exported resource would get those of the imported one.

use crate::order::parts;
use std::collections::BTreeMap;
use wit_dylib::Metadata;
use wit_parser::{InterfaceId, Resolve, Type, TypeId, WorldId, WorldItem};

/// The types that types were copied from.
pub(crate) type Origins = BTreeMap<TypeId, TypeId>;

/// Gives each import and export types of its own.
pub(crate) fn nominal(resolve: &mut Resolve, world: WorldId) -> Origins {
    let before = interfaces(resolve, world);
    resolve.generate_nominal_type_ids(world);
    let after = interfaces(resolve, world);
    let mut walk = Walk {
        resolve,
        origins: Origins::new(),
    };
    for (copy, original) in after.into_iter().zip(before) {
        walk.interface(copy, original);
    }
    walk.origins
}

fn interfaces(resolve: &Resolve, world: WorldId) -> Vec<InterfaceId> {
    let world = &resolve.worlds[world];
    let items = world.imports.values().chain(world.exports.values());
    items
        .filter_map(|item| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            _ => None,
        })
        .collect()
}

struct Walk<'a> {
    resolve: &'a Resolve,
    origins: Origins,
}

impl Walk<'_> {
    fn interface(&mut self, copy: InterfaceId, original: InterfaceId) {
        let (copy, original) = (&self.resolve.interfaces[copy], &self.resolve.interfaces[original]);
        for (copy, original) in copy.types.values().zip(original.types.values()) {
            self.ty(Type::Id(*copy), Type::Id(*original));
        }
        for (copy, original) in copy.functions.values().zip(original.functions.values()) {
            let types = copy
                .parameter_and_result_types()
                .zip(original.parameter_and_result_types());
            types.for_each(|(copy, original)| self.ty(copy, original));
        }
    }

    fn ty(&mut self, copy: Type, original: Type) {
        let (Type::Id(copy), Type::Id(original)) = (copy, original) else {
            return;
        };
        if copy == original || self.origins.insert(copy, original).is_some() {
            return;
        }
        let types = parts(self.resolve, copy).into_iter().zip(parts(self.resolve, original));
        types.for_each(|(copy, original)| self.ty(copy, original));
    }
}

/// Says of the types in wit-dylib's view which ones of the world they are.
pub(crate) fn restore(metadata: &mut Metadata, origins: &Origins) {
    let ids = metadata
        .records
        .iter_mut()
        .map(|ty| &mut ty.id)
        .chain(metadata.flags.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.tuples.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.variants.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.enums.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.resources.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.streams.iter_mut().map(|ty| &mut ty.id))
        .chain(metadata.futures.iter_mut().map(|ty| &mut ty.id));
    for id in ids {
        if let Some(original) = origins.get(id) {
            *id = *original;
        }
    }
}
