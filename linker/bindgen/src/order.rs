//! The order of the classes in a module: each after those that it refers to, as far as they do not refer to it in turn.

use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{Function, Handle, Resolve, Type, TypeDefKind, TypeId, WorldItem};

/// All functions of each resource.
pub(crate) type ResourceFunctions<'a> = BTreeMap<TypeId, Vec<&'a Function>>;

/// Types in the order of their classes.
pub(crate) struct Order<'a> {
    resolve: &'a Resolve,
    functions: &'a ResourceFunctions<'a>,
    seen: BTreeSet<TypeId>,
    sorted: Vec<TypeId>,
}

/// These types and all that they refer to, in order.
pub(crate) fn order(resolve: &Resolve, functions: &ResourceFunctions, types: &[TypeId]) -> Vec<TypeId> {
    let mut order = Order {
        resolve,
        functions,
        seen: BTreeSet::new(),
        sorted: Vec::new(),
    };
    types.iter().for_each(|&id| order.visit(Type::Id(id)));
    order.sorted
}

impl Order<'_> {
    fn visit(&mut self, ty: Type) {
        let Type::Id(id) = ty else { return };
        if !self.seen.insert(id) {
            return;
        }
        let functions = self.functions;
        for ty in parts(self.resolve, id) {
            self.visit(ty);
        }
        for function in functions.get(&id).into_iter().flatten() {
            function.parameter_and_result_types().for_each(|ty| self.visit(ty));
        }
        self.sorted.push(id);
    }
}

/// The functions of an item of a world.
pub(crate) fn functions_of<'r>(resolve: &'r Resolve, item: &'r WorldItem) -> Vec<&'r Function> {
    match item {
        WorldItem::Function(function) => vec![function],
        WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.values().collect(),
        WorldItem::Type { .. } => Vec::new(),
    }
}

/// The types that a type is directly made of.
pub(crate) fn parts(resolve: &Resolve, id: TypeId) -> Vec<Type> {
    match &resolve.types[id].kind {
        TypeDefKind::Record(record) => record.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Tuple(tuple) => tuple.types.clone(),
        TypeDefKind::Variant(variant) => variant.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Result(result) => result.ok.into_iter().chain(result.err).collect(),
        TypeDefKind::Map(key, value) => vec![*key, *value],
        TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::FixedLengthList(ty, _)
        | TypeDefKind::Type(ty) => vec![*ty],
        TypeDefKind::Future(payload) | TypeDefKind::Stream(payload) => payload.iter().copied().collect(),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => vec![Type::Id(*id)],
        TypeDefKind::Enum(_) | TypeDefKind::Flags(_) | TypeDefKind::Resource | TypeDefKind::Unknown => Vec::new(),
    }
}
