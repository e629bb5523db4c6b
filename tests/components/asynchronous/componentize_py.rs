//! The guest of componentize-py's own tests, unmodified, in a host of ours that asks of it what its tests ask.
//!
//! It comes from the source distribution that `tests/cli/drop_in/pins.json` pins. How its functions add and append is
//! such that each result shows through which hands it has gone.

use super::host::{Answer, App, Give, Instance, Reading, State, add_resource, collect, later, pause, receive};
use ampoule_support::{ampoule, copy_into, pinned, root, succeed};
use futures::future::join_all;
use std::slice::from_ref;
use std::sync::OnceLock;
use std::time::Duration;
use wasmtime::component::{
    ComponentType, FutureReader, Lift, Linker, LinkerInstance, Lower, Resource, ResourceAny, StreamReader, Val,
};
use wasmtime::{Engine, StoreContextMut};
use wasmtime_wasi::{FsPerms, WasiCtx};

const DELAY: Duration = Duration::from_millis(10);
const TEXT: &str = "Beware the Jubjub bird, and shun\n\tThe frumious Bandersnatch!";

fn start() -> Instance {
    start_with(WasiCtx::builder().inherit_stderr().build())
}

fn start_with(context: WasiCtx) -> Instance {
    static GUEST: OnceLock<App> = OnceLock::new();
    let app = GUEST.get_or_init(build);
    let linker = linker(app.component.engine()).expect("each function is there once");
    app.start_with(&linker, context)
}

fn build() -> App {
    let pins = root().join("tests/cli/drop_in/pins.json");
    let tests = pinned(&pins, "componentize-py", "drop-in-guest").join("src/test");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    copy_into(&tests.join("python_source"), &scratch.path().join("guest"));
    for package in ["foo_sdk", "bar_sdk"] {
        copy_into(&tests.join(package), &scratch.path().join("packages").join(package));
    }
    let mut command = ampoule(scratch.path());
    command.arg("-d").arg(tests.join("wit/tests.wit"));
    command.args(["-w", "componentize-py:test/tests", "--world-module", "tests"]);
    command.args(["componentize", "app", "-p", "packages", "-p", "guest"]);
    command.args(["-m", "foo_sdk=foo:sdk/foo-world", "-m", "bar_sdk=bar:sdk/bar-world"]);
    succeed(command.args(["-o", "app.wasm"]));
    App::load(&scratch.path().join("app.wasm"))
}

/// The name of a function of the guest's interfaces.
fn of(interface: &str, function: &str) -> String {
    format!("componentize-py:test/{interface}#{function}")
}

// The host.

/// A thing of the host: what the guest sees of it, or has it wrap.
struct Thing<T>(T);

type Store<'a> = StoreContextMut<'a, State>;

fn new<T: Send + 'static>(mut store: Store, value: T) -> wasmtime::Result<(Resource<Thing<T>>,)> {
    Ok((store.data_mut().table.push(Thing(value))?,))
}

fn get<T: Clone + Send + 'static>(store: &Store, thing: &Resource<Thing<T>>) -> wasmtime::Result<T> {
    Ok(store.data().table.get(thing)?.0.clone())
}

fn set<T: Send + 'static>(mut store: Store, thing: &Resource<Thing<T>>, value: T) -> wasmtime::Result<()> {
    store.data_mut().table.get_mut(thing)?.0 = value;
    Ok(())
}

type Number = Resource<Thing<u32>>;
type Bytes = Resource<Thing<Vec<u8>>>;
type Text = Resource<Thing<String>>;
type Float = Resource<Thing<f64>>;
type HostThing = Resource<Thing<(String,)>>;

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Holder {
    thing: Text,
}

fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    add_functions(&mut linker.root())?;
    add_simple(&mut linker)?;
    add_numbers(&mut linker)?;
    add_lists(&mut linker.instance("componentize-py:test/resource-with-lists")?)?;
    add_texts(&mut linker)?;
    add_floats(&mut linker)?;
    Ok(linker)
}

