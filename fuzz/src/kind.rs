//! What a type is, with its names in WIT and in Python.

use crate::constructor::constructor_name;
use ampoule_bindgen::{Class, Direction, Shape, World};
use wit_parser::{Handle, Resolve, SizeAlign, Type, TypeDefKind, TypeId};

/// A type as a whole: all that it refers to is in it.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `bool`.
    Bool,
    /// An integer of this many bits.
    Integer {
        /// 8, 16, 32 or 64.
        bits: u32,
        /// Whether it may be negative.
        signed: bool,
    },
    /// `f32`.
    F32,
    /// `f64`.
    F64,
    /// `char`.
    Char,
    /// `string`.
    String,
    /// A list of any length.
    List(Box<Kind>),
    /// A list of this length.
    Fixed(Box<Kind>, u32),
    /// A tuple.
    Tuple(Vec<Kind>),
    /// A record: its class in Python, and its fields by their names in WIT.
    Record(String, Vec<(String, Kind)>),
    /// A variant.
    Variant(Vec<Case>),
    /// An enumeration: its class in Python, and its members.
    Enum(String, Vec<Member>),
    /// Flags: their class in Python, and their members.
    Flags(String, Vec<Member>),
    /// An option.
    Option(Box<Kind>),
    /// A result.
    Result(Option<Box<Kind>>, Option<Box<Kind>>),
    /// A handle to a resource.
    Handle(Resource, Holding),
    /// A stream or a future.
    Channel(Box<Channel>),
    /// What an untyped stream or future carries.
    Nothing,
}

/// A stream or a future type.
#[derive(Clone, Debug)]
pub struct Channel {
    /// Whether it is a stream.
    pub is_stream: bool,
    /// What it carries.
    pub payload: Kind,
    /// How many bytes that has in memory.
    pub size: usize,
    /// The Python function that makes one, with the module.
    pub constructor: String,
}

/// A case of a variant.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name in WIT.
    pub name: String,
    /// Its class in Python, with the module.
    pub class: String,
    /// Its payload.
    pub payload: Option<Kind>,
}

/// A member of an enumeration or of flags.
#[derive(Clone, Debug)]
pub struct Member {
    /// Its name in WIT.
    pub name: String,
    /// Its name in Python.
    pub python: String,
}

/// One of the two that talk to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// The host.
    Host,
    /// The app.
    Guest,
}

/// A resource type as one side sees it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// Who has the things that its handles name.
    pub owner: Side,
    /// Its class in Python, with the module.
    pub class: String,
}

/// What a handle lets its holder do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holding {
    /// It is the receiver's from now on.
    Own,
    /// It is the receiver's for the time of a call.
    Borrow,
}

/// What a type is for a function in this direction; none where it has an error context.
pub fn kind(world: &World, direction: Direction, ty: Type) -> Option<Kind> {
    let integer = |bits, signed| Some(Kind::Integer { bits, signed });
    match ty {
        Type::Bool => Some(Kind::Bool),
        Type::U8 => integer(8, false),
        Type::U16 => integer(16, false),
        Type::U32 => integer(32, false),
        Type::U64 => integer(64, false),
        Type::S8 => integer(8, true),
        Type::S16 => integer(16, true),
        Type::S32 => integer(32, true),
        Type::S64 => integer(64, true),
        Type::F32 => Some(Kind::F32),
        Type::F64 => Some(Kind::F64),
        Type::Char => Some(Kind::Char),
        Type::String => Some(Kind::String),
        Type::ErrorContext => None,
        Type::Id(id) => match world.resolve.types[id].kind {
            TypeDefKind::Type(aliased) => kind(world, direction, aliased),
            ref definition => defined(world, direction, id, definition),
        },
    }
}

