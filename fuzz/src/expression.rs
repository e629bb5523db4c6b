//! Values in Python.

use crate::kind::{Channel, Holding, Kind, Resource, Side};
use crate::value::{Flow, Value};

/// Which end of a transfer Python code is on.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    /// It makes the value.
    Gives,
    /// It compares what comes.
    Receives,
}

/// A value at an end.
pub fn expression(kind: &Kind, value: &Value, end: End) -> String {
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => literal(*value).to_string(),
        (Kind::Integer { .. }, Value::Integer(value)) => value.to_string(),
        (Kind::F32, Value::F32(bits)) => format!("harness.f32(0x{bits:x})"),
        (Kind::F64, Value::F64(bits)) => format!("harness.f64(0x{bits:x})"),
        (Kind::Char, Value::Char(value)) => text(&value.to_string()),
        (Kind::String, Value::String(value)) => text(value),
        (Kind::List(item), Value::Items(values)) => list(item, values, end),
        (Kind::Fixed(item, _), Value::Items(values)) => items(item, values, end),
        (Kind::Tuple(kinds), Value::Items(values)) => sequence(
            kinds
                .iter()
                .zip(values)
                .map(|(kind, value)| expression(kind, value, end))
                .collect(),
        ),
        (Kind::Record(class, fields), Value::Items(values)) => {
            let fields = fields.iter().zip(values);
            let fields: Vec<String> = fields.map(|((_, kind), value)| expression(kind, value, end)).collect();
            format!("{class}({})", fields.join(", "))
        }
        (Kind::Variant(cases), Value::Case(case, payload)) => {
            let payload = cases[*case].payload.as_ref().zip(payload.as_ref());
            let payload = payload.map_or(String::new(), |(kind, value)| expression(kind, value, end));
            format!("{}({payload})", cases[*case].class)
        }
        (Kind::Enum(class, members), Value::Case(case, _)) => format!("{class}.{}", members[*case].python),
        (Kind::Flags(class, members), Value::Flags(set)) => {
            let set = members.iter().zip(set).filter(|(_, set)| **set);
            let set = set.map(|(member, _)| format!(" | {class}.{}", member.python));
            format!("({class}(0){})", set.collect::<String>())
        }
        (Kind::Option(_), Value::Case(0, _)) => "None".to_string(),
        (Kind::Option(kind), Value::Case(_, Some(value))) => {
            let inner = expression(kind, value, end);
            if matches!(**kind, Kind::Option(_)) {
                format!("Some({inner})")
            } else {
                inner
            }
        }
        (Kind::Result(ok, error), Value::Case(case, payload)) => {
            let (class, kind) = if *case == 0 { ("Ok", ok) } else { ("Err", error) };
            let payload = kind.as_ref().zip(payload.as_ref());
            let payload = payload.map_or("None".to_string(), |(kind, value)| expression(kind, value, end));
            format!("{class}({payload})")
        }
        (Kind::Handle(resource, holding), Value::Handle(thing)) => handle(resource, *holding, *thing, end),
        (Kind::Channel(channel), Value::Flow(flow)) => flowing(channel, flow, end),
        (Kind::Nothing, Value::Nothing) => "None".to_string(),
        _ => unreachable!("a value is of its kind: {kind:?}, {value:?}"),
    }
}

fn handle(resource: &Resource, holding: Holding, thing: u32, end: End) -> String {
    let class = &resource.class;
    let does = match (end, resource.owner, holding) {
        (End::Gives, Side::Guest, _) => {
            let module = class.rsplit_once(".exports.").expect("an exported class").1;
            return format!("harness.make(\"{module}\", {thing})");
        }
        (End::Gives, Side::Host, Holding::Own) => return format!("harness.give({thing})"),
        (End::Gives, Side::Host, Holding::Borrow) => return format!("harness.lend({thing})"),
        (End::Receives, Side::Guest, _) => return format!("harness.Own({thing})"),
        (End::Receives, Side::Host, Holding::Own) => "True",
        (End::Receives, Side::Host, Holding::Borrow) => "False",
    };
    format!("harness.Theirs({class}, {thing}, {does})")
}

/// The reader of a stream or a future with what goes through it.
fn flowing(channel: &Channel, flow: &Flow, end: End) -> String {
    let items = match channel.is_stream {
        true => list(&channel.payload, &flow.items, end),
        false => expression(&channel.payload, &flow.items[0], end),
    };
    let (taken, seed, abandoned) = (flow.taken, flow.seed, literal(flow.abandoned));
    match (end, channel.is_stream) {
        (End::Gives, true) => format!(
            "asynchronous.stream({}, {items}, {taken}, {seed}, {abandoned})",
            channel.constructor
        ),
        (End::Gives, false) => format!(
            "asynchronous.future({}, {items}, {taken}, {seed}, {abandoned})",
            channel.constructor
        ),
        (End::Receives, true) => format!("asynchronous.Stream({items}, {taken}, {seed})"),
        (End::Receives, false) => format!("asynchronous.Future({items}, {taken}, {seed})"),
    }
}

fn list(item: &Kind, values: &[Value], end: End) -> String {
    if !item.is_byte() {
        return items(item, values, end);
    }
    let bytes = values.iter().map(|value| match value {
        Value::Integer(value) => (value & 0xff).to_string(),
        _ => unreachable!("a byte is an integer"),
    });
    format!("bytes([{}])", bytes.collect::<Vec<_>>().join(", "))
}

fn items(item: &Kind, values: &[Value], end: End) -> String {
    let items: Vec<String> = values.iter().map(|value| expression(item, value, end)).collect();
    format!("[{}]", items.join(", "))
}

/// A tuple.
pub fn sequence(items: Vec<String>) -> String {
    let items: String = items.iter().map(|item| format!("{item}, ")).collect();
    format!("({items})")
}

/// A literal of nothing but ASCII.
fn text(value: &str) -> String {
    let characters = value.chars().map(|character| match character {
        ' '..='~' if character != '"' && character != '\\' => character.to_string(),
        _ => format!("\\U{:08x}", u32::from(character)),
    });
    format!("\"{}\"", characters.collect::<String>())
}

/// A truth value.
pub fn literal(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}
