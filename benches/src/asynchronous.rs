//! What asynchronous calls, imports, futures and streams cost in an instance that is warm.

mod ends;
mod operation;

use crate::component::Built;
use crate::error::Error;
use crate::host::{self, State};
use crate::process::thread_time;
use crate::report::Report;
use crate::statistics::median;
use futures::future::BoxFuture;
use operation::{Exports, OPERATIONS, Operation};
use std::time::Duration;
use tokio::runtime::Runtime;
use wasmtime::component::{Component, Instance, Linker};
use wasmtime::{Engine, Store};

/// How often each operation is timed.
const ROUNDS: usize = 11;

/// A component whose asynchronous function does nothing.
const EMPTY: &str = r#"
    (component
        (core func $return (canon task.return))
        (core module $empty
            (import "" "return" (func $return))
            (func (export "nop") (result i32) (call $return) (i32.const 0))
            (func (export "callback") (param i32 i32 i32) (result i32) (unreachable)))
        (core instance $empty (instantiate $empty (with "" (instance (export "return" (func $return))))))
        (func (export "nop") async
            (canon lift (core func $empty "nop") async (callback (core func $empty "callback")))))"#;

/// An instance that is called many times.
struct Warm {
    builder: String,
    runtime: Runtime,
    store: Store<State>,
    instance: Instance,
}

/// Measures each operation in both components, in turn.
pub fn measure(components: &[Built; 2], report: &mut Report) -> Result<(), Error> {
    let engine = Engine::default();
    let mut warm = [Warm::new(&engine, &components[0])?, Warm::new(&engine, &components[1])?];
    let exports = [warm[0].exports()?, warm[1].exports()?];
    for operation in OPERATIONS {
        let mut times: [Vec<Duration>; 2] = Default::default();
        for _ in 0..ROUNDS {
            for ((warm, exports), times) in warm.iter_mut().zip(&exports).zip(&mut times) {
                times.push(warm.time(operation, exports)?);
            }
        }
        let microseconds = times.map(|times| median(times) * 1e6 / operation.count());
        report.figure(&operation.name(), "us", microseconds);
    }
    let floor = empty(&engine)?;
    report.note(
        "an asynchronous call of an empty component takes",
        &format!("{floor:.2} us"),
    );
    Ok(())
}

/// The microseconds that Wasmtime takes for a call by itself.
fn empty(engine: &Engine) -> Result<f64, Error> {
    let built = Built {
        builder: "nobody".to_string(),
        bytes: wat::parse_str(EMPTY).expect("the text is a component"),
    };
    let mut warm = Warm::new(engine, &built)?;
    let nop = warm.instance.get_typed_func(&mut warm.store, "nop");
    let nop = nop.map_err(Error::component(&warm.builder))?;
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        times.push(warm.run(|store| Box::pin(operation::nop(store, &nop)))?);
    }
    Ok(median(times) * 1e6 / Operation::Nop.count())
}

impl Warm {
    fn new(engine: &Engine, built: &Built) -> Result<Warm, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .map_err(|error| Error::component(&built.builder)(error.into()))?;
        let mut store = host::store(engine);
        let mut link = || {
            let component = Component::new(engine, &built.bytes)?;
            let linker = linker(engine)?;
            runtime.block_on(linker.instantiate_async(&mut store, &component))
        };
        let instance = link().map_err(Error::component(&built.builder))?;
        Ok(Warm {
            builder: built.builder.clone(),
            runtime,
            store,
            instance,
        })
    }

    fn exports(&mut self) -> Result<Exports, Error> {
        Exports::find(&mut self.store, &self.instance).map_err(Error::component(&self.builder))
    }

    fn time(&mut self, operation: Operation, exports: &Exports) -> Result<Duration, Error> {
        self.run(|store| Box::pin(operation.run(store, exports)))
    }

    fn run<'a>(
        &'a mut self,
        operation: impl FnOnce(&'a mut Store<State>) -> BoxFuture<'a, wasmtime::Result<()>>,
    ) -> Result<Duration, Error> {
        let start = thread_time();
        let result = self.runtime.block_on(operation(&mut self.store));
        let time = thread_time() - start;
        result.map_err(Error::component(&self.builder))?;
        Ok(time)
    }
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    type Answer<'a> = BoxFuture<'a, wasmtime::Result<(u32,)>>;
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut host = linker.instance("bench:asynchronous/host")?;
    host.func_wrap_concurrent("at-once", |_, (number,): (u32,)| -> Answer<'_> {
        Box::pin(async move { Ok((number,)) })
    })?;
    host.func_wrap_concurrent("later", |_, (number,): (u32,)| -> Answer<'_> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            Ok((number,))
        })
    })?;
    Ok(linker)
}