fn add_functions(world: &mut LinkerInstance<State>) -> wasmtime::Result<()> {
    world.func_wrap("get-bytes", |_, (count,): (u32,)| Ok((vec![42_u8; count as usize],)))?;
    world.func_new("output", |_, _, _, _| wasmtime::bail!("no test calls it"))?;
    world.func_wrap_concurrent("sleep", |_, (milliseconds,): (u32,)| {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            Ok(())
        })
    })
}

fn add_simple(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut simple = linker.instance("componentize-py:test/simple-import-and-export")?;
    simple.func_wrap("foo", |_, (number,): (u32,)| Ok((number + 2,)))?;
    let mut simple = linker.instance("componentize-py:test/simple-async-import-and-export")?;
    simple.func_wrap_concurrent("foo", |_, (number,): (u32,)| -> Answer<u32> {
        Box::pin(async move {
            pause(Some(DELAY)).await;
            Ok((number + 2,))
        })
    })?;
    let mut package = linker.instance("foo:sdk/foo-interface")?;
    package.func_wrap("test", |_, (text,): (String,)| Ok((text + " HostFoo::test",)))
}

fn add_numbers(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    let mut both = linker.instance("componentize-py:test/resource-import-and-export")?;
    add_resource::<Thing<u32>>(&mut both, "thing")?;
    both.func_wrap("[constructor]thing", |store: Store, (v,): (u32,)| new(store, v + 8))?;
    both.func_wrap("[method]thing.foo", |store: Store, (thing,): (Number,)| {
        Ok((get(&store, &thing)? + 1,))
    })?;
    both.func_wrap("[method]thing.bar", |store: Store, (thing, v): (Number, u32)| {
        set(store, &thing, v + 5)
    })?;
    both.func_wrap("[static]thing.baz", |store: Store, (a, b): (Number, Number)| {
        let sum = get(&store, &a)? + get(&store, &b)?;
        new(store, sum + 6)
    })?;
    let mut borrow = linker.instance("componentize-py:test/resource-borrow-import")?;
    add_resource::<Thing<u32>>(&mut borrow, "thing")?;
    borrow.func_wrap("[constructor]thing", |store: Store, (v,): (u32,)| new(store, v + 2))?;
    borrow.func_wrap("foo", |store: Store, (thing,): (Number,)| {
        Ok((get(&store, &thing)? + 3,))
    })?;
    let mut aggregates = linker.instance("componentize-py:test/resource-aggregates")?;
    add_resource::<Thing<u32>>(&mut aggregates, "thing")?;
    aggregates.func_wrap("[constructor]thing", |store: Store, (v,): (u32,)| new(store, v + 2))?;
    aggregates.func_new("foo", |mut store: Store, _, arguments: &[Val], results: &mut [Val]| {
        let mut things = Vec::new();
        arguments.iter().for_each(|argument| find_things(argument, &mut things));
        let mut sum = 3;
        for thing in things {
            let thing: Number = Resource::try_from_resource_any(thing, &mut store)?;
            sum += get(&store, &thing)?;
        }
        results[0] = Val::U32(sum);
        Ok(())
    })
}

/// The resources in a value.
fn find_things(value: &Val, things: &mut Vec<ResourceAny>) {
    match value {
        Val::Resource(thing) => things.push(*thing),
        Val::Record(fields) => fields.iter().for_each(|(_, field)| find_things(field, things)),
        Val::Tuple(items) | Val::List(items) => items.iter().for_each(|item| find_things(item, things)),
        Val::Variant(_, Some(payload))
        | Val::Option(Some(payload))
        | Val::Result(Ok(Some(payload)) | Err(Some(payload))) => find_things(payload, things),
        _ => {}
    }
}

