//! Payloads of every kind in streams and futures, from a host to Python and back; things that are lent for a call.

use super::host::{App, Instance, Reading, State, add_resource, collect, later, receive};
use std::fmt::Debug;
use std::sync::OnceLock;
use wasmtime::component::{
    Accessor, ComponentType, FutureReader, Lift, Linker, Lower, Resource, ResourceAny, StreamReader, Val, flags,
};
use wasmtime::{Engine, StoreContextMut};

fn start() -> Instance {
    static APP: OnceLock<App> = OnceLock::new();
    let app = APP.get_or_init(|| App::build("payloads"));
    app.start_in(&linker(app.component.engine()).expect("each function is there once"))
}

/// A thing of the host, which has a name.
struct Thing(String);

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    let mut things = linker.instance("test:payloads/things")?;
    add_resource::<Thing>(&mut things, "thing")?;
    things.func_wrap(
        "[constructor]thing",
        |mut store: StoreContextMut<State>, (name,): (String,)| Ok((store.data_mut().table.push(Thing(name))?,)),
    )?;
    things.func_wrap(
        "[method]thing.name",
        |store: StoreContextMut<State>, (thing,): (Resource<Thing>,)| Ok((store.data().table.get(&thing)?.0.clone(),)),
    )?;
    Ok(linker)
}

fn echo(name: &str) -> String {
    format!("test:payloads/echo#{name}")
}

/// What can be in a stream or future.
trait Payload: ComponentType + Lift + Lower + Send + Sync + Unpin + 'static {}

impl<T: ComponentType + Lift + Lower + Send + Sync + Unpin + 'static> Payload for T {}

/// Sends items and a value through a function, and what comes back through more.
async fn through<T: Payload, V: Payload>(
    accessor: &Accessor<State>,
    function: &wasmtime::component::TypedFunc<Ends<T, V>, (Ends<T, V>,)>,
    items: Vec<T>,
    value: V,
) -> wasmtime::Result<(Vec<T>, V)> {
    let (items, value) = accessor
        .with(|mut store| wasmtime::error::Ok((StreamReader::new(&mut store, items)?, later(store, None, value)?)))?;
    let ((items, value),) = function.call_concurrent(accessor, (items, value)).await?;
    let items = collect(accessor, items, Reading::at_a_time(3)).await?;
    Ok((items, receive(accessor, value, None).await?))
}

type Ends<T, V> = (StreamReader<T>, FutureReader<V>);

fn round_trip<T: Payload, V: Payload>(instance: &mut Instance, name: &str, items: Vec<T>, value: V) -> (Vec<T>, V) {
    let function = instance.typed(&echo(name));
    let back = instance.run(async |accessor| through(accessor, &function, items, value).await);
    back.unwrap_or_else(|error| panic!("{name}: {error:?}"))
}

/// What Python saw.
fn seen(instance: &mut Instance) -> Vec<String> {
    let Val::List(seen) = instance.call(&echo("seen"), &[]).unwrap() else {
        panic!("no list")
    };
    let text = |value| match value {
        Val::String(text) => text,
        other => panic!("{other:?} is no text"),
    };
    seen.into_iter().map(text).collect()
}

/// The values come back as they are, and Python sees them as it should.
fn check<T, V>(instance: &mut Instance, name: &str, items: Vec<T>, value: V, expected: &[&str])
where
    T: Payload + Clone + Debug + PartialEq,
    V: Payload + Clone + Debug + PartialEq,
{
    let back = round_trip(instance, name, items.clone(), value.clone());
    assert_eq!(back, (items, value), "{name}");
    assert_eq!(seen(instance), expected, "{name}");
}

