//! A component: what it costs to compile it, and to get an answer from a fresh instance of it.

use crate::error::Error;
use crate::host::{self, Allocation, State};
use crate::process::own_user_time;
use crate::report::Report;
use crate::statistics::median;
use std::time::{Duration, Instant};
use wasmtime::Engine;
use wasmtime::component::types::{ComponentItem, Type};
use wasmtime::component::wasm_wave::untyped::UntypedFuncCall;
use wasmtime::component::{Component, InstancePre, Val};

/// How many instances are started.
const INSTANCES: usize = 200;

/// A component that one of the builders made.
pub struct Built {
    /// Whose it is.
    pub builder: String,
    /// The component.
    pub bytes: Vec<u8>,
}

/// Measures compilation, and instantiation with the first call.
pub fn measure(components: &[Built; 2], call: &str, rounds: usize, report: &mut Report) -> Result<(), Error> {
    compilations(components, rounds, report)?;
    for allocation in [Allocation::OnDemand, Allocation::Pooling] {
        first_calls(components, call, allocation, report)?;
    }
    Ok(())
}

fn compilations(components: &[Built; 2], rounds: usize, report: &mut Report) -> Result<(), Error> {
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..rounds.clamp(1, 3) {
        for (times, component) in times.iter_mut().zip(components) {
            let compile = || Component::new(&Allocation::OnDemand.engine()?, &component.bytes);
            let start = own_user_time();
            compile().map_err(Error::component(&component.builder))?;
            times.push(own_user_time() - start);
        }
    }
    report.figure("compilation by Wasmtime, CPU time", "s", times.map(median));
    Ok(())
}

fn first_calls(components: &[Built; 2], call: &str, allocation: Allocation, report: &mut Report) -> Result<(), Error> {
    let engine = allocation.engine().map_err(Error::component("the bench"))?;
    let mut times: [Vec<Duration>; 2] = Default::default();
    let prepared = [
        host::prepare(&engine, &components[0])?,
        host::prepare(&engine, &components[1])?,
    ];
    for _ in 0..INSTANCES {
        for which in 0..2 {
            let failed = Error::component(&components[which].builder);
            let start = Instant::now();
            answer(&engine, &prepared[which], call).map_err(failed)?;
            times[which].push(start.elapsed());
        }
    }
    let name = format!(
        "instantiation, first call and end of an instance, {}",
        allocation.name()
    );
    report.figure(&name, "ms", times.map(|times| median(times) * 1e3));
    Ok(())
}

/// The seconds that a fresh instance of one component takes for a call, with its start and end.
pub fn first_call(component: &Built, call: &str) -> Result<f64, Error> {
    let engine = Allocation::Pooling.engine().map_err(Error::component("the bench"))?;
    let prepared = host::prepare(&engine, component)?;
    let mut times = Vec::new();
    for _ in 0..INSTANCES {
        let start = Instant::now();
        answer(&engine, &prepared, call).map_err(Error::component(&component.builder))?;
        times.push(start.elapsed());
    }
    Ok(median(times))
}

/// The result of a call in an instance that has done nothing before.
fn answer(engine: &Engine, prepared: &InstancePre<State>, call: &str) -> wasmtime::Result<Vec<Val>> {
    let call = UntypedFuncCall::parse(call)?;
    let (parameters, results) = signature(engine, prepared.component(), call.name())?;
    let arguments: Vec<Val> = call.to_wasm_params(&parameters)?;
    let mut results = vec![Val::Bool(false); results];
    let mut store = host::store(engine);
    let instance = prepared.instantiate(&mut store)?;
    let function = instance
        .get_func(&mut store, call.name())
        .ok_or_else(|| wasmtime::format_err!("it exports no function `{}`", call.name()))?;
    function.call(&mut store, &arguments, &mut results)?;
    Ok(results)
}

fn signature(engine: &Engine, component: &Component, name: &str) -> wasmtime::Result<(Vec<Type>, usize)> {
    match component
        .component_type()
        .get_export(engine, name)
        .map(|export| export.ty)
    {
        Some(ComponentItem::ComponentFunc(function)) => {
            let parameters = function.params().map(|(_, kind)| kind).collect();
            Ok((parameters, function.results().len()))
        }
        _ => Err(wasmtime::format_err!("it exports no function `{name}`")),
    }
}