fn add_lists(lists: &mut LinkerInstance<State>) -> wasmtime::Result<()> {
    let with = |mut list: Vec<u8>, text: &str| {
        list.extend_from_slice(text.as_bytes());
        list
    };
    add_resource::<Thing<Vec<u8>>>(lists, "thing")?;
    lists.func_wrap("[constructor]thing", move |store: Store, (list,): (Vec<u8>,)| {
        new(store, with(list, " HostThing.new"))
    })?;
    lists.func_wrap("[method]thing.foo", move |store: Store, (thing,): (Bytes,)| {
        Ok((with(get(&store, &thing)?, " HostThing.foo"),))
    })?;
    lists.func_wrap(
        "[method]thing.bar",
        move |store: Store, (thing, list): (Bytes, Vec<u8>)| set(store, &thing, with(list, " HostThing.bar")),
    )?;
    lists.func_wrap("[static]thing.baz", move |_, (list,): (Vec<u8>,)| {
        Ok((with(list, " HostThing.baz"),))
    })
}

fn add_texts(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for interface in ["resource-alias1", "resource-borrow-in-record"] {
        let mut texts = linker.instance(&format!("componentize-py:test/{interface}"))?;
        add_resource::<Thing<String>>(&mut texts, "thing")?;
        texts.func_wrap("[constructor]thing", |store: Store, (text,): (String,)| {
            new(store, text + " HostThing::new")
        })?;
        texts.func_wrap("[method]thing.get", |store: Store, (thing,): (Text,)| {
            Ok((get(&store, &thing)? + " HostThing.get",))
        })?;
    }
    let mut alias = linker.instance("componentize-py:test/resource-alias1")?;
    alias.func_wrap("a", |_, (holder,): (Holder,)| Ok((vec![holder.thing],)))?;
    let mut alias = linker.instance("componentize-py:test/resource-alias2")?;
    alias.func_wrap("b", |_, (a, b): (Holder, Holder)| Ok((vec![a.thing, b.thing],)))?;
    let mut borrow = linker.instance("componentize-py:test/resource-borrow-in-record")?;
    borrow.func_wrap("test", |mut store: Store, (holders,): (Vec<Holder>,)| {
        let mut things = Vec::new();
        for holder in holders {
            let text = get(&store, &holder.thing)? + " HostThing::test";
            things.push(store.data_mut().table.push(Thing(text))?);
        }
        Ok((things,))
    })?;
    let mut things = linker.instance("componentize-py:test/host-thing-interface")?;
    add_resource::<Thing<(String,)>>(&mut things, "host-thing")?;
    things.func_wrap("[constructor]host-thing", |store: Store, text: (String,)| {
        new(store, text)
    })?;
    things.func_wrap_concurrent(
        "[method]host-thing.get",
        |accessor, (thing,): (HostThing,)| -> Answer<String> {
            let text = accessor.with(|mut store| wasmtime::error::Ok(store.get().table.get(&thing)?.0.0.clone()));
            Box::pin(async move { Ok((text?,)) })
        },
    )
}

fn add_floats(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    for (interface, at_first, at_last) in [
        ("componentize-py:test/resource-floats", 1.0, 3.0),
        ("resource-floats-imports", 2.0, 4.0),
    ] {
        let mut floats = linker.instance(interface)?;
        add_resource::<Thing<f64>>(&mut floats, "float")?;
        floats.func_wrap("[constructor]float", move |store: Store, (v,): (f64,)| {
            new(store, v + at_first)
        })?;
        floats.func_wrap("[method]float.get", move |store: Store, (float,): (Float,)| {
            Ok((get(&store, &float)? + at_last,))
        })?;
    }
    let mut floats = linker.instance("resource-floats-imports")?;
    floats.func_wrap("[static]float.add", |store: Store, (a, b): (Float, f64)| {
        let sum = get(&store, &a)? + b;
        new(store, sum + 6.0)
    })
}

// What waits for nothing.

fn number(value: Val) -> u32 {
    match value {
        Val::U32(number) => number,
        other => panic!("{other:?} is no number"),
    }
}

fn text(value: &Val) -> String {
    match value {
        Val::String(text) => text.clone(),
        other => panic!("{other:?} is no text"),
    }
}