#[test]
fn scalars_and_texts() {
    let with = &mut start();
    check(with, "nothing", vec![(); 5], (), &["None"; 6]);
    check(with, "truths", vec![true, false], true, &["True", "False", "True"]);
    check(with, "bytes", vec![0_u8, 200, 255], 7_u8, &["0", "200", "255", "7"]);
    // Bytes are bytes.
    check(
        with,
        "signed-bytes",
        vec![-1_i8, 0, 127],
        -7_i8,
        &["255", "0", "127", "-7"],
    );
    check(with, "shorts", vec![u16::MAX], i16::MIN, &["65535", "-32768"]);
    check(
        with,
        "integers",
        vec![i32::MIN, 5],
        u32::MAX,
        &["-2147483648", "5", "4294967295"],
    );
    let longs = ["18446744073709551615", "-9223372036854775808"];
    check(with, "longs", vec![u64::MAX], i64::MIN, &longs);
    check(
        with,
        "floats",
        vec![0.5_f32, f32::INFINITY],
        -1e300,
        &["0.5", "inf", "-1e+300"],
    );
    check(with, "letters", vec![Some('ä'), None], '🐍', &["'ä'", "None", "'🐍'"]);
    let words: Vec<String> = (0..1000).map(|number| "é".repeat(number % 7)).collect();
    let value = "long ".repeat(10_000);
    let back = round_trip(with, "texts", words.clone(), value.clone());
    assert!(back == (words, value));
}

#[derive(Clone, Debug, PartialEq, ComponentType, Lift, Lower)]
#[component(record)]
struct Point {
    x: i8,
    y: f64,
    name: String,
}

#[derive(Clone, Debug, PartialEq, ComponentType, Lift, Lower)]
#[component(variant)]
enum Shape {
    #[component(name = "none")]
    None,
    #[component(name = "circle")]
    Circle(f32),
    #[component(name = "named")]
    Named(String),
}

#[derive(Clone, Copy, Debug, PartialEq, ComponentType, Lift, Lower)]
#[component(enum)]
#[repr(u8)]
enum Color {
    #[component(name = "red")]
    Red,
    #[component(name = "green")]
    Green,
}

flags! {
    Rights {
        #[component(name = "read")]
        const READ;
        #[component(name = "write")]
        const WRITE;
        #[component(name = "run")]
        const RUN;
    }
}

#[test]
fn lists_tuples_and_types_with_names() {
    let with = &mut start();
    let bytes = |text: &str| text.as_bytes().to_vec();
    check(
        with,
        "byte-lists",
        vec![bytes("a"), bytes("")],
        bytes("bc"),
        &["b'a'", "b''", "b'bc'"],
    );
    let texts = |items: &[&str]| items.iter().map(ToString::to_string).collect::<Vec<_>>();
    let lists = vec![texts(&["a", "b"]), texts(&[])];
    check(with, "text-lists", lists, texts(&["c"]), &["['a', 'b']", "[]", "['c']"]);
    let pair = |number, text: &str| (number, text.to_string());
    let pairs = ["(1, 'one')", "(2, 'two')", "(3, 'three')"];
    check(
        with,
        "pairs",
        vec![pair(1_u8, "one"), pair(2, "two")],
        pair(3_u8, "three"),
        &pairs,
    );
    check(
        with,
        "options",
        vec![Some(1_u32), None],
        Some(None::<u32>),
        &["1", "None", "Some(value=None)"],
    );
    let results = vec![Ok(1_u32), Err("no".to_string())];
    check(
        with,
        "results",
        results,
        Err::<(), u8>(4),
        &["Ok(value=1)", "Err(value='no')", "Err(value=4)"],
    );
    let point = |x, y, name: &str| Point {
        x,
        y,
        name: name.to_string(),
    };
    let points = ["Point(x=-1, y=0.5, name='a')", "Point(x=2, y=-0.0, name='')"];
    check(with, "points", vec![point(-1, 0.5, "a")], point(2, -0.0, ""), &points);
    let shapes = ["Shape_None_()", "Shape_Circle(value=2.5)", "Shape_Named(value='x')"];
    check(
        with,
        "shapes",
        vec![Shape::None, Shape::Circle(2.5)],
        Shape::Named("x".to_string()),
        &shapes,
    );
    let rights = ["<Rights.READ|RUN: 5>", "<Rights: 0>", "<Rights.WRITE: 2>"];
    check(
        with,
        "all-rights",
        vec![Rights::READ | Rights::RUN, Rights::default()],
        Rights::WRITE,
        &rights,
    );
    let colors = ["<Color.GREEN: 1>", "<Color.RED: 0>"];
    check(with, "colors", vec![Color::Green], Color::Red, &colors);
}

