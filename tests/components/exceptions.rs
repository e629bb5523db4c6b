//! Extension modules with exceptions: thrown and caught while the component is built and when it runs, in one module and across two; and what
//! becomes of those that nothing catches.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed, text};
use std::path::Path;
use std::sync::LazyLock;
use wasmtime::component::Component;
use wasmtime::{Config, Engine};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;

static APP: LazyLock<App> = LazyLock::new(|| App::build("throwing"));

/// What the modules are asked for, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("caught vector", "inner outer vector"),
    ("caught map", "inner outer map::at:  key not found"),
    ("caught length", "inner outer basic_string"),
    ("caught number", "inner outer 42"),
    ("caught function", "inner outer around it (std::bad_function_call)"),
    ("caught pointer", "inner outer around it (bad_weak_ptr)"),
    ("caught custom", "inner outer around it (of the app's own)"),
    ("caught other", "inner outer around it (no other kind)"),
    ("across vector", "std::out_of_range vector"),
    ("across map", "std::out_of_range map::at:  key not found"),
    ("across length", "std::exception basic_string"),
    ("across number", "int 42"),
    ("across function", "std::exception std::bad_function_call"),
    ("across pointer", "std::exception bad_weak_ptr"),
    ("across custom", "Custom of the app's own"),
    ("across other", "std::exception no other kind"),
    ("jumped 7", "108"),
];

fn state() -> State {
    State::new(WasiCtxBuilder::new().build())
}

#[test]
fn caught() {
    let mut instance = APP.start(state()).expect("it starts");
    for (name, expected) in CHECKS {
        for name in [(*name).to_string(), format!("built {name}")] {
            assert_eq!(instance.check(&name).expect(&name), *expected, "{name}");
        }
    }
}

/// Objects of what is thrown go where they came from.
#[test]
fn twenty_thousand() {
    let mut instance = APP.start(state()).expect("it starts");
    instance.check("caught map").expect("it is caught");
    let memory = instance.memory();
    for _ in 0..20_000 {
        instance.check("caught map").expect("it is caught");
    }
    assert!(
        instance.memory() < memory + (1 << 20),
        "{memory}, {}",
        instance.memory()
    );
}

#[test]
fn uncaught_at_run_time() {
    let cases = [
        ("custom", "Custom: of the app's own"),
        ("number", "int"),
        ("vector", "std::out_of_range: vector"),
    ];
    for (kind, expected) in cases {
        let errors = MemoryOutputPipe::new(1 << 16);
        let context = WasiCtxBuilder::new().stderr(errors.clone()).build();
        let error = APP.check(State::new(context), &format!("uncaught {kind}"));
        assert!(format!("{:?}", error.unwrap_err()).contains("unreachable"));
        let said = text(&errors.contents());
        assert!(
            said.contains(&format!("\nSystemError: C++ exception: {expected}\n")),
            "{said}"
        );
        assert!(
            said.contains("app.py\", line 15, in check\n    return throwing.uncaught(kind)\n"),
            "{said}"
        );
        assert!(
            said.contains("an extension module has not caught a C++ exception"),
            "{said}"
        );
    }
}

#[test]
fn uncaught_while_building() {
    let project = copy(&root().join("tests/apps/throwing"));
    let file = project.path().join("app.py");
    let app = std::fs::read_to_string(&file).expect("it is there") + "\nthrowing.uncaught('custom')\n";
    std::fs::write(&file, app).expect("the folder is ours");
    let output = ampoule(project.path())
        .arg("build")
        .output()
        .expect("it can be started");
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(
        said.contains("SystemError: C++ exception: Custom: of the app's own"),
        "{said}"
    );
    assert!(said.contains("an exception in C++ left an extension module"), "{said}");
}

/// The linked module itself does the same as its parts beside each other.
#[test]
fn fused() {
    let project = copy(&root().join("tests/apps/throwing"));
    succeed(ampoule(project.path()).args(["build", "--verify-fused"]));
}

/// A component without such modules is for hosts without exceptions.
#[test]
fn others_have_none() {
    let mut configuration = Config::new();
    configuration.wasm_exceptions(false).wasm_function_references(false);
    let engine = Engine::new(&configuration).expect("an engine");
    let load = |project: &str| {
        let project = copy(&root().join(project));
        let printed = succeed(ampoule(project.path()).arg("build"));
        Component::from_file(&engine, Path::new(&project.path().join(printed.trim_end())))
    };
    load("examples/extension").expect("it has no exceptions");
    let error = load("tests/apps/throwing").expect_err("it has exceptions");
    assert!(
        format!("{error:?}").contains("exception refs not supported"),
        "{error:?}"
    );
}