fn list(value: Val) -> Vec<Val> {
    match value {
        Val::List(items) => items,
        other => panic!("{other:?} is no list"),
    }
}

fn holder(thing: Val) -> Val {
    Val::Record(vec![("thing".to_string(), thing)])
}

#[test]
fn simple_export() {
    let foo = |interface| number(start().call(&of(interface, "foo"), &[Val::U32(42)]).unwrap());
    assert_eq!(foo("simple-export"), 42 + 3);
    assert_eq!(foo("simple-import-and-export"), 42 + 2 + 3);
    assert_eq!(foo("simple-async-export"), 42 + 3);
    assert_eq!(foo("simple-async-import-and-export"), 42 + 2 + 3);
}

#[test]
fn resource_import_and_export() {
    let mut instance = start();
    let mut call = |name: &str, arguments: &[Val]| {
        let name = of("resource-import-and-export", name);
        instance.call(&name, arguments).unwrap()
    };
    let first = call("[constructor]thing", &[Val::U32(42)]);
    let foo = |thing: &Val| [thing.clone()];
    assert_eq!(number(call("[method]thing.foo", &foo(&first))), 42 + 7 + 8 + 3 + 1);
    // A function without a result.
    call("[method]thing.bar", &[first.clone(), Val::U32(33)]);
    assert_eq!(number(call("[method]thing.foo", &foo(&first))), 33 + 4 + 5 + 3 + 1);
    let second = call("[constructor]thing", &[Val::U32(81)]);
    let third = call("[static]thing.baz", &[first, second]);
    let sum = 33 + 4 + 5 + 81 + 7 + 8 + 6 + 1 + 9 + 7 + 8 + 3 + 1;
    assert_eq!(number(call("[method]thing.foo", &foo(&third))), sum);
}

/// Five gibibytes pass through a call of an import, in a memory of four.
#[test]
fn refcounts() {
    start().call("test-refcounts", &[]).unwrap();
}

#[test]
fn resource_borrow() {
    let mut instance = start();
    let imported = instance.call("test-resource-borrow-import", &[Val::U32(42)]).unwrap();
    assert_eq!(number(imported), 42 + 1 + 2 + 3 + 4);
    let name = |function| of("resource-borrow-export", function);
    let thing = instance.call(&name("[constructor]thing"), &[Val::U32(42)]).unwrap();
    assert_eq!(number(instance.call(&name("foo"), &[thing]).unwrap()), 42 + 1 + 2);
}

#[test]
fn resource_with_lists() {
    let mut instance = start();
    let mut call = |name: &str, arguments: &[Val]| {
        let name = of("resource-with-lists", name);
        instance.call(&name, arguments).unwrap()
    };
    let bytes = |text: &str| Val::List(text.bytes().map(Val::U8).collect());
    let thing = call("[constructor]thing", &[bytes("Hi")]);
    let expected = "Hi Thing.__init__ HostThing.new HostThing.foo Thing.foo";
    assert_eq!(call("[method]thing.foo", from_ref(&thing)), bytes(expected));
    call("[method]thing.bar", &[thing.clone(), bytes("Hola")]);
    let expected = "Hola Thing.bar HostThing.bar HostThing.foo Thing.foo";
    assert_eq!(call("[method]thing.foo", &[thing]), bytes(expected));
    let expected = "Ohayo Gozaimas Thing.baz HostThing.baz Thing.baz again";
    assert_eq!(call("[static]thing.baz", &[bytes("Ohayo Gozaimas")]), bytes(expected));
}

