//! The host of a run: it makes the planned calls of exports, and is asked for the imports.

use crate::function::Function;
use crate::held::payload_of;
use crate::kind::{Holding, Kind, Resource, Side};
use crate::plan::{Call, Plan};
use crate::python::DRIVE;
use crate::value::Value;
use ampoule_bindgen::World;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use wasmtime::component::{
    Component, Instance, Linker, LinkerInstance, Resource as Handle, ResourceAny, ResourceTable, ResourceType, Val,
};
use wasmtime::error::{Context, bail, format_err};
use wasmtime::{AsContextMut, Config, Engine, OptLevel, Result, Store, StoreContextMut};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wit_parser::{InterfaceId, Type, TypeDefKind, WorldItem};

/// The most that is kept of what an app prints.
const MOST_OUTPUT: usize = 1 << 20;

/// A thing of the host's.
struct Thing;

struct State {
    context: WasiCtx,
    table: ResourceTable,
    plan: Arc<Plan>,
    /// The calls of imports that are still to come in this round, as its number and theirs.
    coming: VecDeque<(usize, usize)>,
    /// The app's things that the host owns.
    things: BTreeMap<u32, ResourceAny>,
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// An engine for fuzzed worlds: it compiles fast rather than well.
///
/// # Errors
/// When Wasmtime does not take the configuration.
pub fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config
        .cranelift_opt_level(OptLevel::None)
        .wasm_component_model_fixed_length_lists(true)
        .wasm_component_model_implements(true);
    Engine::new(&config)
}

/// Runs a component by the plan that its app was written for.
///
/// # Errors
/// When the component does not start, traps, or calls or gives anything else than what is planned; with what the app printed.
pub fn run(engine: &Engine, world: &World, plan: &Arc<Plan>, component: &[u8]) -> Result<()> {
    let output = MemoryOutputPipe::new(MOST_OUTPUT);
    let state = State {
        context: WasiCtx::builder().stderr(output.clone()).build(),
        table: ResourceTable::new(),
        plan: plan.clone(),
        coming: VecDeque::new(),
        things: BTreeMap::new(),
    };
    let mut store = Store::new(engine, state);
    let component = Component::new(engine, component)?;
    let done = linker(engine, world, plan)
        .and_then(|linker| linker.instantiate(&mut store, &component))
        .and_then(|instance| perform(&mut store, &instance, plan));
    done.with_context(|| format!("the app printed:\n{}", String::from_utf8_lossy(&output.contents())))
}

fn perform(store: &mut Store<State>, instance: &Instance, plan: &Plan) -> Result<()> {
    for (number, round) in plan.rounds.iter().enumerate() {
        for call in &round.exports {
            let function = &plan.exports[call.function];
            perform_call(store, instance, function, call)
                .with_context(|| format!("{} in round {number}", title(function)))?;
        }
        store.data_mut().coming = (0..round.imports.len()).map(|call| (number, call)).collect();
        let drive = instance.get_func(&mut *store, DRIVE.replace('_', "-"));
        let drive = drive.context("the component lacks the function that drives it")?;
        drive.call(&mut *store, &[Val::U32(number as u32)], &mut [])?;
        let left = store.data().coming.len();
        if left > 0 {
            bail!("{left} imports were not called in round {number}");
        }
    }
    for thing in std::mem::take(&mut store.data_mut().things).into_values() {
        thing.resource_drop(&mut *store)?;
    }
    Ok(())
}

fn perform_call(store: &mut Store<State>, instance: &Instance, function: &Function, call: &Call) -> Result<()> {
    let mut context = store.as_context_mut();
    let arguments = lower_all(&mut context, &function.parameters, &call.arguments)?;
    let interface = match &function.interface {
        Some(name) => {
            let index = instance.get_export_index(&mut context, None, name);
            Some(index.with_context(|| format!("the component does not export {name}"))?)
        }
        None => None,
    };
    let index = instance.get_export_index(&mut context, interface.as_ref(), &function.name);
    let found = index.and_then(|index| instance.get_func(&mut context, index));
    let found = found.context("the component does not export it")?;
    let mut results = vec![Val::Bool(false); usize::from(function.result.is_some())];
    found.call(&mut context, &arguments, &mut results)?;
    receive_all(
        &mut context,
        function.result.as_slice(),
        call.result.as_slice(),
        &results,
    )
}

