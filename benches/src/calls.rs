//! What a call costs in an instance that is warm.

use crate::component::Built;
use crate::error::Error;
use crate::host::{self, Allocation, State};
use crate::process::thread_time;
use crate::report::Report;
use crate::statistics::median;
use std::time::Duration;
use wasmtime::component::{ComponentNamedList, ComponentType, Instance, Lift, Lower, TypedFunc};
use wasmtime::{Engine, Store};

/// How many batches of calls are timed.
pub const BATCHES: usize = 21;
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

/// A component with a function of nothing and no more.
const EMPTY: &str = r#"
    (component
        (core module $empty (func (export "nop")))
        (core instance $empty (instantiate $empty))
        (func (export "nop") (canon lift (core func $empty "nop"))))"#;

/// A component that is instantiated and called.
pub struct Warm {
    /// Whose it is.
    pub builder: String,
    /// Where it lives.
    pub store: Store<State>,
    /// The component.
    pub instance: Instance,
}

/// Measures calls with arguments of several types and sizes.
pub fn measure(components: &[Built; 2], report: &mut Report) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    let mut warm = [Warm::new(&engine, &components[0])?, Warm::new(&engine, &components[1])?];
    nothing(&engine, &mut warm, report)?;
    compare::<_, (u32,)>(&mut warm, "call with two numbers", "add", (1u32, 2u32), report)?;
    let text = "text".repeat(1 << 18);
    for (name, text) in [("string of 16 bytes", &text[..16]), ("string of 1 MiB", &text)] {
        compare::<_, (String,)>(&mut warm, &there_and_back(name), "echo-string", (text,), report)?;
    }
    let bytes = vec![7u8; 1 << 20];
    echo::<Vec<u8>, _>(&mut warm, "list<u8> of 1 MiB", "echo-bytes", &bytes[..], report)?;
    let numbers: Vec<u32> = (0..100_000)
        .map(|number: u32| number.wrapping_mul(2_654_435_761))
        .collect();
    echo::<Vec<u32>, _>(&mut warm, "list<u32> of 100,000", "echo-numbers", &numbers[..], report)?;
    let floats: Vec<f64> = (0..100_000).map(f64::from).collect();
    echo::<Vec<f64>, _>(&mut warm, "list<f64> of 100,000", "echo-floats", &floats[..], report)?;
    let strings = vec!["sixteen letters.".to_string(); 1000];
    echo::<Vec<String>, _>(&mut warm, "list<string> of 1000", "echo-strings", &strings[..], report)?;
    let points: Vec<Point> = (0..10_000).map(Point::new).collect();
    let name = "list<record of 2 f64 and a string> of 10,000";
    echo::<Vec<Point>, _>(&mut warm, name, "echo-points", &points[..], report)
}

/// A call of nothing, beside the same call of a component that is empty: what Wasmtime takes by itself.
fn nothing(engine: &Engine, warm: &mut [Warm; 2], report: &mut Report) -> Result<(), Error> {
    let mut empty = Warm::new(
        engine,
        &Built {
            builder: "nobody".to_string(),
            bytes: wat::parse_str(EMPTY).expect("the text is a component"),
        },
    )?;
    let [first, second] = warm;
    let [ampoule, peer, floor] = time::<_, (), 3>([first, second, &mut empty], "nop", ())?;
    report.figure("call of nothing", "us", [ampoule, peer]);
    report.figure(
        "the same beyond a call of an empty component",
        "us",
        [ampoule - floor, peer - floor],
    );
    Ok(())
}

/// The name of a figure of a call that gives back what it is given.
pub fn there_and_back(what: &str) -> String {
    format!("{what}, there and back")
}

fn echo<Value, Argument>(
    warm: &mut [Warm; 2],
    what: &str,
    function: &str,
    argument: Argument,
    report: &mut Report,
) -> Result<(), Error>
where
    Argument: Copy,
    (Argument,): ComponentNamedList + Lower,
    (Value,): ComponentNamedList + Lift,
{
    compare::<_, (Value,)>(warm, &there_and_back(what), function, (argument,), report)
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
    /// A fresh instance of a component.
    pub fn new(engine: &Engine, built: &Built) -> Result<Warm, Error> {
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

/// Measures the same call in both components.
pub fn compare<Parameters, Results>(
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
    let [first, second] = warm;
    let times = time::<Parameters, Results, 2>([first, second], function, arguments)?;
    report.figure(name, "us", times);
    Ok(())
}

/// The microseconds of a call in each component, in turn.
fn time<Parameters, Results, const COUNT: usize>(
    warm: [&mut Warm; COUNT],
    function: &str,
    arguments: Parameters,
) -> Result<[f64; COUNT], Error>
where
    Parameters: ComponentNamedList + Lower + Copy,
    Results: ComponentNamedList + Lift,
{
    let mut batches = Vec::new();
    for component in warm {
        let batch = Batch::<Parameters, Results>::new(component, function, arguments);
        let batch = batch.map_err(Error::component(&component.builder))?;
        batches.push((component, batch));
    }
    let mut times: [Vec<Duration>; COUNT] = std::array::from_fn(|_| Vec::new());
    for _ in 0..BATCHES {
        for ((component, batch), times) in batches.iter_mut().zip(&mut times) {
            let time = batch.run(&mut component.store, arguments);
            times.push(time.map_err(Error::component(&component.builder))?);
        }
    }
    let calls: Vec<f64> = batches.iter().map(|(_, batch)| batch.calls.into()).collect();
    let mut calls = calls.into_iter();
    Ok(times.map(|times| median(times) * 1e6 / calls.next().expect("there are as many batches as components")))
}

/// A function, and how many calls of it make a batch.
pub struct Batch<Parameters, Results> {
    function: TypedFunc<Parameters, Results>,
    /// How many calls a batch has.
    pub calls: u32,
}

impl<Parameters, Results> Batch<Parameters, Results>
where
    Parameters: ComponentNamedList + Lower + Copy,
    Results: ComponentNamedList + Lift,
{
    /// A batch of calls of a function.
    pub fn new(component: &mut Warm, function: &str, arguments: Parameters) -> wasmtime::Result<Self> {
        let function = component.instance.get_typed_func(&mut component.store, function)?;
        let mut batch = Batch { function, calls: 3 };
        let time = batch.run(&mut component.store, arguments)? / batch.calls;
        batch.calls = u32::try_from(BATCH.as_nanos() / time.as_nanos().max(1))
            .unwrap_or(u32::MAX)
            .max(1);
        Ok(batch)
    }

    /// Makes the calls.
    pub fn run(&self, store: &mut Store<State>, arguments: Parameters) -> wasmtime::Result<Duration> {
        let start = thread_time();
        for _ in 0..self.calls {
            self.function.call(&mut *store, arguments)?;
        }
        Ok(thread_time() - start)
    }
}
