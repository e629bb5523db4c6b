//! Asynchronous exports: asyncio in them, and many calls of one instance at once.
//!
//! Defects of componentize-py 0.25, and where each would show; `features` and `tasks` are checks of `scheduling`.
//!
//! | defect | test |
//! |---|---|
//! | `asyncio.sleep`, timeouts, `loop.time`, `call_later` are missing | `scheduling`: `features.sleep`, `timers`, `time_is_up` |
//! | a task that is cancelled in an import is a trap | `features.task_group_that_is_cancelled` |
//! | a task group that fails is a trap | `features.failing_task_group` |
//! | a task that is not done when its export returns is a trap | `scheduling::tasks_that_are_left_behind` |
//! | a read that is cancelled loses its handle | `streaming`: `cancelled_reads_of_bytes`, `.._of_numbers` |
//! | an event that another call sets wakes nobody, or late | `one_call_wakes_another`, `scheduling::a_queue_of_ten_thousand` |
//! | an exception in a background task ends the instance | `asyncio_is_asyncio`: `background` |
//! | a call that its caller cancels is a trap | `components_cancel_each_other`: `waits` |
//! | a call that is cancelled before it starts is a trap | `a_call_that_is_cancelled_in_the_queue` |
//! | a call of an import that ends cancelled is a trap | `features.time_is_up` |
//! | a read of a future that is cancelled is a trap | `streaming`: `cancelled_reads_of_futures` |
//! | `call_soon` fails without a context | `features.timers`, `features.context_variables` |
//! | task factories, handlers and executors are missing, and so anyio fails | `features.exception_handler`, `executor`, `tasks` |
//! | context variables that are set at import are lost | `asyncio_is_asyncio`: `context_of_others` |
//! | `asyncio.run` fails in synchronous exports | `a_loop_of_its_own_runs_in_a_synchronous_export` |
//! | a future's writer that is collected outside a task writes nothing | `streaming::a_future_that_is_left_without_a_value` |
//! | streams and futures without a type are a trap | `payloads::scalars_and_texts`: `nothing` |
//! | `bytearray`, `memoryview`, `tuple` as items are a trap | `streaming`: `items_of_any_kind` |
//! | of `stream<u8>` beside `stream<s8>` one has the other's constructor | `payloads::scalars_and_texts`: `signed-bytes` |
//! | the things lent to calls at once are mixed up | `payloads::what_is_lent_goes_back` |
//! | constructors of types that are alike overwrite each other | `componentize_py::similar_streams_and_futures` |
//! | a resource that is imported and exported has one constructor | `payloads::resources_that_are_imported_and_exported` |
//! | `write_all` copies the rest each time | `streaming`: `a_write_of_much` (`benches` has figures) |
//! | reads make room for all that they may get | `streaming::reads_make_room_for_what_there_is` |
//! | a world of WASI 0.3 imports 0.2, too | `scheduling::a_world_of_wasi_0_3_imports_nothing_else` |
//! | `exit` in a command is 1 and a trap | `command::each_way_to_end`: `exits` |
//! | what a command has spawned is dropped | `command::what_it_spawns_ends_first` |

mod command;
mod componentize_py;
mod host;
mod numbers;
mod payloads;
mod scheduling;
mod streaming;

use crate::composition::{Part, Program, build, compose};
use ampoule_support::{ampoule, cache, copy, program, root, succeed};
use host::{App, Instance};
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use wasmtime::component::{Component, Val};
use wasmtime::{Config, Engine, OptLevel};

/// What Python finds in a call of its own, and what is left in the host afterwards.
const CHECKS: &[(&str, &str)] = &[
    ("nothing", "None"),
    ("timers", "([1, 2, 3], True)"),
    ("clock", "True"),
    ("time_is_up", "('TimeoutError', 'TimeoutError', 0)"),
    ("gathered", "(4950, 5)"),
    ("as_completed", "[10, 25, 40]"),
    ("failing_group", "(['of one'], 0)"),
    ("context", "'set in a call'"),
    ("context_of_others", "'set at import'"),
    ("bytes_read", "(1000000, {True}, True)"),
    ("bytes_iterated", "(7, True)"),
    ("numbers_written", "(1003, 499506)"),
    ("bytes_written", "100011"),
    (
        "futures",
        "(True, 'ValueError: the future was written before: it takes one value', 'hello', 'late', 'ValueError: the future was read \
         before: it has one value')",
    ),
    ("defaults", "'default'"),
    ("cancelled_reads", "'late'"),
    ("inside", "(['a', 'b'], ['c', 'd'], 4)"),
    (
        "wrong_items",
        "('TypeError: u32_stream.write(): parameter items[1] must be u32, not str', \
         'OverflowError: u32_stream.write(): parameter items[2] must be u32 (0 to 4294967295), not -1', \
         'TypeError: u32_stream.write(): the items must be a list or another sequence, not str', \
         ['TypeError: u32_stream.write(): the items must be a list or another sequence, not int', \
         'TypeError: u32_stream.write(): the items must be a list or another sequence, not set', \
         'TypeError: u32_stream.write(): the items must be a list or another sequence, not dict'], \
         'ValueError: the reader was passed on to a new owner', 4, 'ValueError: the writer was dropped')",
    ),
    ("reader_gone", "(0, True)"),
    ("background", "['a task that was spawned has failed']"),
    ("many", "'done'"),
    ("a_thread", "5"),
    ("queues", "(4950, None)"),
    ("shielded", "9"),
];

