//! What asyncio and anyio schedule: in a world where Python looks at the time, and in one where the host wakes it.

use super::host::{App, Counted, Instance, State, add_after};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use wasmtime::Engine;
use wasmtime::component::{Linker, Val};

/// Functions in `features.py` and `tasks.py` of `tests/apps/scheduling`, each with what it gives, as in CPython on a machine.
const CHECKS: &[(&str, &str)] = &[
    ("features.sleep", "True"),
    (
        "features.timers",
        "(['soon', 'from a thread', 'past', 'at', 'later'], True)",
    ),
    ("features.equal_timers_keep_their_order", "[0, 1, 2, 3, 4]"),
    ("features.a_handle_that_cancels_itself", "([(1, 2)], True)"),
    ("features.handles_that_are_cancelled_when_they_are_ready", "[]"),
    ("features.task_group", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
    ("features.failing_task_group", "([\"'missing'\"], [True, True], 0)"),
    ("features.task_group_that_is_cancelled", "(2, 'enough', 0)"),
    ("features.time_is_up", "([True, True, 'waited'], 0)"),
    ("features.time_that_is_moved", "(7, False)"),
    ("features.shield", "(9, True)"),
    ("features.wait", "([2], True, 1, 0, True)"),
    ("features.gather", "['1', \"ValueError('of one')\", '3']"),
    (
        "features.exception_handler",
        "([\"ZeroDivisionError('division by zero')\", \"IndexError('list index out of range')\", \"OSError('so')\"], True)",
    ),
    ("features.executor", "[3, 7]"),
    ("features.task_factory", "(2, ['child', 'child'], 'first', True)"),
    ("features.eager_tasks", "['child', 'parent', 'child goes on']"),
    ("features.tasks_are_known", "(['child'], True, True, False)"),
    (
        "features.running_loops",
        "(['RuntimeError', 'RuntimeError'], True, True)",
    ),
    ("features.synchronisation", "(2, [0, 1, 2], True)"),
    ("features.generators", "(3, ['closed', 'closed'], [0, 1, 2])"),
    (
        "features.context_variables",
        "(['of the parent, of the child', 'of the parent, of the child'], 'default, of the child', ['of the child'], \
         'of the parent')",
    ),
    ("features.generators_that_are_left", "['closed']"),
    ("features.timers_that_are_cancelled", "True"),
    ("features.cancelled_before_it_starts", "([], True)"),
    ("features.uncancelled", "('goes on 1 0 2', 0)"),
    ("tasks.group", "[1, 15, 30]"),
    ("tasks.failing_group", "(['of one'], 0)"),
    ("tasks.started", "('ready', True)"),
    ("tasks.move_on_after", "(True, 0, False, 2)"),
    ("tasks.fail_after", "'TimeoutError'"),
    ("tasks.shield", "[3]"),
    ("tasks.streams", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"),
    ("tasks.locks", "([0, 1, 2], True, True)"),
    ("tasks.thread", "5"),
];

/// What the host has under way.
#[derive(Clone, Default)]
struct UnderWay {
    calls: Arc<AtomicU32>,
    timers: Arc<AtomicU32>,
}

fn linker(engine: &Engine, under_way: &UnderWay) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    let mut host = linker.instance("test:scheduling/host")?;
    let UnderWay { calls, timers } = under_way.clone();
    add_after(&mut host, calls.clone())?;
    host.func_wrap("under-way", move |_, ()| Ok((calls.load(Ordering::Relaxed),)))?;
    let mut clock = linker.instance("wasi:clocks/monotonic-clock@0.3.0")?;
    let start = Instant::now();
    clock.func_wrap("now", move |_, ()| Ok((start.elapsed().as_nanos() as u64,)))?;
    clock.func_wrap_concurrent("wait-for", move |_, (nanoseconds,): (u64,)| {
        let counted = Counted::new(&timers);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_nanos(nanoseconds)).await;
            drop(counted);
            Ok(())
        })
    })?;
    Ok(linker)
}

