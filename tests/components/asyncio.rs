//! asyncio in a component to which nothing is granted.

use ampoule_support::component::{App, State};
use wasmtime_wasi::WasiCtx;

/// The coroutines of `tests/apps/asyncio/app.py`, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("sleeping", "True"),
    ("waiting_in_vain", "timed out"),
    ("timeout", "TimeoutError: "),
    ("gathering", "[0, 1, 2, 3, 4]"),
    ("as_completed", "[1, 2, 3]"),
    ("group", "[0, 1, 2, 3, 4]"),
    ("failing_group", "(True, ['one'])"),
    ("cancelling", "('enough', True)"),
    ("events", "['a', 'b', 'c']"),
    ("streams", r"(b'one\n', b'two')"),
    ("generator", "[0, 1, 2]"),
    (
        "waiting_for_nothing",
        "OSError: [Errno 16] Resource deadlock would occur",
    ),
    ("thread", "RuntimeError: can't start new thread"),
    ("to_thread", "([1, 2, 3], True)"),
    (
        "failing_in_a_thread",
        "ValueError: invalid literal for int() with base 10: 'x'",
    ),
    ("listener", r"('before\nin between\n', True)"),
    ("executor", "(['initialised'], 'A', [1, 2], 3)"),
    (
        "executor_that_cannot_begin",
        "BrokenThreadPool: A thread initializer failed, the thread pool is not usable anymore",
    ),
    (
        "support_of_other_worlds",
        "TypeError: ByteStreamReader: this component's world has no streams and no futures",
    ),
    ("handling_a_signal", "NotImplementedError: WASI has no signals"),
    (
        "socket_without_permission",
        "PermissionError: [Errno 2] Permission denied",
    ),
    ("process", "OSError: [Errno 58] wasi does not support processes."),
];

#[test]
fn everything_but_threads_signals_and_processes_works() {
    let app = App::build("asyncio");
    for (name, expected) in CHECKS {
        let state = State::new(WasiCtx::builder().build());
        assert_eq!(app.check(state, name).expect(name), *expected, "{name}");
    }
}