#[test]
fn asyncio_is_asyncio() {
    check(CHECKS, || App::get().start());
}

/// Calls `check` with each name, three times in an instance of its own, and looks at what it finds.
fn check(checks: &[(&str, &str)], start: impl Fn() -> Instance) {
    let mut wrong = Vec::new();
    for (name, expected) in checks {
        let mut instance = start();
        let mut left = Vec::new();
        for _ in 0..3 {
            let found = instance.call("check", &[Val::String(name.to_string())]);
            let found = found.map_or_else(|error| format!("{error:?}"), |value| text(&value));
            if found != *expected {
                wrong.push(format!("{name}\n  expected: {expected}\n  found:    {found}"));
            }
            left.push(instance.left());
        }
        // What the first call leaves is used again.
        if left[1] != left[2] {
            wrong.push(format!(
                "{name}: so many things are left in the host after each call: {left:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn text(value: &Val) -> String {
    match value {
        Val::String(text) => text.clone(),
        other => format!("{other:?}"),
    }
}

#[test]
fn ten_thousand_calls_leave_nothing() {
    let mut instance = App::get().start();
    let arguments = [Val::U32(2), Val::U32(3)];
    for _ in 0..100 {
        assert_eq!(instance.call("add", &arguments).unwrap(), Val::U32(5));
    }
    let settled = instance.memory();
    for _ in 0..10_000 {
        assert_eq!(instance.call("add", &arguments).unwrap(), Val::U32(5));
    }
    assert_eq!(instance.memory(), settled);
}

/// Takes minutes: calls and bytes without end leave the memory as it is.
#[test]
#[ignore = "it takes minutes"]
fn a_million_calls_and_a_gibibyte() {
    let mut instance = App::get().start();
    let add = instance.typed::<(u32, u32), (u32,)>("add");
    let calls = |instance: &mut Instance, count: u32| {
        let done = instance.run(async |accessor| {
            for number in 0..count {
                assert_eq!(add.call_concurrent(accessor, (number, 1)).await?, (number + 1,));
            }
            Ok(())
        });
        done.unwrap();
        (instance.memory(), instance.left())
    };
    let settled = calls(&mut instance, 1000);
    let start = Instant::now();
    for _ in 0..50 {
        assert_eq!(calls(&mut instance, 20_000), settled);
    }
    println!("a million calls: {:?}, memory {} bytes", start.elapsed(), settled.0);

    let mut instance = streaming::start();
    assert_eq!(streaming::echo(&mut instance, 1 << 20), 1 << 20);
    let settled = (instance.memory(), instance.left());
    let start = Instant::now();
    for _ in 0..16 {
        assert_eq!(streaming::echo(&mut instance, 1 << 26), 1 << 26);
        assert_eq!((instance.memory(), instance.left()), settled);
    }
    println!("a gibibyte: {:?}, memory {} bytes", start.elapsed(), settled.0);
}

/// A host that knows nothing of asynchronous functions takes a component whose world has none.
#[test]
fn a_synchronous_world_needs_no_asynchronous_host() {
    let mut configuration = Config::new();
    configuration
        .cranelift_opt_level(OptLevel::None)
        .wasm_component_model_async(false);
    let engine = Engine::new(&configuration).unwrap();
    let is_taken = |folder: &str| {
        let project = copy(&root().join(folder));
        let printed = succeed(ampoule(project.path()).arg("build"));
        Component::from_file(&engine, project.path().join(printed.trim_end())).is_ok()
    };
    assert!(is_taken("examples/hello"));
    assert!(!is_taken("tests/apps/asynchronous"));
}

/// The app has a loop, a queue and a lock when it is imported.
#[test]
fn two_builds_give_the_same_bytes() {
    let built = |cache: &Path| {
        let project = copy(&root().join("tests/apps/scheduling"));
        let mut command = Command::new(program());
        command
            .arg("--cache")
            .arg(cache)
            .arg("build")
            .current_dir(project.path());
        let printed = succeed(&mut command);
        std::fs::read(project.path().join(printed.trim_end())).unwrap()
    };
    let fresh = cache_of_the_toolchain();
    assert!(built(&cache()) == built(fresh.path()));
}

/// A cache that has what the toolchain is made of, and nothing that is made of apps.
fn cache_of_the_toolchain() -> tempfile::TempDir {
    let fresh = tempfile::tempdir().unwrap();
    let entries = fresh.path().join("entries");
    std::fs::create_dir(&entries).unwrap();
    std::os::unix::fs::symlink(cache().join("files"), fresh.path().join("files")).unwrap();
    for entry in std::fs::read_dir(cache().join("entries")).unwrap() {
        let entry = entry.unwrap();
        let has = |output: &str| entry.path().join("outputs").join(output).exists();
        if ["sdk", "cpython", "interpreter"].into_iter().any(has) {
            std::os::unix::fs::symlink(entry.path(), entries.join(entry.file_name())).unwrap();
        }
    }
    fresh
}

#[test]
fn a_result_is_returned_or_raised() {
    let mut instance = App::get().start();
    let divide = |instance: &mut Instance, a, b| instance.call("divide", &[Val::U32(a), Val::U32(b)]).unwrap();
    assert_eq!(
        divide(&mut instance, 7, 2),
        Val::Result(Ok(Some(Box::new(Val::U32(3)))))
    );
    let error = Val::String("no number".to_string());
    assert_eq!(divide(&mut instance, 7, 0), Val::Result(Err(Some(Box::new(error)))));
}

#[test]
fn a_thousand_calls_wait_at_once() {
    let mut instance = App::get().start();
    // One after the other they would take longer than work in a store may.
    let calls: Vec<(&str, Vec<Val>)> = (0..1000).map(|_| ("sleep", vec![Val::U32(500)])).collect();
    let results = instance.call_all(&calls).unwrap();
    assert!(results.iter().all(|result| *result == Val::U32(500)));
}

#[test]
fn one_call_wakes_another() {
    let mut instance = App::get().start();
    let calls = [
        ("wait-for-event", vec![]),
        ("wait-for-event", vec![]),
        ("sleep", vec![Val::U32(30)]),
        ("set-event", vec![Val::U32(8)]),
    ];
    let results = instance.call_all(&calls).unwrap();
    assert_eq!(results[..2], [Val::U32(8), Val::U32(8)]);
}

#[test]
fn a_busy_call_lets_others_go_on() {
    let mut instance = App::get().start();
    let calls = [("busy", vec![Val::U32(50_000)]), ("sleep", vec![Val::U32(1)])];
    let order = instance.order(&calls).unwrap();
    assert_eq!(order, ["sleep", "busy"]);
}

#[test]
fn a_loop_of_its_own_runs_in_a_synchronous_export() {
    let mut instance = App::get().start();
    let waiting: Vec<(&str, Vec<Val>)> = (0..10).map(|_| ("sleep", vec![Val::U32(50)])).collect();
    let calls = [waiting, vec![("run-a-loop", vec![Val::U32(5)])]].concat();
    let results = instance.call_all(&calls).unwrap();
    let refused = "this waits for the host, which only an asynchronous export c";
    assert_eq!(results[10], Val::String(refused.to_string()));
}

#[test]
fn megabytes_are_echoed() {
    let mut instance = App::get().start();
    let sent: Vec<u8> = (0..8_000_000_u32).map(|number| (number % 251) as u8).collect();
    let received = instance.echo(sent.clone()).unwrap();
    assert!(received == sent);
}

/// A call that waits for its turn when it is cancelled never runs, and what was passed to it comes back.
#[test]
fn a_call_that_is_cancelled_in_the_queue() {
    let [slow, busy, caller] = build("queued", ["slow", "busy", "caller"]);
    let parts = [
        Part::new(slow, &[]),
        Part::new(busy, &[("test:queued/slow", 0)]),
        Part::new(caller, &[("test:queued/busy", 1)]),
    ];
    let mut program = Program::new(&compose(&parts, &["check"]));
    let lines: Vec<String> = program.list("check").iter().map(text).collect();
    let expected = [
        "blocked True",
        "begins to wait",
        "cancelled True, blocked True",
        "ticket 1",
        "allthere",
        "begins to wait",
        "has waited, True",
        "takes 1",
    ];
    assert_eq!(lines, expected);
}

/// A component that cancels what it calls in another, and passes streams to it.
#[test]
fn components_cancel_each_other() {
    const WAITING: &str = "test:cancelling/waiting";
    let [callee, caller] = build("cancelling", ["callee", "caller"]);
    let composed = compose(
        &[Part::new(callee, &[]), Part::new(caller, &[(WAITING, 0)])],
        &["check"],
    );
    let mut program = Program::new(&composed);
    let mut check = |name: &str| {
        let mut results = [Val::Bool(false)];
        program.call(None, "check", &[Val::String(name.to_string())], &mut results);
        let [Val::List(lines)] = &results else {
            panic!("{name} gives no list")
        };
        lines.iter().map(text).collect::<Vec<_>>().join("\n")
    };
    let waits = "obedient was cancelled, ticket 1\nstubborn was cancelled, ticket 2\nobedient waits with 1\nobedient is cancelled\nobedient ends\n\
                 stubborn waits with 2\nstubborn is cancelled\nstubborn ends";
    assert_eq!(check("waits"), waits);
    assert_eq!(check("streams"), "True");
    assert_eq!(check("cancelled_reads"), "True");
    assert_eq!(check("resources"), "2\nFalse\n2\n5");
}
