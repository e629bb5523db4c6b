//! The names of the functions that make streams and futures: after what they carry, behind all aliases.

use ampoule_bindgen::{Direction, Module, World};
use wit_parser::{Handle, Type, TypeDefKind, TypeId};

/// The name of the function that makes a stream or a future.
pub fn constructor_name(world: &World, is_stream: bool, payload: Option<Type>) -> String {
    match part(world, payload).as_str() {
        "u8" | "s8" if is_stream => "byte_stream".to_string(),
        name if is_stream => format!("{name}_stream"),
        name => format!("{name}_future"),
    }
}

fn part(world: &World, ty: Option<Type>) -> String {
    match ty {
        None => "unit".to_string(),
        Some(Type::Id(id)) => defined(world, id),
        Some(ty) => format!("{ty:?}").to_lowercase(),
    }
}

fn defined(world: &World, id: TypeId) -> String {
    let of = |ty: &Type| part(world, Some(*ty));
    match &world.resolve.types[id].kind {
        TypeDefKind::Type(aliased) => of(aliased),
        TypeDefKind::Option(some) => format!("option_{}", of(some)),
        TypeDefKind::List(item) => format!("list_{}", of(item)),
        TypeDefKind::FixedLengthList(item, length) => format!("list{length}_{}", of(item)),
        TypeDefKind::Result(result) => format!("result_{}_{}", part(world, result.ok), part(world, result.err)),
        TypeDefKind::Tuple(tuple) => {
            let types: Vec<String> = tuple.types.iter().map(of).collect();
            format!("tuple{}_{}", types.len(), types.join("_"))
        }
        TypeDefKind::Stream(payload) => format!("stream_{}", part(world, *payload)),
        TypeDefKind::Future(payload) => format!("future_{}", part(world, *payload)),
        TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => defined(world, *id),
        _ => named(world, id),
    }
}

/// The type's name after that of the module that has it; of a type that is imported and exported the imported one's.
fn named(world: &World, id: TypeId) -> String {
    let name = world.resolve.types[id].name.as_deref().unwrap_or_default();
    let name = name.replace('-', "_");
    let place = world
        .place(Direction::Import, id)
        .or_else(|| world.place(Direction::Export, id));
    match place.map(|place| &place.module) {
        Some(Module::Interface(_, module)) => format!("{module}_{name}"),
        _ => name,
    }
}