#[test]
fn resource_aggregates() {
    let mut instance = start();
    let mut made = 0;
    let mut thing = || {
        made += 1;
        let name = of("resource-aggregates", "[constructor]thing");
        instance.call(&name, &[Val::U32(made)]).unwrap()
    };
    let some = |value| Some(Box::new(value));
    let arguments = [
        holder(thing()),
        holder(thing()),
        Val::Record(vec![("thing1".to_string(), thing()), ("thing2".to_string(), thing())]),
        Val::Tuple(vec![thing(), holder(thing())]),
        Val::Tuple(vec![thing()]),
        Val::Variant("thing".to_string(), some(thing())),
        Val::Variant("thing".to_string(), some(thing())),
        Val::List(vec![thing(), thing()]),
        Val::List(vec![thing(), thing()]),
        Val::Option(some(thing())),
        Val::Option(some(thing())),
        Val::Result(Ok(some(thing()))),
        Val::Result(Ok(some(thing()))),
    ];
    let sum: u32 = (1..18).map(|number| number + 1 + 2).sum();
    let name = of("resource-aggregates", "foo");
    assert_eq!(number(instance.call(&name, &arguments).unwrap()), sum + 3 + 4);
}

/// The texts of things of an interface.
fn texts(instance: &mut Instance, interface: &str, things: Val) -> Vec<String> {
    let name = of(interface, "[method]thing.get");
    let things = list(things).into_iter();
    let texts = things.map(|thing| text(&instance.call(&name, &[thing]).unwrap()));
    texts.collect()
}

#[test]
fn resource_alias() {
    let mut instance = start();
    let own = instance
        .store
        .data_mut()
        .table
        .push(Thing("Ni Hao".to_string()))
        .unwrap();
    let own = own.try_into_resource_any(&mut instance.store).unwrap();
    let back = instance.call("test-resource-alias", &[Val::List(vec![Val::Resource(own)])]);
    let back = list(back.unwrap());
    let [Val::Resource(back)] = back[..] else {
        panic!("{back:?}")
    };
    let back: Text = Resource::try_from_resource_any(back, &mut instance.store).unwrap();
    assert_eq!(instance.store.data().table.get(&back).unwrap().0, "Ni Hao");

    let text = |word| format!("{word} Thing.__init__ HostThing::new HostThing.get Thing.get");
    let make = |instance: &mut Instance, word: &str| {
        let name = of("resource-alias1", "[constructor]thing");
        holder(instance.call(&name, &[Val::String(word.to_string())]).unwrap())
    };
    let first = make(&mut instance, "Ciao");
    let things = instance.call(&of("resource-alias1", "a"), &[first]).unwrap();
    assert_eq!(texts(&mut instance, "resource-alias1", things), [text("Ciao")]);
    let both = ["Ciao", "Aloha"].map(|word| make(&mut instance, word));
    let things = instance.call(&of("resource-alias2", "b"), &both).unwrap();
    let expected = [text("Ciao"), text("Aloha")];
    assert_eq!(texts(&mut instance, "resource-alias1", things), expected);
}

#[test]
fn resource_floats() {
    let mut instance = start();
    let floats = [42.0, 55.0].map(|number| {
        let float = instance.store.data_mut().table.push(Thing(number)).unwrap();
        Val::Resource(float.try_into_resource_any(&mut instance.store).unwrap())
    });
    let Val::Resource(sum) = instance.call("add", &floats).unwrap() else {
        panic!("no resource")
    };
    let sum: Float = Resource::try_from_resource_any(sum, &mut instance.store).unwrap();
    let sum = instance.store.data().table.get(&sum).unwrap().0;
    assert_eq!(sum, 42.0 + 3.0 + 55.0 + 3.0 + 5.0 + 1.0);

    let mut call = |name: &str, arguments: &[Val]| {
        let name = format!("resource-floats-exports#{name}");
        instance.call(&name, arguments).unwrap()
    };
    let float = call("[constructor]float", &[Val::Float64(22.0)]);
    let once = 22.0 + 1.0 + 2.0 + 4.0 + 3.0;
    assert_eq!(call("[method]float.get", from_ref(&float)), Val::Float64(once));
    let sum = call("[static]float.add", &[float, Val::Float64(7.0)]);
    let twice = 22.0 + 1.0 + 2.0 + 7.0 + 6.0 + 4.0 + 5.0 + 1.0 + 2.0 + 4.0 + 3.0;
    assert_eq!(call("[method]float.get", &[sum]), Val::Float64(twice));
}

