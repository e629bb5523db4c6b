//! What a call costs in an instance that is warm.

use crate::component::Built;
use crate::error::Error;
use crate::host::{self, Allocation, State};
use crate::report::Report;
use crate::statistics::median;
use std::time::{Duration, Instant};
use wasmtime::component::{ComponentNamedList, ComponentType, Instance, Lift, Lower, TypedFunc};
use wasmtime::{Engine, Store};

/// How many batches of calls are timed.
const BATCHES: usize = 21;
/// How long a batch should take.
const BATCH: Duration = Duration::from_millis(20);

/// The record of the bench's WIT.
#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Point {
    x: f64,
    y: f64,
    name: String,
}

/// A component that is instantiated and called.
struct Warm {
    builder: String,
    store: Store<State>,
    instance: Instance,
}

/// Measures calls with arguments of several types and sizes.
pub fn measure(components: &[Built; 2], report: &mut Report) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    let mut warm = [Warm::new(&engine, &components[0])?, Warm::new(&engine, &components[1])?];
    compare::<_, ()>(&mut warm, "call of nothing", "nop", (), report)?;
    compare::<_, (u32,)>(&mut warm, "call with two numbers", "add", (1u32, 2u32), report)?;
    let text = "text".repeat(1 << 14);
    let short = (&text[..16],);
    compare::<_, (String,)>(
        &mut warm,
        "string of 16 bytes, there and back",
        "echo-string",
        short,
        report,
    )?;
    let long = (text.as_str(),);
    compare::<_, (String,)>(
        &mut warm,
        "string of 64 kB, there and back",
        "echo-string",
        long,
        report,
    )?;
    let bytes = vec![7u8; 1 << 20];
    compare::<_, (Vec<u8>,)>(
        &mut warm,
        "1 MB of bytes, there and back",
        "echo-bytes",
        (&bytes[..],),
        report,
    )?;
    let floats: Vec<f64> = (0..100_000).map(f64::from).collect();
    compare::<_, (Vec<f64>,)>(
        &mut warm,
        "100,000 floats, there and back",
        "echo-floats",
        (&floats[..],),
        report,
    )?;
    let strings = vec!["sixteen letters.".to_string(); 1000];
    compare::<_, (Vec<String>,)>(
        &mut warm,
        "1000 strings, there and back",
        "echo-strings",
        (&strings[..],),
        report,
    )?;
    let points: Vec<Point> = (0..1000).map(Point::new).collect();
    compare::<_, (Vec<Point>,)>(
        &mut warm,
        "1000 records, there and back",
        "echo-points",
        (&points[..],),
        report,
    )
}

impl Point {
    fn new(number: u32) -> Point {
        Point {
            x: number.into(),
            y: 0.5,
            name: format!("point {number}"),
        }
    }
}

impl Warm {
    fn new(engine: &Engine, built: &Built) -> Result<Warm, Error> {
        let prepared = host::prepare(engine, built)?;
        let mut store = host::store(engine);
        let instance = prepared
            .instantiate(&mut store)
            .map_err(Error::component(&built.builder))?;
        Ok(Warm {
            builder: built.builder.clone(),
            store,
            instance,
        })
    }
}

fn compare<Parameters, Results>(
    warm: &mut [Warm; 2],
    name: &str,
    function: &str,
    arguments: Parameters,
    report: &mut Report,
) -> Result<(), Error>
where
    Parameters: ComponentNamedList + Lower + Copy,
    Results: ComponentNamedList + Lift,
{
    let mut batches = Vec::new();
    for component in warm.iter_mut() {
        let batch = Batch::<Parameters, Results>::new(component, function, arguments);
        batches.push(batch.map_err(Error::component(&component.builder))?);
    }
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..BATCHES {
        for which in 0..2 {
            let time = batches[which].run(&mut warm[which].store, arguments);
            times[which].push(time.map_err(Error::component(&warm[which].builder))?);
        }
    }
    let calls = [batches[0].calls as f64, batches[1].calls as f64];
    let [ampoule, peer] = times.map(|times| median(times) * 1e6);
    report.figure(name, "us", [ampoule / calls[0], peer / calls[1]]);
    Ok(())
}

/// A function, and how many calls of it make a batch.
struct Batch<Parameters, Results> {
    function: TypedFunc<Parameters, Results>,
    calls: u32,
}

impl<Parameters, Results> Batch<Parameters, Results>
where
    Parameters: ComponentNamedList + Lower + Copy,
    Results: ComponentNamedList + Lift,
{
    fn new(component: &mut Warm, function: &str, arguments: Parameters) -> wasmtime::Result<Self> {
        let function = component.instance.get_typed_func(&mut component.store, function)?;
        let mut batch = Batch { function, calls: 3 };
        let time = batch.run(&mut component.store, arguments)? / batch.calls;
        batch.calls = u32::try_from(BATCH.as_nanos() / time.as_nanos().max(1))
            .unwrap_or(u32::MAX)
            .max(1);
        Ok(batch)
    }

    fn run(&self, store: &mut Store<State>, arguments: Parameters) -> wasmtime::Result<Duration> {
        let start = Instant::now();
        for _ in 0..self.calls {
            self.function.call(&mut *store, arguments)?;
        }
        Ok(start.elapsed())
    }
}