fn defined(world: &World, direction: Direction, id: TypeId, definition: &TypeDefKind) -> Option<Kind> {
    let of = |ty: &Type| kind(world, direction, *ty);
    let boxed = |ty: &Type| of(ty).map(Box::new);
    let class = || {
        let place = world.place(direction, id).expect("a named type has a place");
        format!("{}.{}", world.path(&place.module), place.class)
    };
    Some(match definition {
        TypeDefKind::List(item) => Kind::List(boxed(item)?),
        TypeDefKind::FixedLengthList(item, length) => Kind::Fixed(boxed(item)?, *length),
        TypeDefKind::Tuple(tuple) => Kind::Tuple(tuple.types.iter().map(of).collect::<Option<_>>()?),
        TypeDefKind::Option(payload) => Kind::Option(boxed(payload)?),
        TypeDefKind::Result(result) => {
            let part = |ty: &Option<Type>| match ty {
                Some(ty) => boxed(ty).map(Some),
                None => Some(None),
            };
            Kind::Result(part(&result.ok)?, part(&result.err)?)
        }
        TypeDefKind::Record(record) => {
            let fields = record.fields.iter();
            let fields = fields.map(|field| Some((field.name.clone(), of(&field.ty)?)));
            Kind::Record(class(), fields.collect::<Option<_>>()?)
        }
        TypeDefKind::Variant(variant) => {
            let Shape::Variant(named) = &class_of(world, id).shape else {
                unreachable!("a variant has cases")
            };
            let place = world.place(direction, id).expect("a named type has a place");
            let module = world.path(&place.module);
            let cases = variant.cases.iter().zip(named).map(|(case, named)| {
                let payload = match &case.ty {
                    Some(ty) => Some(of(ty)?),
                    None => None,
                };
                let class = format!("{module}.{}", named.class);
                let name = case.name.clone();
                Some(Case { name, class, payload })
            });
            Kind::Variant(cases.collect::<Option<_>>()?)
        }
        TypeDefKind::Enum(of) => Kind::Enum(class(), members(world, id, of.cases.iter().map(|case| &case.name))),
        TypeDefKind::Flags(of) => Kind::Flags(class(), members(world, id, of.flags.iter().map(|flag| &flag.name))),
        TypeDefKind::Handle(handle) => {
            let (resource, holding) = match handle {
                Handle::Own(resource) => (*resource, Holding::Own),
                Handle::Borrow(resource) => (*resource, Holding::Borrow),
            };
            Kind::Handle(self::resource(world, direction, resource), holding)
        }
        TypeDefKind::Stream(payload) => channel(world, direction, true, *payload)?,
        TypeDefKind::Future(payload) => channel(world, direction, false, *payload)?,
        _ => return None,
    })
}

fn channel(world: &World, direction: Direction, is_stream: bool, payload: Option<Type>) -> Option<Kind> {
    let module = &world.roots.last().expect("a world has a root").module;
    let constructor = format!("{module}.{}", constructor_name(world, is_stream, payload));
    let (payload, size) = match payload {
        Some(ty) => (kind(world, direction, ty)?, size_of(world.resolve, ty)),
        None => (Kind::Nothing, 0),
    };
    Some(Kind::Channel(Box::new(Channel {
        is_stream,
        payload,
        size,
        constructor,
    })))
}

/// How many bytes a type has in memory.
pub fn size_of(resolve: &Resolve, ty: Type) -> usize {
    let mut sizes = SizeAlign::default();
    sizes.fill(resolve).expect("all types are known");
    sizes.size(&ty).size_wasm32()
}

impl Kind {
    /// Whether something in it belongs to whoever has it: a handle, a stream, a future.
    pub fn has_handles(&self) -> bool {
        match self {
            Kind::Handle(..) | Kind::Channel(_) => true,
            Kind::List(item) | Kind::Fixed(item, _) | Kind::Option(item) => item.has_handles(),
            Kind::Tuple(kinds) => kinds.iter().any(Kind::has_handles),
            Kind::Record(_, fields) => fields.iter().any(|(_, kind)| kind.has_handles()),
            Kind::Variant(cases) => cases
                .iter()
                .filter_map(|case| case.payload.as_ref())
                .any(Kind::has_handles),
            Kind::Result(ok, error) => ok.iter().chain(error).any(|kind| kind.has_handles()),
            _ => false,
        }
    }

    /// Whether it is a byte: many of them are `bytes` in Python.
    pub fn is_byte(&self) -> bool {
        matches!(self, Kind::Integer { bits: 8, .. })
    }
}

/// A resource type, as functions in this direction see it.
pub fn resource(world: &World, direction: Direction, id: TypeId) -> Resource {
    let (id, _) = world.definition(Type::Id(id)).expect("a resource is defined");
    let place = world.place(direction, id).expect("a resource has a place");
    let owner = match place.module.direction() {
        Direction::Import => Side::Host,
        Direction::Export => Side::Guest,
    };
    let class = format!("{}.{}", world.path(&place.module), place.class);
    Resource { owner, class }
}

fn members<'a>(world: &World, id: TypeId, names: impl Iterator<Item = &'a String>) -> Vec<Member> {
    let (Shape::Enum(named) | Shape::Flags(named)) = &class_of(world, id).shape else {
        unreachable!("enumerations and flags have members")
    };
    let names = names.zip(named).map(|(name, named)| Member {
        name: name.clone(),
        python: named.name.clone(),
    });
    names.collect()
}

fn class_of<'a>(world: &'a World, id: TypeId) -> &'a Class {
    let interfaces = world.imports.iter().chain(&world.exports);
    let classes = interfaces.flat_map(|interface| &interface.classes);
    let mut classes = classes.chain(world.roots.iter().flat_map(|root| &root.classes));
    classes
        .find(|class| class.id == id)
        .expect("a named type that is used is bound")
}
