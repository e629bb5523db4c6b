//! Asynchronous exports: asyncio in them, and many calls of one instance at once.

mod host;

use crate::composition::{Part, Program, build, compose};
use host::{App, Instance};
use std::time::{Duration, Instant};
use wasmtime::component::Val;

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
    let app = App::get();
    let mut wrong = Vec::new();
    for (name, expected) in CHECKS {
        let mut instance = app.start();
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
    let calls: Vec<(&str, Vec<Val>)> = (0..1000).map(|_| ("sleep", vec![Val::U32(10)])).collect();
    let start = Instant::now();
    let results = instance.call_all(&calls).unwrap();
    assert!(results.iter().all(|result| *result == Val::U32(10)));
    // One after the other they would take ten seconds.
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
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