/// A thing of the app.
fn own_thing(instance: &mut Instance, name: &str) -> ResourceAny {
    match instance
        .call(&echo("[constructor]thing"), &[Val::String(name.to_string())])
        .unwrap()
    {
        Val::Resource(thing) => thing,
        other => panic!("{other:?} is no resource"),
    }
}

fn own_name(instance: &mut Instance, thing: ResourceAny) -> String {
    match instance
        .call(&echo("[method]thing.name"), &[Val::Resource(thing)])
        .unwrap()
    {
        Val::String(name) => name,
        other => panic!("{other:?} is no text"),
    }
}

fn host_thing(instance: &mut Instance, name: &str) -> Resource<Thing> {
    let table = &mut instance.store.data_mut().table;
    table.push(Thing(name.to_string())).expect("there is room")
}

/// Takes it out of the host.
fn host_name(instance: &mut Instance, thing: Resource<Thing>) -> String {
    instance.store.data_mut().table.delete(thing).expect("it is there").0
}

#[test]
fn resources_that_are_imported_and_exported() {
    let mut instance = start();
    let things = ["a", "b", "c"].map(|name| own_thing(&mut instance, name));
    let value = own_thing(&mut instance, "d");
    let (things, value) = round_trip(&mut instance, "own-things", things.to_vec(), value);
    let names: Vec<String> = things.into_iter().map(|thing| own_name(&mut instance, thing)).collect();
    assert_eq!(
        (names.join(""), own_name(&mut instance, value)),
        ("abc".to_string(), "d".to_string())
    );
    assert_eq!(
        seen(&mut instance),
        ["app.Thing a", "app.Thing b", "app.Thing c", "app.Thing d"]
    );

    let things = ["e", "f"].map(|name| host_thing(&mut instance, name));
    let value = host_thing(&mut instance, "g");
    let (things, value) = round_trip(&mut instance, "host-things", things.into(), value);
    let names: Vec<String> = things
        .into_iter()
        .map(|thing| host_name(&mut instance, thing))
        .collect();
    assert_eq!(
        (names.join(""), host_name(&mut instance, value)),
        ("ef".to_string(), "g".to_string())
    );
    let seen_things = ["e", "f", "g"].map(|name| format!("wit_world.imports.things.Thing {name}"));
    assert_eq!(seen(&mut instance), seen_things);

    let things = vec![
        vec![host_thing(&mut instance, "h"), host_thing(&mut instance, "i")],
        vec![],
    ];
    let value = own_thing(&mut instance, "j");
    let (things, value) = round_trip(&mut instance, "lists-of-things", things, Some(value));
    let names: Vec<String> = things
        .into_iter()
        .flatten()
        .map(|thing| host_name(&mut instance, thing))
        .collect();
    assert_eq!(names, ["h", "i"]);
    assert_eq!(own_name(&mut instance, value.expect("it is there")), "j");
    assert!(instance.store.data_mut().table.is_empty());
}