#[test]
fn resource_borrow_in_record() {
    let mut instance = start();
    let name = |function| of("resource-borrow-in-record", function);
    let things = ["Bonjour", "mon cher"].map(|word| {
        let thing = instance.call(&name("[constructor]thing"), &[Val::String(word.to_string())]);
        holder(thing.unwrap())
    });
    let things = instance.call(&name("test"), &[Val::List(things.to_vec())]).unwrap();
    let text = |word| format!("{word} Thing.__init__ HostThing::new HostThing::test HostThing.get Thing.get");
    let expected = [text("Bonjour"), text("mon cher")];
    assert_eq!(texts(&mut instance, "resource-borrow-in-record", things), expected);
}

/// The world of the guest and those of two packages are in one component.
#[test]
fn multiworld() {
    let mut instance = start();
    for (interface, class) in [
        ("foo:sdk/foo-interface", "FooInterface"),
        ("bar:sdk/bar-interface", "BarInterface"),
    ] {
        let said = instance.call(&format!("{interface}#test"), &[Val::String("Howdy".to_string())]);
        assert_eq!(text(&said.unwrap()), format!("Howdy {class}.test HostFoo::test"));
    }
}

#[test]
fn filesystem() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("foo.txt"), "The Jabberwock").unwrap();
    let mut context = WasiCtx::builder();
    let granted = context.preopened_dir(folder.path(), "/", FsPerms::ReadOnly);
    let context = granted.unwrap().build();
    let read = start_with(context).call("read-file", &[Val::String("foo.txt".to_string())]);
    let Val::Result(Ok(Some(bytes))) = read.unwrap() else {
        panic!("the file cannot be read")
    };
    assert_eq!(list(*bytes), "The Jabberwock".bytes().map(Val::U8).collect::<Vec<_>>());
}

// Streams and futures, each without a delay and with one.

fn both_ways(test: impl Fn(Option<Duration>) -> wasmtime::Result<()>) {
    test(None).unwrap();
    test(Some(DELAY)).unwrap();
}

fn streams(function: &str) -> String {
    of("streams-and-futures", function)
}

#[test]
fn echo_stream_u8() {
    both_ways(|delay| {
        let mut instance = start();
        let echo = instance.typed::<(StreamReader<u8>,), (StreamReader<u8>,)>(&streams("echo-stream-u8"));
        let echoed = instance.run(async |accessor| {
            let bytes = Give::after(delay, TEXT.as_bytes().to_vec());
            let bytes = accessor.with(|store| StreamReader::new(store, bytes))?;
            let (echoed,) = echo.call_concurrent(accessor, (bytes,)).await?;
            let (at_a_time, pause) = (1000, delay);
            collect(accessor, echoed, Reading { at_a_time, pause }).await
        })?;
        assert_eq!(echoed, TEXT.as_bytes());
        Ok(())
    });
}

#[test]
fn echo_future_string() {
    both_ways(|delay| {
        let mut instance = start();
        let echo = instance.typed::<(FutureReader<String>,), (FutureReader<String>,)>(&streams("echo-future-string"));
        let echoed = instance.run(async |accessor| {
            let text = accessor.with(|store| later(store, delay, TEXT.to_string()))?;
            let (echoed,) = echo.call_concurrent(accessor, (text,)).await?;
            receive(accessor, echoed, delay).await
        })?;
        assert_eq!(echoed, TEXT);
        Ok(())
    });
}

const LETTERS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Sends things that come one by one, and what comes back of them, read one by one.
fn short_reads<T>(
    instance: &mut Instance,
    name: &str,
    things: Vec<T>,
    delay: Option<Duration>,
) -> wasmtime::Result<Vec<T>>
where
    T: ComponentType + Lift + Lower + Send + Sync + Unpin + 'static,
{
    let short_reads = instance.typed::<(StreamReader<T>,), (StreamReader<T>,)>(&streams(name));
    instance.run(async |accessor| {
        let things = accessor.with(|store| StreamReader::new(store, Give::after(delay, things)))?;
        let (back,) = short_reads.call_concurrent(accessor, (things,)).await?;
        let (at_a_time, pause) = (1, delay);
        collect(accessor, back, Reading { at_a_time, pause }).await
    })
}