/// A linker with WASI and with the plan's imports.
fn linker(engine: &Engine, world: &World, plan: &Plan) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    linker.allow_shadowing(true);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    for (key, item) in &world.resolve.worlds[world.id].imports {
        let name = world.resolve.name_world_key(key);
        match item {
            WorldItem::Interface { id, .. } => {
                let mut instance = linker.instance(&name)?;
                add_resources(&mut instance, world, *id)?;
                for (index, function) in plan.imports.iter().enumerate() {
                    if function.interface.as_deref() == Some(name.as_str()) {
                        add_function(&mut instance, function, index)?;
                    }
                }
            }
            WorldItem::Type { id, .. } if is_resource(world, Type::Id(*id)) => {
                add_resource(&mut linker.root(), &name)?;
            }
            _ => {}
        }
    }
    for (index, function) in plan.imports.iter().enumerate() {
        if function.interface.is_none() {
            add_function(&mut linker.root(), function, index)?;
        }
    }
    Ok(linker)
}

fn add_resources(instance: &mut LinkerInstance<State>, world: &World, id: InterfaceId) -> Result<()> {
    for (name, id) in &world.resolve.interfaces[id].types {
        if is_resource(world, Type::Id(*id)) {
            add_resource(instance, name)?;
        }
    }
    Ok(())
}

fn is_resource(world: &World, ty: Type) -> bool {
    matches!(world.definition(ty), Some((_, TypeDefKind::Resource)))
}

fn add_resource(instance: &mut LinkerInstance<State>, name: &str) -> Result<()> {
    instance.resource(name, ResourceType::host::<Thing>(), |_, _| Ok(()))
}

fn add_function(instance: &mut LinkerInstance<State>, function: &Function, index: usize) -> Result<()> {
    instance.func_new(&function.name, move |mut store, _, arguments, results| {
        let plan = store.data().plan.clone();
        let called = &plan.imports[index];
        let next = store.data_mut().coming.pop_front();
        let Some((round, call)) = next else {
            bail!("{} is called, and no call is left", title(called));
        };
        let call = &plan.rounds[round].imports[call];
        if call.function != index {
            bail!(
                "{} is called, not {}",
                title(called),
                title(&plan.imports[call.function])
            );
        }
        let done = receive_all(&mut store, &called.parameters, &call.arguments, arguments)
            .and_then(|()| lower_all(&mut store, called.result.as_slice(), call.result.as_slice()));
        let given = done.with_context(|| format!("{} in round {round}", title(called)))?;
        for (result, given) in results.iter_mut().zip(given) {
            *result = given;
        }
        Ok(())
    })
}

fn title(function: &Function) -> String {
    match &function.interface {
        Some(interface) => format!("{interface}#{}", function.name),
        None => function.name.clone(),
    }
}

fn lower_all(store: &mut StoreContextMut<State>, kinds: &[Kind], values: &[Value]) -> Result<Vec<Val>> {
    let pairs = kinds.iter().zip(values);
    pairs.map(|(kind, value)| lower(store, kind, value)).collect()
}

/// A value as Wasmtime takes it.
fn lower(store: &mut StoreContextMut<State>, kind: &Kind, value: &Value) -> Result<Val> {
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

fn receive_all(store: &mut StoreContextMut<State>, kinds: &[Kind], values: &[Value], received: &[Val]) -> Result<()> {
    if received.len() != kinds.len() {
        bail!("{} values, not {}", received.len(), kinds.len());
    }
    for ((kind, value), received) in kinds.iter().zip(values).zip(received) {
        receive(store, kind, value, received)
            .with_context(|| format!("the app gave {received:?}, where {value:?} is planned"))?;
    }
    Ok(())
}

/// Compares what the app gives with what is planned, and keeps its things.
fn receive(store: &mut StoreContextMut<State>, kind: &Kind, value: &Value, received: &Val) -> Result<()> {
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
        (Kind::Handle(..), ..) => Err(differs()),
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
