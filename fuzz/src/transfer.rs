//! Values between the plan and Wasmtime: made for the app, and compared with what it gives.

use crate::giver::give;
use crate::held::payload_of;
use crate::host::{State, Thing};
use crate::kind::{Holding, Kind, Resource, Side};
use crate::taker::take;
use crate::value::Value;
use wasmtime::component::{Resource as Handle, ResourceAny, Val};
use wasmtime::error::{Context, bail, format_err};
use wasmtime::{Result, StoreContextMut};

/// Values as Wasmtime takes them.
pub fn lower_all(store: &mut StoreContextMut<State>, kinds: &[Kind], values: &[Value]) -> Result<Vec<Val>> {
    let pairs = kinds.iter().zip(values);
    pairs.map(|(kind, value)| lower(store, kind, value)).collect()
}

/// A value as Wasmtime takes it.
pub fn lower(store: &mut StoreContextMut<State>, kind: &Kind, value: &Value) -> Result<Val> {
    let mut payload = |case: usize, payload: &Option<Box<Value>>| match (payload_of(kind, case), payload) {
        (Some(kind), Some(value)) => lower(store, kind, value).map(|value| Some(Box::new(value))),
        _ => Ok(None),
    };
    Ok(match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => Val::Bool(*value),
        (Kind::Integer { bits, signed }, Value::Integer(value)) => integer(*bits, *signed, *value),
        (Kind::F32, Value::F32(bits)) => Val::Float32(f32::from_bits(*bits)),
        (Kind::F64, Value::F64(bits)) => Val::Float64(f64::from_bits(*bits)),
        (Kind::Char, Value::Char(value)) => Val::Char(*value),
        (Kind::String, Value::String(value)) => Val::String(value.clone()),
        (Kind::List(item), Value::Items(values)) => Val::List(lower_each(store, item, values)?),
        (Kind::Fixed(item, _), Value::Items(values)) => Val::FixedLengthList(lower_each(store, item, values)?),
        (Kind::Tuple(kinds), Value::Items(values)) => Val::Tuple(lower_all(store, kinds, values)?),
        (Kind::Record(_, fields), Value::Items(values)) => {
            let fields = fields.iter().zip(values);
            let fields = fields.map(|((name, kind), value)| Ok((name.clone(), lower(store, kind, value)?)));
            Val::Record(fields.collect::<Result<_>>()?)
        }
        (Kind::Variant(cases), Value::Case(case, value)) => {
            Val::Variant(cases[*case].name.clone(), payload(*case, value)?)
        }
        (Kind::Enum(_, members), Value::Case(case, _)) => Val::Enum(members[*case].name.clone()),
        (Kind::Flags(_, members), Value::Flags(set)) => {
            let set = members.iter().zip(set).filter(|(_, set)| **set);
            Val::Flags(set.map(|(member, _)| member.name.clone()).collect())
        }
        (Kind::Option(_), Value::Case(case, value)) => Val::Option(payload(*case, value)?),
        (Kind::Result(..), Value::Case(0, value)) => Val::Result(Ok(payload(0, value)?)),
        (Kind::Result(..), Value::Case(case, value)) => Val::Result(Err(payload(*case, value)?)),
        (Kind::Handle(resource, holding), Value::Handle(thing)) => {
            Val::Resource(hand_over(store, resource, *holding, *thing)?)
        }
        (Kind::Channel(channel), Value::Flow(flow)) => give(store, channel, flow)?,
        (Kind::Nothing, Value::Nothing) => Val::Tuple(Vec::new()),
        _ => unreachable!("a value is of its kind: {kind:?}, {value:?}"),
    })
}

fn lower_each(store: &mut StoreContextMut<State>, item: &Kind, values: &[Value]) -> Result<Vec<Val>> {
    values.iter().map(|value| lower(store, item, value)).collect()
}

fn hand_over(
    store: &mut StoreContextMut<State>,
    resource: &Resource,
    holding: Holding,
    thing: u32,
) -> Result<ResourceAny> {
    match (resource.owner, holding) {
        (Side::Host, Holding::Own) => Handle::<Thing>::new_own(thing).try_into_resource_any(store),
        (Side::Host, Holding::Borrow) => Handle::<Thing>::new_borrow(thing).try_into_resource_any(store),
        (Side::Guest, Holding::Own) => store.data_mut().things.remove(&thing).context("the host owns it"),
        (Side::Guest, Holding::Borrow) => store.data().things.get(&thing).copied().context("the host owns it"),
    }
}

