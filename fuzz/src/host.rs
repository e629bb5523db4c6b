//! The host of a run: it makes the planned calls of exports, and is asked for the imports.

use crate::ends::Ends;
use crate::function::Function;
use crate::imports::linker;
use crate::plan::{Call, Plan};
use crate::python::{DRIVE, SETTLE};
use crate::transfer::{lower_all, receive_all};
use ampoule_bindgen::World;
use futures::future::{try_join, try_join_all};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::yield_now;
use wasmtime::component::{Accessor, Component, Func, Instance, ResourceAny, ResourceTable, Val};
use wasmtime::error::{Context, bail};
use wasmtime::{AsContextMut, Config, Engine, OptLevel, Result, Store, StoreContextMut};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// The most that is kept of what an app prints.
const MOST_OUTPUT: usize = 1 << 20;

/// What does not come to its end in this time never will.
const LONGEST: Duration = Duration::from_secs(60);

/// After so many turns the host's ends of streams and futures have come to theirs.
const TURNS: usize = 10_000;

/// What each call that was under way at once may leave to be used again: a set of waitables, and a stream with its two ends, by which
/// another has woken it.
const KEPT: usize = 4;

/// The calls by which the app makes and ends its own, and what is there without any.
const OWN: usize = 2;

/// A thing of the host's.
pub struct Thing;

/// What the host knows.
pub struct State {
    context: WasiCtx,
    table: ResourceTable,
    /// What is to happen.
    pub plan: Arc<Plan>,
    /// The calls of imports in this round, by the position of the function.
    pub coming: BTreeMap<usize, Coming>,
    /// How many calls of exports have begun in this round, by the position of the function.
    pub begun: BTreeMap<usize, usize>,
    /// The app's things that the host owns.
    pub things: BTreeMap<u32, ResourceAny>,
    /// The host's ends of streams and futures.
    pub ends: Ends,
}

/// A call of an import that is planned.
pub struct Coming {
    /// Its round.
    pub round: usize,
    /// Its position there.
    pub call: usize,
    /// Whether it was made.
    pub is_answered: bool,
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
        .wasm_component_model_async(true)
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
        coming: BTreeMap::new(),
        begun: BTreeMap::new(),
        things: BTreeMap::new(),
        ends: Ends::default(),
    };
    let mut store = Store::new(engine, state);
    let component = Component::new(engine, component)?;
    let linker = linker(engine, world, plan)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let done = runtime.block_on(async {
        let instance = linker.instantiate_async(&mut store, &component).await?;
        perform(&mut store, &instance, plan).await
    });
    done.with_context(|| format!("the app printed:\n{}", String::from_utf8_lossy(&output.contents())))
}

async fn perform(store: &mut Store<State>, instance: &Instance, plan: &Plan) -> Result<()> {
    for number in 0..plan.rounds.len() {
        let done = perform_round(store, instance, plan, number).await;
        done.with_context(|| format!("round {number}"))?;
    }
    for thing in std::mem::take(&mut store.data_mut().things).into_values() {
        thing.resource_drop_async(&mut *store).await?;
    }
    let at_once = plan.rounds.iter().map(|round| round.exports.len()).max();
    let kept = KEPT * (OWN + at_once.unwrap_or(0));
    let left = store.concurrent_state_table_size();
    if left > kept {
        bail!("{left} tasks, sets and ends are left in the host, more than the {kept} that are used again");
    }
    Ok(())
}

async fn perform_round(store: &mut Store<State>, instance: &Instance, plan: &Plan, number: usize) -> Result<()> {
    let calls = plan.rounds[number].imports.iter().enumerate();
    let calls = calls.map(|(call, of)| {
        let coming = Coming {
            round: number,
            call,
            is_answered: false,
        };
        (of.function, coming)
    });
    store.data_mut().coming = calls.collect();
    store.data_mut().begun.clear();
    let done = store.run_concurrent(async |accessor| match plan.is_async {
        true => perform_at_once(accessor, instance, plan, number).await,
        false => perform_in_order(accessor, instance, plan, number).await,
    });
    let done = tokio::time::timeout(LONGEST, done).await;
    done.context("it does not come to its end")???;
    store.data().ends.check()?;
    let left = store.data().coming.values().filter(|coming| !coming.is_answered);
    match left.count() {
        0 => Ok(()),
        left => bail!("{left} imports were not called"),
    }
}

