//! Streams and futures: the names of their payloads, and the functions that make them.

use crate::annotation::{FUTURE_READER, FUTURE_WRITER, STREAM_READER, STREAM_WRITER, end, optional};
use crate::identifier::snake;
use crate::layout::{self, Annotated, Expression, Head};
use crate::order::{functions_of, parts};
use crate::scope::{Names, Scope};
use crate::{Direction, Interface, Module, World};
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{LiveTypes, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem};

/// A stream or future type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    is_stream: bool,
    payload: Option<Type>,
    /// Where the types stand that it names.
    direction: Direction,
}

/// Channels by the names of the functions that make them.
pub(crate) type Channels = BTreeMap<String, Channel>;

/// All channels of the world.
pub(crate) fn of_world(world: &World) -> Channels {
    let wit = &world.resolve.worlds[world.id];
    let mut walk = Walk::new(world);
    for (direction, items) in [(Direction::Import, &wit.imports), (Direction::Export, &wit.exports)] {
        for item in items.values() {
            walk.item(direction, item);
        }
    }
    walk.found
}

/// The channels that an interface gives a name.
pub(crate) fn of_interface(world: &World, interface: &Interface, direction: Direction) -> Channels {
    let key = |key| world.resolve.name_world_key(key) == interface.key;
    let wit = &world.resolve.worlds[world.id];
    let items = match direction {
        Direction::Import => &wit.imports,
        Direction::Export => &wit.exports,
    };
    let mut walk = Walk::new(world);
    for (_, item) in items.iter().filter(|(name, _)| key(name)) {
        if let WorldItem::Interface { id, .. } = item {
            let types = world.resolve.interfaces[*id].types.values();
            types.for_each(|&id| walk.channel(direction, id));
        }
    }
    walk.found
}

/// Whether a world has a stream, a future or an asynchronous function.
pub(crate) fn is_async(resolve: &Resolve, world: WorldId) -> bool {
    let mut live = LiveTypes::default();
    live.add_world(resolve, world);
    let is_channel = |id: TypeId| matches!(resolve.types[id].kind, TypeDefKind::Stream(_) | TypeDefKind::Future(_));
    let wit = &resolve.worlds[world];
    let items = wit.imports.values().chain(wit.exports.values());
    live.iter().any(is_channel)
        || items
            .flat_map(|item| functions_of(resolve, item))
            .any(|function| function.kind.is_async())
}

struct Walk<'w> {
    world: &'w World<'w>,
    seen: BTreeSet<(Direction, TypeId)>,
    found: Channels,
}

impl Walk<'_> {
    fn new<'w>(world: &'w World<'w>) -> Walk<'w> {
        Walk {
            world,
            seen: BTreeSet::new(),
            found: Channels::new(),
        }
    }

    fn item(&mut self, direction: Direction, item: &WorldItem) {
        match item {
            WorldItem::Interface { id, .. } => {
                let interface = &self.world.resolve.interfaces[*id];
                interface.types.values().for_each(|&id| self.ty(direction, id));
                interface
                    .functions
                    .values()
                    .for_each(|function| self.function(direction, function));
            }
            // The world's own exports name the types of its imports.
            WorldItem::Function(function) => self.function(Direction::Import, function),
            WorldItem::Type { id, .. } => self.ty(direction, *id),
        }
    }

    fn function(&mut self, direction: Direction, function: &wit_parser::Function) {
        for ty in function.parameter_and_result_types() {
            if let Type::Id(id) = ty {
                self.ty(direction, id);
            }
        }
    }

    fn ty(&mut self, direction: Direction, id: TypeId) {
        if !self.seen.insert((direction, id)) {
            return;
        }
        for part in parts(self.world.resolve, id) {
            if let Type::Id(id) = part {
                self.ty(direction, id);
            }
        }
        self.channel(direction, id);
    }

    /// Notes a type that is a channel itself.
    fn channel(&mut self, direction: Direction, id: TypeId) {
        let (is_stream, payload) = match self.world.resolve.types[id].kind {
            TypeDefKind::Stream(payload) => (true, payload),
            TypeDefKind::Future(payload) => (false, payload),
            _ => return,
        };
        let channel = Channel {
            is_stream,
            payload,
            direction,
        };
        self.found
            .entry(constructor_name(self.world, is_stream, payload))
            .or_insert(channel);
    }
}

/// The name of the function that makes a channel: the same for all that are alike behind their aliases.
pub(crate) fn constructor_name(world: &World, is_stream: bool, payload: Option<Type>) -> String {
    let kind = if is_stream { "stream" } else { "future" };
    match is_stream && is_byte(world, payload) {
        true => "byte_stream".to_string(),
        false => format!("{}_{kind}", payload_name(world, payload)),
    }
}

