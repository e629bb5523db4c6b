//! How large a type is when all types in it are written out: that much code is made for it, and so deep is its annotation in Python.

use crate::order::parts;
use std::collections::BTreeMap;
use wit_parser::{Resolve, Type, TypeDefKind, TypeId};

/// The extent of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// The number of values in it, itself and those of the types in it included; of a list that of one item.
    pub(crate) values: u64,
    /// How deep it is nested in its annotation in Python, in which a class is a name.
    pub(crate) nesting: u32,
    /// How deep it is nested in all.
    pub(crate) depth: u32,
}

/// The extents of the types of a package, each found once.
pub(crate) struct Extents<'a> {
    resolve: &'a Resolve,
    known: BTreeMap<TypeId, Extent>,
}

impl<'a> Extents<'a> {
    pub(crate) fn new(resolve: &'a Resolve) -> Extents<'a> {
        Extents {
            resolve,
            known: BTreeMap::new(),
        }
    }

    /// The extent of a type, after those of all that it refers to: without recursion, as it may be deeper than the stack.
    pub(crate) fn of(&mut self, ty: Type) -> Extent {
        let Type::Id(id) = ty else {
            return Extent {
                values: 1,
                ..Extent::default()
            };
        };
        let mut pending = vec![id];
        while let Some(next) = pending.last().copied() {
            let unknown = parts(self.resolve, next).into_iter().filter_map(identified);
            let unknown: Vec<TypeId> = unknown.filter(|part| !self.known.contains_key(part)).collect();
            if unknown.is_empty() {
                let extent = self.of_parts(next);
                self.known.insert(next, extent);
                pending.pop();
            } else {
                pending.extend(unknown);
            }
        }
        self.known[&id]
    }

    fn of_parts(&self, id: TypeId) -> Extent {
        let kind = &self.resolve.types[id].kind;
        let is_alias = matches!(kind, TypeDefKind::Type(_));
        let mut extent = Extent {
            values: u64::from(!is_alias),
            ..Extent::default()
        };
        for part in parts(self.resolve, id) {
            let inner = identified(part).map_or(Extent::default(), |part| self.known[&part]);
            extent.values = extent.values.saturating_add(inner.values.max(1));
            extent.nesting = extent.nesting.max(inner.nesting);
            extent.depth = extent.depth.max(inner.depth);
        }
        if let TypeDefKind::FixedLengthList(_, length) = kind {
            extent.values = extent.values.saturating_mul(u64::from(*length).max(1));
        }
        let is_class = matches!(
            kind,
            TypeDefKind::Record(_)
                | TypeDefKind::Variant(_)
                | TypeDefKind::Enum(_)
                | TypeDefKind::Flags(_)
                | TypeDefKind::Resource
        );
        extent.nesting = match kind {
            _ if is_class => 0,
            TypeDefKind::Type(_) => extent.nesting,
            // An option in an option is written with `Some`.
            TypeDefKind::Option(_) => extent.nesting + 2,
            _ => extent.nesting + 1,
        };
        extent.depth += u32::from(!is_alias);
        extent
    }
}

fn identified(ty: Type) -> Option<TypeId> {
    match ty {
        Type::Id(id) => Some(id),
        _ => None,
    }
}
