//! Refuses what cannot be bound, before a later phase meets it.

use crate::extent::{Extent, Extents};
use crate::order::parts;
use crate::{Error, Resolved};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{
    Function, Handle, InterfaceId, Resolve, ResolveError, Span, Type, TypeDefKind, TypeId, WorldItem, WorldKey,
};

/// As many flags as the canonical ABI has room for.
const MOST_FLAGS: usize = 32;

/// As many values as a fixed-length list may have in all, its inner lists included.
const MOST_FIXED: u64 = 1024;

/// As many values as a function may take and give in all: code is made for each.
const MOST_VALUES: u64 = 100_000;

/// As deep as types may be nested in an annotation: CPython's parser takes no more than about 75 levels.
const DEEPEST_NESTING: u32 = 64;

/// As deep as types may be nested in all: hosts take 100 levels, those of the interface and of the function included.
const DEEPEST: u32 = 80;

/// As many parameters as hosts take.
const MOST_PARAMETERS: usize = 1000;

/// As many fields or cases as hosts take.
const MOST_PARTS: usize = 10_000;

/// Checks all that the world imports and exports.
pub(crate) fn refuse(resolved: &Resolved) -> Result<(), Error> {
    let world = &resolved.resolve.worlds[resolved.world];
    let mut walk = Walk {
        resolve: &resolved.resolve,
        extents: Extents::new(&resolved.resolve),
        seen: BTreeSet::new(),
    };
    walk.resources_twice(&world.imports, "imported")?;
    walk.resources_twice(&world.exports, "exported")?;
    for (key, item) in world.imports.iter().chain(&world.exports) {
        match item {
            WorldItem::Interface { id, .. } => walk.interface(key, *id)?,
            WorldItem::Function(function) => walk.function(function, "the world")?,
            WorldItem::Type { id, .. } => walk.definition(*id, "the world")?,
        }
    }
    Ok(())
}

struct Walk<'a> {
    resolve: &'a Resolve,
    extents: Extents<'a>,
    seen: BTreeSet<TypeId>,
}

/// What holds the type that is looked at: named in messages.
struct Holder<'a> {
    /// Such as "the function `open` of the interface `demo:store/api`".
    name: &'a str,
    span: Span,
}