/// Whether the items are bytes, by whatever name: a stream of such ones gives and takes `bytes`.
pub(crate) fn is_byte(world: &World, payload: Option<Type>) -> bool {
    payload.is_some_and(|ty| matches!(behind_aliases(world, ty), Type::U8 | Type::S8))
}

/// The type that a name stands for.
pub(crate) fn behind_aliases(world: &World, ty: Type) -> Type {
    match ty {
        Type::Id(id) => match world.resolve.types[id].kind {
            TypeDefKind::Type(aliased) => behind_aliases(world, aliased),
            _ => ty,
        },
        _ => ty,
    }
}

fn payload_name(world: &World, payload: Option<Type>) -> String {
    payload.map_or_else(|| "unit".to_string(), |ty| type_name(world, ty))
}

fn type_name(world: &World, ty: Type) -> String {
    let Type::Id(id) = ty else {
        return primitive_name(ty).to_string();
    };
    let name = |ty| type_name(world, ty);
    match &world.resolve.types[id].kind {
        TypeDefKind::Type(aliased) => name(*aliased),
        TypeDefKind::Option(some) => format!("option_{}", name(*some)),
        TypeDefKind::List(item) => format!("list_{}", name(*item)),
        TypeDefKind::FixedLengthList(item, length) => format!("list{length}_{}", name(*item)),
        TypeDefKind::Map(key, value) => format!("map_{}_{}", name(*key), name(*value)),
        TypeDefKind::Result(result) => {
            format!(
                "result_{}_{}",
                payload_name(world, result.ok),
                payload_name(world, result.err)
            )
        }
        TypeDefKind::Tuple(tuple) => {
            let types: Vec<String> = tuple.types.iter().map(|ty| name(*ty)).collect();
            format!("tuple{}_{}", types.len(), types.join("_"))
        }
        TypeDefKind::Stream(payload) => format!("stream_{}", payload_name(world, *payload)),
        TypeDefKind::Future(payload) => format!("future_{}", payload_name(world, *payload)),
        TypeDefKind::Handle(wit_parser::Handle::Own(id) | wit_parser::Handle::Borrow(id)) => name(Type::Id(*id)),
        _ => class_name(world, id),
    }
}

fn primitive_name(ty: Type) -> &'static str {
    match ty {
        Type::Bool => "bool",
        Type::U8 => "u8",
        Type::U16 => "u16",
        Type::U32 => "u32",
        Type::U64 => "u64",
        Type::S8 => "s8",
        Type::S16 => "s16",
        Type::S32 => "s32",
        Type::S64 => "s64",
        Type::F32 => "f32",
        Type::F64 => "f64",
        Type::Char => "char",
        Type::String => "string",
        Type::ErrorContext => "error_context",
        Type::Id(_) => unreachable!("a defined type has a name of its own"),
    }
}

/// The type's name after that of its interface.
fn class_name(world: &World, id: TypeId) -> String {
    let name = snake(world.resolve.types[id].name.as_deref().unwrap_or_default());
    let place = world
        .place(Direction::Import, id)
        .or_else(|| world.place(Direction::Export, id));
    match place.map(|place| &place.module) {
        Some(Module::Interface(_, module)) => format!("{module}_{name}"),
        _ => name,
    }
}

/// The function that makes a pair of ends.
pub(crate) fn constructor(world: &World, scope: &mut Scope, name: &str, channel: &Channel) -> String {
    let direction = scope.turn(channel.direction);
    let (writer, reader) = match channel.is_stream {
        true => (STREAM_WRITER, STREAM_READER),
        false => (FUTURE_WRITER, FUTURE_READER),
    };
    let ends = [
        end(world, scope, &writer, channel.payload),
        end(world, scope, &reader, channel.payload),
    ];
    let value = optional(world, scope, channel.payload);
    scope.turn(direction);
    let returns = Expression::subscript(scope.helper("Tuple"), ends);
    let mut arguments = vec![Expression::string(name).flat()];
    let mut parameters: Vec<Annotated> = Vec::new();
    if !channel.is_stream {
        arguments.push("default".to_string());
        let default = Expression::subscript(scope.helper("Callable"), [Expression::atom("[]"), value]);
        parameters.push(("default".to_string(), Some(default)));
    }
    let make = scope.maker(match (channel.is_stream, is_byte(world, channel.payload)) {
        (true, true) => "make_byte_stream",
        (true, false) => "make_stream",
        (false, _) => "make_future",
    });
    let head = Head {
        is_async: false,
        name,
        parameters: &parameters,
        returns: &returns,
    };
    layout::head(0, &head, "") + &layout::call(4, &format!("return {make}"), &arguments)
}
