//! Calls with their types as JSON, for the hosts that are not written in Rust.
//!
//! A number of 64 bits is a decimal string and a float its bits in hexadecimal digits, so that no reader rounds them. A record is the list
//! of its fields' values, a variant and a result a pair of case and payload, an option null or a list of one value.

use ampoule_echo_host::Call;
use serde_json::{Value, json};
use wasmtime::component::{Type, Val};

/// The calls: each with its function, its types and its arguments.
pub fn table(calls: &[Call]) -> Value {
    let call = |call: &Call| {
        json!({
            "interface": call.interface,
            "function": call.function,
            "parameters": call.parameters.iter().map(kind).collect::<Value>(),
            "result": call.result.as_ref().map(kind),
            "arguments": values(&call.arguments),
        })
    };
    calls.iter().map(call).collect()
}

fn kind(value: &Type) -> Value {
    let optional = |value: Option<Type>| value.as_ref().map(kind);
    match value {
        Type::Bool => json!("bool"),
        Type::S8 => json!("s8"),
        Type::U8 => json!("u8"),
        Type::S16 => json!("s16"),
        Type::U16 => json!("u16"),
        Type::S32 => json!("s32"),
        Type::U32 => json!("u32"),
        Type::S64 => json!("s64"),
        Type::U64 => json!("u64"),
        Type::Float32 => json!("f32"),
        Type::Float64 => json!("f64"),
        Type::Char => json!("char"),
        Type::String => json!("string"),
        Type::List(list) => json!({"list": kind(&list.ty())}),
        Type::Map(map) => json!({"map": [kind(&map.key()), kind(&map.value())]}),
        Type::Record(record) => json!({"record": pairs(record.fields().map(|field| (field.name, Some(field.ty))))}),
        Type::Tuple(tuple) => json!({"tuple": tuple.types().map(|item| kind(&item)).collect::<Value>()}),
        Type::Variant(variant) => json!({"variant": pairs(variant.cases().map(|case| (case.name, case.ty)))}),
        Type::Enum(cases) => json!({"enum": cases.names().collect::<Value>()}),
        Type::Option(option) => json!({"option": kind(&option.ty())}),
        Type::Result(result) => json!({"result": [optional(result.ok()), optional(result.err())]}),
        Type::Flags(flags) => json!({"flags": flags.names().collect::<Value>()}),
        other => panic!("the example echo has no {other:?}"),
    }
}

fn pairs<'a>(members: impl Iterator<Item = (&'a str, Option<Type>)>) -> Value {
    members
        .map(|(name, value)| json!([name, value.as_ref().map(kind)]))
        .collect()
}

fn values(values: &[Val]) -> Value {
    values.iter().map(value).collect()
}

fn value(given: &Val) -> Value {
    let optional = |given: &Option<Box<Val>>| given.as_deref().map(value);
    match given {
        Val::Bool(given) => json!(given),
        Val::S8(number) => json!(number),
        Val::U8(number) => json!(number),
        Val::S16(number) => json!(number),
        Val::U16(number) => json!(number),
        Val::S32(number) => json!(number),
        Val::U32(number) => json!(number),
        Val::S64(number) => json!(number.to_string()),
        Val::U64(number) => json!(number.to_string()),
        Val::Float32(number) => json!(format!("{:08x}", number.to_bits())),
        Val::Float64(number) => json!(format!("{:016x}", number.to_bits())),
        Val::Char(text) => json!(text),
        Val::String(text) => json!(text),
        Val::List(items) | Val::Tuple(items) => values(items),
        Val::Map(entries) => entries
            .iter()
            .map(|(key, item)| json!([value(key), value(item)]))
            .collect(),
        Val::Record(fields) => fields.iter().map(|(_, field)| value(field)).collect(),
        Val::Variant(case, payload) => json!([case, optional(payload)]),
        Val::Enum(case) => json!(case),
        Val::Option(None) => Value::Null,
        Val::Option(Some(given)) => json!([value(given)]),
        Val::Result(Ok(payload)) => json!(["ok", optional(payload)]),
        Val::Result(Err(payload)) => json!(["err", optional(payload)]),
        Val::Flags(names) => json!(names),
        other => panic!("the example echo has no {other:?}"),
    }
}
