//! What the host provides: WASI, and the plan's imports.

use crate::chance::Chance;
use crate::function::Function;
use crate::host::{State, Thing, title};
use crate::plan::{Call, Plan};
use crate::python::{BEGIN, PAUSE};
use crate::transfer::{lower_all, receive_all};
use ampoule_bindgen::World;
use std::pin::Pin;
use std::sync::Arc;
use tokio::task::yield_now;
use wasmtime::component::{Accessor, Linker, LinkerInstance, ResourceType, Val};
use wasmtime::error::{Context, bail};
use wasmtime::{AsContextMut, Engine, Result, StoreContextMut};
use wit_parser::{InterfaceId, Type, TypeDefKind, WorldItem};

/// As often as an asynchronous import is asked before it answers.
const PAUSES: usize = 4;

type Answer<'a> = Pin<Box<dyn Future<Output = Result<()>> + Send + 'a>>;

/// A linker with WASI and with the plan's imports.
pub fn linker(engine: &Engine, world: &World, plan: &Plan) -> Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    linker.allow_shadowing(true);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
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
    if plan.is_async {
        add_driver(&mut linker.root())?;
    }
    Ok(linker)
}

/// What `driver.wit` has.
fn add_driver(root: &mut LinkerInstance<State>) -> Result<()> {
    root.func_wrap_concurrent(&PAUSE.replace('_', "-"), |_, (times,): (u32,)| {
        Box::pin(pause(times as usize))
    })?;
    root.func_wrap(&BEGIN.replace('_', "-"), |mut store, (function,): (u32,)| {
        *store.data_mut().begun.entry(function as usize).or_default() += 1;
        Ok(())
    })
}

async fn pause(times: usize) -> Result<()> {
    for _ in 0..times {
        yield_now().await;
    }
    Ok(())
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
    if function.is_async {
        return instance.func_new_concurrent(&function.name, move |accessor, _, arguments, results| {
            Box::pin(answer_later(accessor, index, arguments, results)) as Answer
        });
    }
    instance.func_new(&function.name, move |mut store, _, arguments, results| {
        let asked = Asked::new(&mut store, index, arguments)?;
        asked.answer(&mut store, results)
    })
}

async fn answer_later(accessor: &Accessor<State>, index: usize, arguments: &[Val], results: &mut [Val]) -> Result<()> {
    let asked = accessor.with(|mut access| Asked::new(&mut access.as_context_mut(), index, arguments))?;
    pause(Chance::new(asked.call().seed).below(PAUSES)).await?;
    accessor.with(|mut access| asked.answer(&mut access.as_context_mut(), results))
}

/// An import that is being called.
struct Asked {
    plan: Arc<Plan>,
    index: usize,
    round: usize,
    call: usize,
}

impl Asked {
    /// Finds the call in the plan, and compares the arguments.
    fn new(store: &mut StoreContextMut<State>, index: usize, arguments: &[Val]) -> Result<Asked> {
        let plan = store.data().plan.clone();
        let function = &plan.imports[index];
        let Some(coming) = store.data_mut().coming.get_mut(&index) else {
            bail!("{} is called, which is not planned", title(function));
        };
        if coming.is_answered && !function.can_be_cancelled() {
            bail!("{} is called again", title(function));
        }
        let (round, call) = (coming.round, coming.call);
        let asked = Asked {
            plan: plan.clone(),
            index,
            round,
            call,
        };
        receive_all(store, &function.parameters, &asked.call().arguments, arguments)
            .with_context(|| format!("{} in round {round}", title(function)))?;
        Ok(asked)
    }

    fn call(&self) -> &Call {
        &self.plan.rounds[self.round].imports[self.call]
    }

    fn answer(&self, store: &mut StoreContextMut<State>, results: &mut [Val]) -> Result<()> {
        let result = self.plan.imports[self.index].result.as_slice();
        let given = lower_all(store, result, self.call().result.as_slice())?;
        for (result, given) in results.iter_mut().zip(given) {
            *result = given;
        }
        if let Some(coming) = store.data_mut().coming.get_mut(&self.index) {
            coming.is_answered = true;
        }
        Ok(())
    }
}