/// In the world of WASI 0.2.
fn start_looking() -> Instance {
    static APP: OnceLock<App> = OnceLock::new();
    let app = APP.get_or_init(|| App::build("scheduling"));
    let mut linker = linker(app.component.engine(), &UnderWay::default()).expect("each function is there once");
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).expect("each function is there once");
    app.start_in(&linker)
}

/// For the world that has the clock of WASI 0.3, and nothing else of WASI.
const BY_THE_HOST: &str = "\
[tool.ampoule]
world = \"scheduling-by-the-host\"
requirements = \"requirements.txt\"
wasi = \"none\"
";

fn app_by_the_host() -> &'static App {
    static APP: OnceLock<App> = OnceLock::new();
    APP.get_or_init(|| {
        App::build_with("scheduling", |folder| {
            std::fs::write(folder.join("pyproject.toml"), BY_THE_HOST).expect("it can be written");
        })
    })
}

/// Where the host has timers.
fn start_woken(under_way: &UnderWay) -> Instance {
    let app = app_by_the_host();
    app.start_in(&linker(app.component.engine(), under_way).expect("each function is there once"))
}

#[test]
fn where_python_looks_at_the_time() {
    super::check(CHECKS, start_looking);
}

/// No timer of a call is left in the host when the call is over.
#[test]
fn where_the_host_wakes_python() {
    let under_way = UnderWay::default();
    super::check(CHECKS, || start_woken(&under_way));
    assert_eq!(under_way.timers.load(Ordering::Relaxed), 0);
    assert_eq!(under_way.calls.load(Ordering::Relaxed), 0);
}

/// A world of WASI 0.3 needs nothing of 0.2.
#[test]
fn a_world_of_wasi_0_3_imports_nothing_else() {
    let component = &app_by_the_host().component;
    let ty = component.component_type();
    let mut imports: Vec<&str> = ty.imports(component.engine()).map(|(name, _)| name).collect();
    imports.sort_unstable();
    assert_eq!(imports, ["test:scheduling/host", "wasi:clocks/monotonic-clock@0.3.0"]);
}

/// A queue and a lock that the module has made when it was imported, in the build.
#[test]
fn what_a_module_makes_works_across_calls() {
    let mut instance = start_looking();
    let gets: Vec<(&str, Vec<Val>)> = (0..10).map(|_| ("get", vec![])).collect();
    let puts = (0..10).map(|number| ("put", vec![Val::U32(number)])).collect();
    let results = instance.call_all(&[gets, puts].concat()).unwrap();
    let numbers: Vec<Val> = (0..10).map(Val::U32).collect();
    assert_eq!(results[..10], numbers);
    let calls: Vec<(&str, Vec<Val>)> = (0..5).map(|_| ("one-by-one", vec![Val::U32(20)])).collect();
    assert_eq!(instance.call_all(&calls).unwrap(), vec![Val::U32(20); 5]);
}

/// Tasks go on after the return of the call that has made them; what they raise ends nothing.
#[test]
fn tasks_that_are_left_behind() {
    let mut instance = start_looking();
    let mut check = |name: &str| {
        let found = instance.call("check", &[Val::String(format!("features.{name}"))]);
        super::text(&found.unwrap())
    };
    for _ in 0..3 {
        assert_eq!(check("leave_tasks"), "(2, True)");
        assert_eq!(check("tasks_that_were_left"), "['fails', 'worked 5']");
    }
}

/// Ten thousand items, each put by a call of its own while another call waits for it.
#[test]
fn a_queue_of_ten_thousand() {
    let mut instance = start_looking();
    for number in 0..10_000 {
        let calls = [("get", vec![]), ("put", vec![Val::U32(number)])];
        assert_eq!(instance.call_all(&calls).unwrap()[0], Val::U32(number));
    }
}
