//! The life of an instance: a million calls, and less memory than the app asks for.

use ampoule_support::component::{App, State};
use wasmtime_wasi::WasiCtx;

/// The memory of an instance that has settled stays as it is.
#[test]
fn a_million_calls_stay_flat() {
    let app = App::build("life");
    let mut instance = app.start(State::new(WasiCtx::builder().build())).expect("it starts");
    let mut call = |name: &str, times: usize| {
        for _ in 0..times {
            instance.check(name).expect("no call traps");
        }
        instance.memory()
    };
    let settled = call("work", 5_000).max(call("nothing", 5_000));
    assert_eq!(call("work", 50_000), settled);
    assert_eq!(call("nothing", 1_000_000), settled);
}

/// Python does not count who refers to what lasts as long as the interpreter, but to all that the app made.
#[test]
fn what_the_app_made_can_go() {
    let app = App::build("life");
    let mut instance = app.start(State::new(WasiCtx::builder().build())).expect("it starts");
    let found = instance.check("witness").unwrap();
    assert_eq!(found, "(2, ['finalized', 'called back', 'function'], None, True)");
}

/// At the host's limit Python raises MemoryError, whatever it allocates, and the instance can be used again and again.
#[test]
fn memory_ends_in_memory_error() {
    let app = App::build("life");
    let state = State::limited(WasiCtx::builder().build(), 64 << 20);
    let mut instance = app.start(state).expect("it starts");
    for _ in 0..3 {
        assert_eq!(instance.check("at_once").unwrap(), "MemoryError");
        assert_eq!(instance.check("little_by_little").unwrap(), "MemoryError True");
        assert_eq!(instance.check("in_small_objects").unwrap(), "MemoryError");
        assert_eq!(instance.check("work").unwrap(), "125");
    }
    instance.check("escaping").expect_err("what escapes an export traps");
}
