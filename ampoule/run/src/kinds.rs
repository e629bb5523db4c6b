//! What types have in them.

use wasmtime::component::types::Type;

/// What `of` says of a type or of one within it: the first answer, from outside to inside.
pub fn find_in(kind: &Type, of: &impl Fn(&Type) -> Option<&'static str>) -> Option<&'static str> {
    let within = |kind: Type| find_in(&kind, of);
    of(kind).or_else(|| match kind {
        Type::List(list) => within(list.ty()),
        Type::FixedLengthList(list) => within(list.ty()),
        Type::Option(option) => within(option.ty()),
        Type::Record(record) => record.fields().find_map(|field| within(field.ty)),
        Type::Tuple(tuple) => tuple.types().find_map(within),
        Type::Variant(variant) => variant.cases().find_map(|case| case.ty.and_then(within)),
        Type::Result(result) => [result.ok(), result.err()].into_iter().flatten().find_map(within),
        _ => None,
    })
}