/// One call after the other, of exports and then of imports.
async fn perform_in_order(accessor: &Accessor<State>, instance: &Instance, plan: &Plan, number: usize) -> Result<()> {
    for call in &plan.rounds[number].exports {
        perform_call(accessor, instance, plan, call).await?;
    }
    drive(accessor, instance, DRIVE, &[Val::U32(number as u32)]).await
}

/// All calls at once; then what streams and futures still have to give and take.
async fn perform_at_once(accessor: &Accessor<State>, instance: &Instance, plan: &Plan, number: usize) -> Result<()> {
    let calls = &plan.rounds[number].exports;
    let exports = calls.iter().enumerate().map(async |(index, call)| {
        let earlier = calls[..index]
            .iter()
            .filter(|earlier| earlier.function == call.function);
        wait_for_beginning(accessor, call.function, earlier.count()).await;
        perform_call(accessor, instance, plan, call).await
    });
    let exports = try_join_all(exports);
    let imports = [Val::U32(number as u32)];
    try_join(exports, drive(accessor, instance, DRIVE, &imports)).await?;
    drive(accessor, instance, SETTLE, &[]).await?;
    for _ in 0..TURNS {
        if accessor.with(|mut access| access.data_mut().ends.open()) == 0 {
            return Ok(());
        }
        yield_now().await;
    }
    bail!("the host has ends of streams and futures that nobody drops")
}

/// Returns when so many calls of a function have begun: so its calls come to the app in the order in which they are planned.
async fn wait_for_beginning(accessor: &Accessor<State>, function: usize, count: usize) {
    let begun = || accessor.with(|mut access| access.data_mut().begun.get(&function).copied());
    while begun().unwrap_or(0) < count {
        yield_now().await;
    }
}

async fn perform_call(accessor: &Accessor<State>, instance: &Instance, plan: &Plan, call: &Call) -> Result<()> {
    let function = &plan.exports[call.function];
    let made = make_call(accessor, instance, function, call).await;
    made.with_context(|| title(function))
}

async fn make_call(accessor: &Accessor<State>, instance: &Instance, function: &Function, call: &Call) -> Result<()> {
    let (found, arguments) = accessor.with(|mut access| {
        let mut store = access.as_context_mut();
        let found = find(&mut store, instance, function.interface.as_deref(), &function.name)?;
        let arguments = lower_all(&mut store, &function.parameters, &call.arguments)?;
        wasmtime::error::Ok((found, arguments))
    })?;
    let mut results = vec![Val::Bool(false); usize::from(function.result.is_some())];
    found.call_concurrent(accessor, &arguments, &mut results).await?;
    accessor.with(|mut access| {
        let (kinds, values) = (function.result.as_slice(), call.result.as_slice());
        receive_all(&mut access.as_context_mut(), kinds, values, &results)
    })
}

/// Calls a function that every app has.
async fn drive(accessor: &Accessor<State>, instance: &Instance, name: &str, arguments: &[Val]) -> Result<()> {
    let name = name.replace('_', "-");
    let found = accessor.with(|mut access| find(&mut access.as_context_mut(), instance, None, &name))?;
    found.call_concurrent(accessor, arguments, &mut []).await.context(name)
}

fn find(store: &mut StoreContextMut<State>, instance: &Instance, interface: Option<&str>, name: &str) -> Result<Func> {
    let interface = match interface {
        Some(name) => {
            let index = instance.get_export_index(&mut *store, None, name);
            Some(index.with_context(|| format!("the component does not export {name}"))?)
        }
        None => None,
    };
    let index = instance.get_export_index(&mut *store, interface.as_ref(), name);
    let found = index.and_then(|index| instance.get_func(&mut *store, index));
    found.context("the component does not export it")
}

/// The name of a function in messages.
pub fn title(function: &Function) -> String {
    match &function.interface {
        Some(interface) => format!("{interface}#{}", function.name),
        None => function.name.clone(),
    }
}