#[test]
fn streams_and_futures_in_streams_and_futures() {
    let mut instance = start();
    let streams = instance.typed::<Ends<StreamReader<u8>, StreamReader<String>>, _>(&echo("streams"));
    let futures = instance.typed::<Ends<FutureReader<String>, FutureReader<()>>, _>(&echo("futures"));
    let (bytes, texts, words) = instance
        .run(async |accessor| {
            let sent =
                (0..5).map(|number| accessor.with(|store| StreamReader::new(store, vec![number; number as usize])));
            let sent = sent.collect::<wasmtime::Result<Vec<_>>>()?;
            let value = accessor.with(|store| StreamReader::new(store, vec!["a".to_string(), "b".to_string()]))?;
            let (items, value) = through(accessor, &streams, sent, value).await?;
            let mut bytes = Vec::new();
            for stream in items {
                bytes.push(collect(accessor, stream, Reading::at_a_time(10)).await?);
            }
            let texts = collect(accessor, value, Reading::at_a_time(1)).await?;

            let sent = ["c", "d"].map(|word| accessor.with(|store| later(store, None, word.to_string())));
            let sent = sent.into_iter().collect::<wasmtime::Result<Vec<_>>>()?;
            let value = accessor.with(|store| later(store, None, ()))?;
            let (items, value) = through(accessor, &futures, sent, value).await?;
            let mut words = Vec::new();
            for future in items {
                words.push(receive(accessor, future, None).await?);
            }
            receive(accessor, value, None).await?;
            Ok((bytes, texts, words))
        })
        .unwrap();
    let expected: Vec<Vec<u8>> = (0..5).map(|number| vec![number; number as usize]).collect();
    assert_eq!(bytes, expected);
    assert_eq!(texts, ["a", "b"]);
    assert_eq!(words, ["c", "d"]);
}

#[test]
fn streams_that_the_app_makes_leave_in_streams() {
    let mut instance = start();
    let made = instance.typed::<(u32,), (Ends<StreamReader<u32>, StreamReader<String>>,)>(&echo("made"));
    let (numbers, texts) = instance
        .run(async |accessor| {
            let ((streams, value),) = made.call_concurrent(accessor, (4,)).await?;
            let mut numbers = Vec::new();
            for stream in collect(accessor, streams, Reading::at_a_time(2)).await? {
                numbers.push(collect(accessor, stream, Reading::at_a_time(2)).await?);
            }
            let value = receive(accessor, value, None).await?;
            Ok((numbers, collect(accessor, value, Reading::at_a_time(5)).await?))
        })
        .unwrap();
    assert_eq!(numbers, [vec![], vec![0], vec![0, 1], vec![0, 1, 2]]);
    assert_eq!(texts, ["the", "last"]);
}

/// A type that an interface gives a name, and that another one uses.
#[test]
fn a_stream_type_with_a_name() {
    let mut instance = start();
    let functions = ["names#upper", "more-names#lower"];
    let functions = functions.map(|name| instance.typed(&format!("test:payloads/{name}")));
    let changed = instance.run(async |accessor| {
        let mut text = accessor.with(|store| StreamReader::new(store, b"Hello".to_vec()))?;
        for function in functions {
            (text,) = function.call_concurrent(accessor, (text,)).await?;
        }
        collect(accessor, text, Reading::at_a_time(10)).await
    });
    assert_eq!(changed.unwrap(), b"hello");
}

/// What is lent to a call can be used until it returns.
#[test]
fn what_is_lent_goes_back() {
    let mut instance = start();
    let name = |function: &str| format!("test:payloads/lending#{function}");
    let text = |value: wasmtime::Result<Val>| match value {
        Ok(Val::String(text)) => text,
        other => panic!("{other:?} is no text"),
    };
    let things: Vec<Val> = (0..20)
        .map(|number| {
            let thing = host_thing(&mut instance, &number.to_string());
            Val::Resource(thing.try_into_resource_any(&mut instance.store).unwrap())
        })
        .collect();
    for thing in &things {
        let kept = instance.call(&name("keep"), std::slice::from_ref(thing));
        assert!(text(kept).parse::<u32>().is_ok());
        let used = text(instance.call(&name("use-kept"), &[]));
        assert!(used.starts_with("ValueError: "), "{used}");
    }
    // Each call has the thing that was lent to it.
    let (meet, count) = (name("meet"), things.len() as u32);
    let calls: Vec<(&str, Vec<Val>)> = things
        .iter()
        .map(|thing| (meet.as_str(), vec![thing.clone(), Val::U32(count)]))
        .collect();
    let names = instance.call_all(&calls).unwrap();
    let expected: Vec<Val> = (0..20).map(|number: u32| Val::String(number.to_string())).collect();
    assert_eq!(names, expected);
}
