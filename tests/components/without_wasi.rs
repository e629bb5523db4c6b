//! A component with `wasi = "none"`: it runs in a host that has nothing at all.

use ampoule_support::component::App;

/// The functions of the app, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("wall_clock", "OSError: [Errno 52] Function not implemented"),
    ("monotonic_clock", "OSError: [Errno 52] Function not implemented"),
    ("sleep", "OSError: [Errno 52] Function not implemented"),
    (
        "random_bytes",
        "NotImplementedError: /dev/urandom (or equivalent) not found",
    ),
    ("secret", "NotImplementedError: /dev/urandom (or equivalent) not found"),
    (
        "draw",
        "NotImplementedError: this component has no random numbers: its WASI is virtual",
    ),
    ("printing", "printed"),
    ("reading", "''"),
    ("file_inside", "inside"),
    (
        "file_outside",
        "FileNotFoundError: [Errno 44] No such file or directory: '/tmp/data.txt'",
    ),
    ("late_import", "imported late"),
    ("late_import_of_the_stdlib", "1/2"),
    ("environment", "({}, [])"),
    ("exception", "ValueError: raised"),
];

#[test]
fn everything_answers() {
    let app = App::build("without-wasi");
    assert_eq!(app.imports(), Vec::<String>::new());
    for (name, expected) in CHECKS {
        assert_eq!(app.check_alone(name).expect(name), *expected, "{name}");
    }
}

/// What can not be said in any other way ends the instance.
#[test]
fn an_exit_is_a_trap() {
    assert!(App::build("without-wasi").check_alone("uncaught").is_err());
}