impl Walk<'_> {
    /// Refuses an interface under two names if it has resources: those would be two of a kind, which wit-dylib holds for one.
    fn resources_twice(&self, items: &IndexMap<WorldKey, WorldItem>, direction: &str) -> Result<(), Error> {
        let mut names: BTreeMap<InterfaceId, String> = BTreeMap::new();
        for (key, item) in items {
            let WorldItem::Interface { id, span, .. } = item else {
                continue;
            };
            let name = self.resolve.name_world_key(key);
            let mut types = self.resolve.interfaces[*id].types.iter();
            let resource = types.find(|(_, id)| matches!(self.resolve.types[**id].kind, TypeDefKind::Resource));
            let earlier = names.insert(*id, name.clone());
            if let (Some(earlier), Some((resource, id))) = (earlier, resource) {
                let message = format!(
                    "one interface is {direction} as `{earlier}` and as `{name}`, and has the resource `{resource}`: that is not \
                     supported yet, so take it under one name, or give it another interface for each"
                );
                // Imports that others bring with them have lost their place.
                let span = if span.is_known() {
                    *span
                } else {
                    self.resolve.types[*id].span
                };
                return Err(self.error(span, message));
            }
        }
        Ok(())
    }

    fn interface(&mut self, key: &WorldKey, id: InterfaceId) -> Result<(), Error> {
        let owner = format!("the interface `{}`", self.resolve.name_world_key(key));
        let interface = &self.resolve.interfaces[id];
        for &id in interface.types.values() {
            self.definition(id, &owner)?;
        }
        interface
            .functions
            .values()
            .try_for_each(|function| self.function(function, &owner))
    }

    fn function(&mut self, function: &Function, owner: &str) -> Result<(), Error> {
        let name = format!("the function `{}` of {owner}", function.item_name());
        let holder = Holder {
            name: &name,
            span: function.span,
        };
        if function.kind.accessor().is_some() {
            return Err(self.not_yet("getters and setters", &holder));
        }
        if function.params.len() > MOST_PARAMETERS {
            return Err(self.too_many("parameters", MOST_PARAMETERS, &holder));
        }
        let mut values: u64 = 0;
        for ty in function.parameter_and_result_types() {
            values = values.saturating_add(self.extent(ty, &holder)?.values);
        }
        if values > MOST_VALUES {
            return Err(self.too_large(&holder));
        }
        function
            .parameter_and_result_types()
            .try_for_each(|ty| self.ty(ty, &holder))
    }

    /// The extent of a type that is not too large.
    fn extent(&mut self, ty: Type, holder: &Holder) -> Result<Extent, Error> {
        let extent = self.extents.of(ty);
        if extent.nesting > DEEPEST_NESTING || extent.depth > DEEPEST {
            return Err(self.too_deep(extent, holder));
        }
        if extent.values > MOST_VALUES {
            return Err(self.too_large(holder));
        }
        Ok(extent)
    }

    /// A type with a name.
    fn definition(&mut self, id: TypeId, owner: &str) -> Result<(), Error> {
        let definition = &self.resolve.types[id];
        let kind = definition.kind.as_str();
        let name = format!(
            "the {kind} `{}` of {owner}",
            definition.name.as_deref().unwrap_or_default()
        );
        let holder = Holder {
            name: &name,
            span: definition.span,
        };
        self.extent(Type::Id(id), &holder)?;
        self.kind(id, &holder)
    }

    fn ty(&mut self, ty: Type, holder: &Holder) -> Result<(), Error> {
        match ty {
            // Named types are looked at where they stand.
            Type::Id(id) if self.resolve.types[id].name.is_none() => self.kind(id, holder),
            _ => Ok(()),
        }
    }

    fn kind(&mut self, id: TypeId, holder: &Holder) -> Result<(), Error> {
        if !self.seen.insert(id) {
            return Ok(());
        }
        let resolve = self.resolve;
        match &resolve.types[id].kind {
            TypeDefKind::Stream(Some(ty)) if self.is_char(*ty) => Err(self.stream_of_char(holder)),
            TypeDefKind::Stream(Some(ty)) if self.has_borrow(*ty) => Err(self.borrow_in_channel("stream", holder)),
            TypeDefKind::Future(Some(ty)) if self.has_borrow(*ty) => Err(self.borrow_in_channel("future", holder)),
            TypeDefKind::Stream(payload) | TypeDefKind::Future(payload) => {
                payload.iter().try_for_each(|ty| self.ty(*ty, holder))
            }
            TypeDefKind::Flags(flags) if flags.flags.len() > MOST_FLAGS => {
                Err(self.too_many_flags(flags.flags.len(), holder))
            }
            TypeDefKind::Record(record) if record.fields.len() > MOST_PARTS => {
                Err(self.too_many("fields", MOST_PARTS, holder))
            }
            TypeDefKind::Variant(variant) if variant.cases.len() > MOST_PARTS => {
                Err(self.too_many("cases", MOST_PARTS, holder))
            }
            TypeDefKind::Enum(cases) if cases.cases.len() > MOST_PARTS => {
                Err(self.too_many("cases", MOST_PARTS, holder))
            }
            TypeDefKind::FixedLengthList(..) if self.fixed_values(Type::Id(id)) > MOST_FIXED => {
                Err(self.too_long(holder))
            }
            TypeDefKind::Map(_, value) if self.has_handle(*value) => Err(self.handle_in_map(holder)),
            TypeDefKind::Record(record) => record.fields.iter().try_for_each(|field| self.ty(field.ty, holder)),
            TypeDefKind::Variant(variant) => variant
                .cases
                .iter()
                .filter_map(|case| case.ty)
                .try_for_each(|ty| self.ty(ty, holder)),
            TypeDefKind::Tuple(tuple) => tuple.types.iter().try_for_each(|ty| self.ty(*ty, holder)),
            TypeDefKind::Result(result) => result
                .ok
                .iter()
                .chain(&result.err)
                .try_for_each(|ty| self.ty(*ty, holder)),
            TypeDefKind::Map(key, value) => [key, value].into_iter().try_for_each(|ty| self.ty(*ty, holder)),
            TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _)
            | TypeDefKind::Type(ty) => self.ty(*ty, holder),
            TypeDefKind::Enum(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Resource
            | TypeDefKind::Handle(_)
            | TypeDefKind::Unknown => Ok(()),
        }
    }

    fn has_handle(&self, ty: Type) -> bool {
        let Type::Id(id) = ty else {
            return ty == Type::ErrorContext;
        };
        let kind = &self.resolve.types[id].kind;
        matches!(
            kind,
            TypeDefKind::Handle(_) | TypeDefKind::Future(_) | TypeDefKind::Stream(_)
        ) || parts(self.resolve, id).into_iter().any(|ty| self.has_handle(ty))
    }

    fn is_char(&self, ty: Type) -> bool {
        match ty {
            Type::Id(id) => matches!(self.resolve.types[id].kind, TypeDefKind::Type(aliased) if self.is_char(aliased)),
            _ => ty == Type::Char,
        }
    }

    fn has_borrow(&self, ty: Type) -> bool {
        let Type::Id(id) = ty else { return false };
        match &self.resolve.types[id].kind {
            TypeDefKind::Handle(handle) => matches!(handle, Handle::Borrow(_)),
            _ => parts(self.resolve, id).into_iter().any(|ty| self.has_borrow(ty)),
        }
    }

    /// How many values the fixed-length lists in a type have in all.
    fn fixed_values(&self, ty: Type) -> u64 {
        let Type::Id(id) = ty else { return 1 };
        let sum = |types: &mut dyn Iterator<Item = Type>| {
            types.fold(0, |sum: u64, ty| sum.saturating_add(self.fixed_values(ty)))
        };
        match &self.resolve.types[id].kind {
            TypeDefKind::FixedLengthList(item, length) => self.fixed_values(*item).saturating_mul(u64::from(*length)),
            TypeDefKind::Record(record) => sum(&mut record.fields.iter().map(|field| field.ty)),
            TypeDefKind::Tuple(tuple) => sum(&mut tuple.types.iter().copied()),
            TypeDefKind::Variant(variant) => sum(&mut variant.cases.iter().filter_map(|case| case.ty)),
            TypeDefKind::Option(ty) | TypeDefKind::Type(ty) => self.fixed_values(*ty),
            _ => 1,
        }
    }

    fn not_yet(&self, what: &str, holder: &Holder) -> Error {
        self.error(holder.span, format!("{what} are not supported yet: {}", holder.name))
    }

    fn too_many_flags(&self, count: usize, holder: &Holder) -> Error {
        self.error(
            holder.span,
            format!(
                "{} has {count} flags: the component model allows at most {MOST_FLAGS}",
                holder.name
            ),
        )
    }

    fn too_long(&self, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(
            holder.span,
            format!("{name} has a fixed-length list of more than {MOST_FIXED} values: use list<T> for it"),
        )
    }

    fn too_many(&self, parts: &str, most: usize, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(
            holder.span,
            format!("{name} has more than {most} {parts}, which no host takes"),
        )
    }

    fn too_large(&self, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(
            holder.span,
            format!(
                "{name} has more than {MOST_VALUES} values, those of the types in it included: use lists, or take it apart into \
                 several functions"
            ),
        )
    }

    fn too_deep(&self, extent: Extent, holder: &Holder) -> Error {
        let name = holder.name;
        let message = if extent.nesting > DEEPEST_NESTING {
            format!(
                "{name} has types nested deeper than {DEEPEST_NESTING}: give those within a name, as records or variants"
            )
        } else {
            format!("{name} has types nested deeper than {DEEPEST} in all: use fewer levels, or a list of them")
        };
        self.error(holder.span, message)
    }

    fn stream_of_char(&self, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(
            holder.span,
            format!("{name} has a stream of char, which the component model does not allow: use stream<string> or stream<u32>"),
        )
    }

    fn borrow_in_channel(&self, channel: &str, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(
            holder.span,
            format!(
                "{name} has a {channel} of borrowed handles, which the component model does not allow: pass owned ones"
            ),
        )
    }

    fn handle_in_map(&self, holder: &Holder) -> Error {
        let name = holder.name;
        self.error(holder.span,
            format!("{name} has a map whose values hold handles, which the component model does not allow: use a list of tuples"),
        )
    }

    /// The message with the line of WIT, if there is a text.
    fn error(&self, span: Span, message: String) -> Error {
        Error::Unsupported(ResolveError::new_semantic(span, message).render(&self.resolve.source_map))
    }
}
