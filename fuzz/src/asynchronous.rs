//! Random packages with asynchronous functions, streams and futures.

use crate::chance::Chance;
use crate::kind::size_of;
use crate::payload::SIZES;
use std::collections::HashSet;
use wit_parser::decoding::decode;
use wit_parser::{FunctionKind, Handle, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner, WorldItem};

/// Of so many streams one is made untyped: the package's maker has none.
const UNTYPED: usize = 8;

/// Of so many parameters and results one is made a stream or a future of what it was.
const WRAPPED: usize = 3;

/// A package in binary form with more streams and futures, which carry only what is allowed and what the host can make.
pub fn package_of_host(package: &[u8], seed: u64) -> Vec<u8> {
    let decoded = decode(package).expect("the package was made so");
    let (mut resolve, id) = (decoded.resolve().clone(), decoded.package());
    let mut chance = Chance::new(seed as u32);
    wrap(&mut resolve, &mut chance);
    let types: Vec<TypeId> = resolve.types.iter().map(|(id, _)| id).collect();
    for id in types {
        let kind = match resolve.types[id].kind {
            TypeDefKind::Stream(Some(_)) if chance.below(UNTYPED) == 0 => TypeDefKind::Stream(None),
            TypeDefKind::Stream(Some(ty)) if is_char(&resolve, ty) => TypeDefKind::Stream(Some(Type::String)),
            TypeDefKind::Stream(Some(ty)) => TypeDefKind::Stream(Some(of_known_size(&mut resolve, ty))),
            TypeDefKind::Future(Some(ty)) => TypeDefKind::Future(Some(of_known_size(&mut resolve, ty))),
            _ => continue,
        };
        resolve.types[id].kind = kind;
    }
    wit_component::encode(&resolve, id, false).expect("what was decoded is encoded")
}

/// Makes streams and futures of parameters and results.
fn wrap(resolve: &mut Resolve, chance: &mut Chance) {
    let borrowed = resolve.types.iter();
    let borrowed = borrowed.filter(|(_, ty)| matches!(ty.kind, TypeDefKind::Handle(Handle::Borrow(_))));
    let borrowed: HashSet<Type> = borrowed.map(|(id, _)| Type::Id(id)).collect();
    let Resolve {
        types,
        interfaces,
        worlds,
        ..
    } = resolve;
    let items = worlds.iter_mut();
    let items = items.flat_map(|(_, world)| world.imports.values_mut().chain(world.exports.values_mut()));
    let of_worlds = items.filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    });
    let interfaces = interfaces.iter_mut();
    let of_interfaces = interfaces.flat_map(|(_, interface)| interface.functions.values_mut());
    for function in of_interfaces.chain(of_worlds) {
        let is_constructor = matches!(function.kind, FunctionKind::Constructor(_));
        let result = function.result.iter_mut().filter(|_| !is_constructor);
        let parameters = function.params.iter_mut().map(|parameter| &mut parameter.ty);
        for ty in parameters.chain(result).filter(|ty| !borrowed.contains(ty)) {
            while chance.below(WRAPPED) == 0 {
                let kind = match chance.below(2) {
                    0 => TypeDefKind::Stream(Some(*ty)),
                    _ => TypeDefKind::Future(Some(*ty)),
                };
                *ty = Type::Id(types.alloc(unnamed(kind)));
            }
        }
    }
}

fn unnamed(kind: TypeDefKind) -> TypeDef {
    TypeDef {
        name: None,
        kind,
        owner: TypeOwner::None,
        docs: Default::default(),
        stability: Default::default(),
        span: Default::default(),
        external_id: None,
    }
}

fn is_char(resolve: &Resolve, ty: Type) -> bool {
    match ty {
        Type::Id(id) => matches!(resolve.types[id].kind, TypeDefKind::Type(aliased) if is_char(resolve, aliased)),
        ty => ty == Type::Char,
    }
}

/// The type, or a list of it if its size is one that the host does not know.
fn of_known_size(resolve: &mut Resolve, ty: Type) -> Type {
    if SIZES.contains(&size_of(resolve, ty)) {
        return ty;
    }
    Type::Id(resolve.types.alloc(unnamed(TypeDefKind::List(ty))))
}