/// The texts of things of the guest, asked for all at once.
fn texts_of(instance: &mut Instance, things: &[ResourceAny], delay: Option<Duration>) -> wasmtime::Result<Vec<String>> {
    let get = instance.typed::<(ResourceAny, u32), (String,)>(&streams("[method]thing.get"));
    let delay = delay.map_or(0, |delay| delay.as_millis() as u32);
    instance.run(async |accessor| {
        let texts = things
            .iter()
            .map(|thing| get.call_concurrent(accessor, (*thing, delay)));
        let texts = join_all(texts).await.into_iter();
        texts.map(|text| text.map(|(text,)| text)).collect()
    })
}

#[test]
fn short_reads_of_the_guests_things() {
    both_ways(|delay| {
        let mut instance = start();
        let things = LETTERS.map(|letter| {
            let thing = instance.call(&streams("[constructor]thing"), &[Val::String(letter.to_string())]);
            match thing.unwrap() {
                Val::Resource(thing) => thing,
                other => panic!("{other:?} is no resource"),
            }
        });
        let back = short_reads(&mut instance, "short-reads", things.to_vec(), delay)?;
        assert_eq!(texts_of(&mut instance, &back, delay)?, LETTERS);
        Ok(())
    });
}

#[test]
fn short_reads_of_the_hosts_things() {
    both_ways(|delay| {
        let mut instance = start();
        let table = &mut instance.store.data_mut().table;
        let things = LETTERS.map(|letter| table.push(Thing((letter.to_string(),))).unwrap());
        let back: Vec<HostThing> = short_reads(&mut instance, "short-reads-host", things.into(), delay)?;
        let table = &mut instance.store.data_mut().table;
        let texts: Vec<String> = back.into_iter().map(|thing| table.delete(thing).unwrap().0.0).collect();
        assert_eq!(texts, LETTERS);
        // The guest has kept none of them.
        assert!(table.is_empty());
        Ok(())
    });
}

/// Of two futures with the same thing the first is dropped; gives the second one's thing.
fn dropped_future_reader<T>(instance: &mut Instance, name: &str, delay: Option<Duration>) -> wasmtime::Result<T>
where
    T: ComponentType + Lift + Lower + Send + Sync + 'static,
{
    let dropped = instance.typed::<(String,), ((FutureReader<T>, FutureReader<T>),)>(&streams(name));
    instance.run(async |accessor| {
        let ((mut first, second),) = dropped.call_concurrent(accessor, (TEXT.to_string(),)).await?;
        accessor.with(|store| first.close(store))?;
        receive(accessor, second, delay).await
    })
}

#[test]
fn dropped_future_reader_of_a_thing_of_the_guest() {
    both_ways(|delay| {
        let mut instance = start();
        let thing = dropped_future_reader(&mut instance, "dropped-future-reader", delay)?;
        assert_eq!(texts_of(&mut instance, &[thing], delay)?, [TEXT]);
        Ok(())
    });
}

#[test]
fn dropped_future_reader_of_a_thing_of_the_host() {
    both_ways(|delay| {
        let mut instance = start();
        let thing: HostThing = dropped_future_reader(&mut instance, "dropped-future-reader-host", delay)?;
        assert_eq!(instance.store.data_mut().table.delete(thing)?.0.0, TEXT);
        Ok(())
    });
}

/// Types of the same structure have constructors of their own.
#[test]
fn similar_streams_and_futures() {
    let streams = start().call(&of("similar-streams-and-futures", "baz"), &[]).unwrap();
    assert!(matches!(streams, Val::Tuple(ends) if ends.len() == 4));
}
