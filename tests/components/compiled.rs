//! What compiled code of packages needs of the interpreter.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use std::sync::LazyLock;
use wasmtime_wasi::WasiCtx;

/// Built such that the fused module has the same state.
static APP: LazyLock<App> = LazyLock::new(|| {
    let project = copy(&root().join("tests/apps/compiled"));
    let printed = succeed(ampoule(project.path()).args(["build", "--verify-fused"]));
    App::load(&project.path().join(printed.trim_end()))
});

fn check(name: &str) -> String {
    let state = State::new(WasiCtx::builder().build());
    APP.check(state, name).expect("no call traps")
}

/// What each kind of function gives, whether the module's or a method.
const CALLED: &str = "'exported': 'self', 'fast_2': 'x', 'fast_keywords_3': 1, 'keywords_1': 'self', 'keywords_2': 'argument', \
                      'no_arguments': 'no argument', 'no_arguments_0': 'nothing', 'no_arguments_1': 'self', ";
const CALLED_WITH_MORE: &str = "'one_0': 'nothing', 'one_1': 'self', 'one_3': 'argument and null', 'silent': None, 'tuple_1': 'self', \
                                'tuple_3': 'argument and null'}";

#[test]
fn functions_of_other_types_are_called_by_their_own() {
    assert_eq!(check("functions"), format!("{{{CALLED}{CALLED_WITH_MORE}"));
    assert_eq!(
        check("methods"),
        format!("{{{CALLED}'of_class_3': \"wrong.Thing 'x'\", {CALLED_WITH_MORE}")
    );
    assert_eq!(
        check("specialised"),
        "('self', 'self', 'argument and null', 4, 2, 'self', 'nothing', 'self', 1, 2, 0)"
    );
    assert_eq!(
        check("attributes"),
        "(5, 6, 'constant', (1, 2), \"TypeError: 'str' object cannot be interpreted as an integer\", 'TypeError: it stays')"
    );
    assert_eq!(check("imported_late"), "('late', 'colorsys')");
    assert_eq!(check("of_the_build"), "True");
    let failures = check("failures");
    assert!(
        failures
            .starts_with("([\"KeyError: 'silent'\", \"KeyError: 'silent'\"], 'SystemError: a function of an extension"),
        "{failures}"
    );
}

#[test]
fn long_doubles_are_read_and_written_with_all_their_digits() {
    assert_eq!(check("long_doubles"), "('0.123456789012345678901234567800', True, 1)");
}
