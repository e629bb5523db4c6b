//! A world as wit-dylib can take it: a type that it does not know yet is replaced by one that the canonical ABI passes in the
//! same way.
//!
//! * `list<T, N>` is a tuple of N times T.
//! * `error-context` is a tuple of a u32, its handle. The canonical built-ins that make, read and drop error contexts have
//!   the signatures of functions, so that they become imports of the world.

use crate::order::{functions_of, parts};
use std::collections::BTreeSet;
use wit_parser::{
    Docs, Function, FunctionKind, LiveTypes, Param, Resolve, Span, Stability, Tuple, Type, TypeDef, TypeDefKind,
    TypeId, TypeOwner, WorldId, WorldItem, WorldKey,
};

/// The canonical built-ins of error contexts, in the order in which the guest knows them: to make, to read and to drop one.
pub(crate) const ERROR_CONTEXT_FUNCTIONS: [&str; 3] = [
    "[error-context-new-utf8]",
    "[error-context-debug-message-utf8]",
    "[error-context-drop]",
];

/// The name of their only parameter, for messages.
pub(crate) const ERROR_CONTEXT_PARAMETER: &str = "value";

/// Makes the type that can stand for `error-context`. It must be there before any type that contains one.
pub(crate) fn prepare(resolve: &mut Resolve) -> TypeId {
    resolve.types.alloc(tuple(vec![Type::U32]))
}

/// Replaces what wit-dylib does not know; `error_context` is what was prepared.
pub(crate) fn stand_ins(resolve: &Resolve, world: WorldId, error_context: TypeId) -> Resolve {
    let mut resolve = resolve.clone();
    let replace = |ty: &mut Type| {
        if *ty == Type::ErrorContext {
            *ty = Type::Id(error_context);
        }
    };
    for (_, definition) in resolve.types.iter_mut() {
        replace_in_definition(&mut definition.kind, &replace);
    }
    for (_, interface) in resolve.interfaces.iter_mut() {
        interface
            .functions
            .values_mut()
            .for_each(|function| replace_in_function(function, &replace));
    }
    for (_, world) in resolve.worlds.iter_mut() {
        for item in world.imports.values_mut().chain(world.exports.values_mut()) {
            if let WorldItem::Function(function) = item {
                replace_in_function(function, &replace);
            }
        }
    }
    take_out_unused_channels(&mut resolve, world);
    let mut live = LiveTypes::default();
    live.add_world(&resolve, world);
    if live.contains(error_context) {
        import_error_contexts(&mut resolve, world);
    }
    resolve
}

fn replace_in_definition(kind: &mut TypeDefKind, replace: &impl Fn(&mut Type)) {
    match kind {
        TypeDefKind::Record(record) => record.fields.iter_mut().for_each(|field| replace(&mut field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter_mut().for_each(replace),
        TypeDefKind::Variant(variant) => variant
            .cases
            .iter_mut()
            .filter_map(|case| case.ty.as_mut())
            .for_each(replace),
        TypeDefKind::Result(result) => result.ok.iter_mut().chain(&mut result.err).for_each(replace),
        TypeDefKind::Map(key, value) => [key, value].into_iter().for_each(replace),
        TypeDefKind::Option(ty)
        | TypeDefKind::List(ty)
        | TypeDefKind::Type(ty)
        | TypeDefKind::Stream(Some(ty))
        | TypeDefKind::Future(Some(ty)) => replace(ty),
        TypeDefKind::FixedLengthList(item, length) => {
            replace(item);
            let types = vec![*item; usize::try_from(*length).expect("a length of 32 bits fits in memory")];
            *kind = TypeDefKind::Tuple(Tuple { types });
        }
        _ => {}
    }
}

fn replace_in_function(function: &mut Function, replace: &impl Fn(&mut Type)) {
    function
        .params
        .iter_mut()
        .for_each(|parameter| replace(&mut parameter.ty));
    function.result.iter_mut().for_each(replace);
}

/// Takes named types out that contain a stream or future which no function has: wit-dylib has no built-ins for such a one.
fn take_out_unused_channels(resolve: &mut Resolve, world: WorldId) {
    let items: Vec<WorldItem> = {
        let world = &resolve.worlds[world];
        world.imports.values().chain(world.exports.values()).cloned().collect()
    };
    let mut used = BTreeSet::new();
    for item in &items {
        let functions = functions_of(resolve, item).into_iter();
        used.extend(functions.flat_map(|function| function.find_futures_and_streams(resolve)));
    }
    let unused = |resolve: &Resolve, id: TypeId| has_unused_channel(resolve, &used, id);
    for item in &items {
        if let WorldItem::Interface { id, .. } = item {
            let mut types = std::mem::take(&mut resolve.interfaces[*id].types);
            types.retain(|_, id| !unused(resolve, *id));
            resolve.interfaces[*id].types = types;
        }
    }
    let mut imports = std::mem::take(&mut resolve.worlds[world].imports);
    imports.retain(|_, item| !matches!(item, WorldItem::Type { id, .. } if unused(resolve, *id)));
    resolve.worlds[world].imports = imports;
}

fn has_unused_channel(resolve: &Resolve, used: &BTreeSet<TypeId>, id: TypeId) -> bool {
    match resolve.types[id].kind {
        TypeDefKind::Stream(_) | TypeDefKind::Future(_) if !used.contains(&id) => true,
        TypeDefKind::Handle(_) => false,
        _ => parts(resolve, id).into_iter().any(|part| match part {
            Type::Id(id) => has_unused_channel(resolve, used, id),
            _ => false,
        }),
    }
}

/// Imports the built-ins: wit-dylib gives a function of the world itself the names that they have.
fn import_error_contexts(resolve: &mut Resolve, world: WorldId) {
    let signatures = [
        (Type::String, Some(Type::U32)),
        (Type::U32, Some(Type::String)),
        (Type::U32, None),
    ];
    for (name, (parameter, result)) in ERROR_CONTEXT_FUNCTIONS.into_iter().zip(signatures) {
        let function = function(name, parameter, result);
        resolve.worlds[world]
            .imports
            .insert(WorldKey::Name(name.to_string()), WorldItem::Function(function));
    }
}

fn function(name: &str, parameter: Type, result: Option<Type>) -> Function {
    Function {
        name: name.to_string(),
        kind: FunctionKind::Freestanding,
        params: vec![Param {
            name: ERROR_CONTEXT_PARAMETER.to_string(),
            ty: parameter,
            span: Span::default(),
        }],
        result,
        docs: Docs::default(),
        stability: Stability::Unknown,
        span: Span::default(),
        external_id: None,
    }
}

fn tuple(types: Vec<Type>) -> TypeDef {
    TypeDef {
        name: None,
        kind: TypeDefKind::Tuple(Tuple { types }),
        owner: TypeOwner::None,
        docs: Docs::default(),
        stability: Stability::Unknown,
        span: Span::default(),
        external_id: None,
    }
}
