//! WIT types as Python annotations.

use crate::World;
use crate::channels::{behind_aliases, is_byte};
use crate::layout::Expression;
use crate::scope::Names;
use ampoule_settings::NumericLists;
use wit_parser::{Handle, Type, TypeDefKind, TypeId};

/// The annotation of a type.
pub(crate) fn annotation(world: &World, names: &mut dyn Names, ty: Type) -> Expression {
    match ty {
        Type::Bool => Expression::atom(names.helper("bool")),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::S8 | Type::S16 | Type::S32 | Type::S64 => {
            Expression::atom(names.helper("int"))
        }
        Type::F32 | Type::F64 => Expression::atom(names.helper("float")),
        Type::Char | Type::String => Expression::atom(names.helper("str")),
        Type::ErrorContext => Expression::atom(names.helper("ErrorContext")),
        Type::Id(id) => defined(world, names, id),
    }
}

/// The annotation of a type that may be absent.
pub(crate) fn optional(world: &World, names: &mut dyn Names, ty: Option<Type>) -> Expression {
    ty.map_or_else(|| Expression::atom("None"), |ty| annotation(world, names, ty))
}

/// The annotation of a parameter or result that leaves Python, of which more is taken than ever arrives: a list of numbers may
/// be any sequence or buffer. What is inside other types is as it arrives.
pub(crate) fn leaving(world: &World, names: &mut dyn Names, ty: Type) -> Expression {
    let number = match world.definition(ty) {
        Some((_, TypeDefKind::List(item))) => number_in_buffer(world, *item),
        _ => None,
    };
    let Some(number) = number else {
        return annotation(world, names, ty);
    };
    let sequence = names.helper("Sequence");
    let members = [
        Expression::subscript(sequence, [annotation(world, names, number)]),
        Expression::atom(names.helper("Buffer")),
    ];
    Expression::subscript(names.helper("Union"), members)
}

/// The number behind the aliases of a list's item, if such a list arrives as a buffer. `list<u8>` is `bytes` by name.
fn number_in_buffer(world: &World, item: Type) -> Option<Type> {
    let is_wanted = world.numeric_lists != NumericLists::List && item != Type::U8;
    let number = behind_aliases(world, item);
    let is_number = !matches!(
        number,
        Type::Bool | Type::Char | Type::String | Type::ErrorContext | Type::Id(_)
    );
    (is_wanted && is_number).then_some(number)
}

fn list(world: &World, names: &mut dyn Names, item: Type) -> Expression {
    match (number_in_buffer(world, item), world.numeric_lists) {
        (Some(_), NumericLists::Memoryview) => Expression::atom(names.helper("memoryview")),
        (Some(number), _) => {
            let name = names.helper("array");
            Expression::subscript(name, [annotation(world, names, number)])
        }
        (None, _) if matches!(item, Type::U8 | Type::S8) => Expression::atom(names.helper("bytes")),
        (None, _) => list_of_objects(world, names, item),
    }
}

fn list_of_objects(world: &World, names: &mut dyn Names, item: Type) -> Expression {
    let name = names.helper("List");
    Expression::subscript(name, [annotation(world, names, item)])
}

fn defined(world: &World, names: &mut dyn Names, id: TypeId) -> Expression {
    match &world.resolve.types[id].kind {
        TypeDefKind::Type(aliased) => annotation(world, names, *aliased),
        TypeDefKind::Tuple(tuple) => {
            let name = names.helper("Tuple");
            let items: Vec<Expression> = tuple.types.iter().map(|ty| annotation(world, names, *ty)).collect();
            Expression::subscript(name, items)
        }
        TypeDefKind::Option(payload) => option(world, names, *payload),
        TypeDefKind::Result(result) => {
            let name = names.helper("Result");
            let (ok, error) = (optional(world, names, result.ok), optional(world, names, result.err));
            Expression::subscript(name, [ok, error])
        }
        TypeDefKind::List(item) => list(world, names, *item),
        TypeDefKind::FixedLengthList(item, _) => list_of_objects(world, names, *item),
        TypeDefKind::Map(key, value) => {
            let name = names.helper("dict");
            let (key, value) = (annotation(world, names, *key), annotation(world, names, *value));
            Expression::subscript(name, [key, value])
        }
        TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
            annotation(world, names, Type::Id(*resource))
        }
        TypeDefKind::Stream(payload) => end(world, names, &STREAM_READER, *payload),
        TypeDefKind::Future(payload) => end(world, names, &FUTURE_READER, *payload),
        _ => Expression::atom(names.class(id)),
    }
}

/// The classes for an end of a stream or future: that for bytes, and that for anything else.
pub(crate) struct End {
    bytes: Option<&'static str>,
    any: &'static str,
}

pub(crate) const STREAM_READER: End = End {
    bytes: Some("ByteStreamReader"),
    any: "StreamReader",
};
pub(crate) const STREAM_WRITER: End = End {
    bytes: Some("ByteStreamWriter"),
    any: "StreamWriter",
};
pub(crate) const FUTURE_READER: End = End {
    bytes: None,
    any: "FutureReader",
};
pub(crate) const FUTURE_WRITER: End = End {
    bytes: None,
    any: "FutureWriter",
};

/// The annotation of an end.
pub(crate) fn end(world: &World, names: &mut dyn Names, end: &End, payload: Option<Type>) -> Expression {
    match end.bytes {
        Some(bytes) if is_byte(world, payload) => Expression::atom(names.helper(bytes)),
        _ => {
            let name = names.helper(end.any);
            Expression::subscript(name, [optional(world, names, payload)])
        }
    }
}

/// `Optional[T]`, with `Some` around a payload that is an option itself: `None` alone could not tell the two levels apart.
fn option(world: &World, names: &mut dyn Names, payload: Type) -> Expression {
    let name = names.helper("Optional");
    let nested = matches!(world.definition(payload), Some((_, TypeDefKind::Option(_))));
    let inner = annotation(world, names, payload);
    let inner = if nested {
        Expression::subscript(names.helper("Some"), [inner])
    } else {
        inner
    };
    Expression::subscript(name, [inner])
}