/// An integer as Wasmtime takes it. It is in the range of its type.
fn integer(bits: u32, signed: bool, value: i128) -> Val {
    match (bits, signed) {
        (8, false) => Val::U8(value as u8),
        (8, true) => Val::S8(value as i8),
        (16, false) => Val::U16(value as u16),
        (16, true) => Val::S16(value as i16),
        (32, false) => Val::U32(value as u32),
        (32, true) => Val::S32(value as i32),
        (_, false) => Val::U64(value as u64),
        (_, true) => Val::S64(value as i64),
    }
}

/// Compares what the app gives with what is planned, and keeps its things.
pub fn receive_all(
    store: &mut StoreContextMut<State>,
    kinds: &[Kind],
    values: &[Value],
    received: &[Val],
) -> Result<()> {
    if received.len() != kinds.len() {
        bail!("{} values, not {}", received.len(), kinds.len());
    }
    for ((kind, value), received) in kinds.iter().zip(values).zip(received) {
        receive(store, kind, value, received)
            .with_context(|| format!("the app gave {received:?}, where {value:?} is planned"))?;
    }
    Ok(())
}

/// The same for one value.
pub fn receive(store: &mut StoreContextMut<State>, kind: &Kind, value: &Value, received: &Val) -> Result<()> {
    let differs = || format_err!("{received:?} is not {value:?}");
    let check = |same: bool| if same { Ok(()) } else { Err(differs()) };
    match (kind, value, received) {
        (Kind::F32, Value::F32(bits), Val::Float32(received)) => {
            let value = f32::from_bits(*bits);
            check(received.to_bits() == *bits || value.is_nan() && received.is_nan())
        }
        (Kind::F64, Value::F64(bits), Val::Float64(received)) => {
            let value = f64::from_bits(*bits);
            check(received.to_bits() == *bits || value.is_nan() && received.is_nan())
        }
        (Kind::List(item), Value::Items(values), Val::List(received))
        | (Kind::Fixed(item, _), Value::Items(values), Val::FixedLengthList(received)) => {
            check(values.len() == received.len())?;
            let mut pairs = values.iter().zip(received);
            pairs.try_for_each(|(value, received)| receive(store, item, value, received))
        }
        (Kind::Tuple(kinds), Value::Items(values), Val::Tuple(received)) => {
            check(values.len() == received.len())?;
            let mut triples = kinds.iter().zip(values).zip(received);
            triples.try_for_each(|((kind, value), received)| receive(store, kind, value, received))
        }
        (Kind::Record(_, fields), Value::Items(values), Val::Record(received)) => {
            check(values.len() == received.len())?;
            let mut triples = fields.iter().zip(values).zip(received);
            triples.try_for_each(|(((_, kind), value), (_, received))| receive(store, kind, value, received))
        }
        (Kind::Variant(cases), Value::Case(case, payload), Val::Variant(name, received)) => {
            check(cases[*case].name == *name)?;
            receive_payload(store, kind, *case, payload, received)
        }
        (Kind::Option(_), Value::Case(case, payload), Val::Option(received)) => {
            check((*case == 1) == received.is_some())?;
            receive_payload(store, kind, *case, payload, received)
        }
        (Kind::Result(..), Value::Case(case, payload), Val::Result(received)) => {
            check((*case == 1) == received.is_err())?;
            let (Ok(received) | Err(received)) = received;
            receive_payload(store, kind, *case, payload, received)
        }
        (Kind::Handle(resource, _), Value::Handle(thing), Val::Resource(received)) => match resource.owner {
            Side::Host => check(received.try_into_resource::<Thing>(store)?.rep() == *thing),
            Side::Guest => {
                store.data_mut().things.insert(*thing, *received);
                Ok(())
            }
        },
        (Kind::Channel(channel), Value::Flow(flow), Val::Stream(_) | Val::Future(_)) => {
            take(store, channel, flow, received)
        }
        (Kind::Handle(..) | Kind::Channel(_), ..) => Err(differs()),
        _ => check(lower(store, kind, value)? == *received),
    }
}

fn receive_payload(
    store: &mut StoreContextMut<State>,
    kind: &Kind,
    case: usize,
    value: &Option<Box<Value>>,
    received: &Option<Box<Val>>,
) -> Result<()> {
    match (payload_of(kind, case), value, received) {
        (Some(kind), Some(value), Some(received)) => receive(store, kind, value, received),
        (None, None, None) => Ok(()),
        _ => bail!("{received:?} is not {value:?}"),
    }
}
