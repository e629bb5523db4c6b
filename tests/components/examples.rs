//! The examples build and do what their READMEs say; so do the apps in `tests/apps/`.

use ampoule_support::{ampoule, copy, root, succeed};
use std::path::PathBuf;

#[test]
fn hello() {
    let (_scratch, component) = build("hello");
    assert_eq!(call(&component, "greet(\"world\")"), "\"Hello, world!\"\n");
    assert_eq!(call(&component, "greet(\"\\u{1F40D}\")"), "\"Hello, 🐍!\"\n");
    let producers = wasm_metadata::Producers::from_wasm(&std::fs::read(component).unwrap());
    let producers = producers.unwrap().expect("a producers section");
    let version = |field: &str, name: &str| producers.get(field).and_then(|names| names.get(name).cloned());
    assert_eq!(version("sdk", "CPython").as_deref(), Some("3.13.15"));
    assert_eq!(
        version("processed-by", "ampoule").as_deref(),
        Some(env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn dependencies() {
    let (_scratch, component) = build("dependencies");
    assert_eq!(call(&component, "render(\"# Hello\")"), "\"<h1>Hello</h1>\\n\"\n");
}

#[test]
fn native() {
    let (_scratch, component) = build("native");
    let rendered = call(&component, "render(\"name: Ada & Grace\")");
    assert_eq!(rendered, "ok(\"<ul><li><b>name</b> Ada &amp; Grace</li></ul>\")\n");
    assert!(call(&component, "render(\"[\")").starts_with("err(\"while parsing"));
}

#[test]
fn echo() {
    let (_scratch, component) = build("echo");
    let checked = ampoule_echo_host::check(&component).expect("no call traps");
    assert_eq!(checked.differences, Vec::<String>::new());
    assert!(checked.calls > 900, "only {} calls were made", checked.calls);
    let recorded = ampoule_echo_host::record(&component).expect("no call traps");
    let checked = ampoule_echo_host::check_dynamic(&component, &recorded).expect("no call traps");
    assert_eq!(checked.differences, Vec::<String>::new());
    assert!(checked.calls > 450, "only {} calls were made", checked.calls);
}

#[test]
fn resources() {
    let (_scratch, component) = build("resources");
    let differences = ampoule_resources_host::check(&component, 1_000_000).expect("no call traps");
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn asynchronous() {
    let (_scratch, component) = build("asynchronous");
    let differences = ampoule_asynchronous_host::check(&component).expect("no call traps");
    assert_eq!(differences, Vec::<String>::new());
}

#[test]
fn extension() {
    let (_scratch, component) = build("extension");
    let counted = call(&component, "count(\"the cat and the other cat\")");
    assert_eq!(counted, "[{word: \"cat\", times: 2}, {word: \"other\", times: 1}]\n");
    assert_eq!(call(&component, "escape(\"<b>\")"), "\"&lt;b&gt;\"\n");
}

/// The command line of componentize-py gives the same component as the project file.
#[test]
fn componentize() {
    let (_scratch, component) = build("hello");
    let project = copy(&root().join("examples/hello"));
    let line = [
        "-d",
        "wit",
        "-w",
        "hello",
        "componentize",
        "app",
        "-o",
        "out/hello.wasm",
    ];
    assert_eq!(
        succeed(ampoule(project.path()).args(line)),
        "Component built successfully\n"
    );
    let built = std::fs::read(project.path().join("out/hello.wasm")).unwrap();
    assert!(
        built == std::fs::read(component).unwrap(),
        "build and componentize differ"
    );
}

#[test]
fn bindings() {
    let project = copy(&root().join("examples/hello"));
    succeed(ampoule(project.path()).args(["-d", "wit", "-w", "hello", "bindings", "stubs"]));
    let module = std::fs::read_to_string(project.path().join("stubs/wit_world/__init__.py")).unwrap();
    assert!(module.contains("class WitWorld(Protocol):"), "{module}");
    assert!(project.path().join("stubs/componentize_py_types.py").exists());
}

#[test]
fn names_beyond_ascii() {
    let (_scratch, component) = build("../tests/apps/names-beyond-ascii");
    assert_eq!(call(&component, "describe()"), "\"3 🐍 Ohm\"\n");
}

/// Sources whose first lines name an encoding that has its tables in an extension module.
#[test]
fn sources_in_other_encodings() {
    let (_scratch, component) = build("../tests/apps/encoded");
    assert_eq!(call(&component, "describe()"), "\"你好 表 1\"\n");
}

/// Packages on the path bring WIT of their own; their bindings stand in them.
#[test]
fn packages() {
    let (_scratch, component) = build("../tests/apps/packages");
    let name = "{first: \"Ada\", last: \"Lovelace\"}";
    let greeted = call(&component, &format!("test:greeting/greeter#greet({name})"));
    assert_eq!(greeted, "\"Hello, Ada Lovelace!\"\n");
    let shouted = call(&component, &format!("test:shouting/shouter#shout({name})"));
    assert_eq!(shouted, "\"ADA LOVELACE\"\n");
    assert_eq!(call(&component, "count()"), "0\n");
    assert_eq!(call(&component, "answer()"), "42\n");
}

/// The same by componentize-py's flags, with only what another world has too.
#[test]
fn packages_intersected() {
    let project = copy(&root().join("tests/apps/packages"));
    let line = "-d wit -w test:packages/app componentize narrow -p . -p lib -m greeting_sdk=greeting -m shouting_sdk=shouting \
                -i narrow";
    succeed(ampoule(project.path()).args(line.split_whitespace()));
    let component = project.path().join("index.wasm");
    let greeted = call(
        &component,
        "test:greeting/greeter#greet({first: \"Ada\", last: \"Lovelace\"})",
    );
    assert_eq!(greeted, "\"Hello, Ada!\"\n");
    let mut run = ampoule(project.path());
    let refused = run.arg("run").arg(&component).arg("answer()").output().unwrap();
    assert!(!refused.status.success(), "answer() is no export of the narrow world");
}

/// Environment, clocks and random numbers are those of the instance, not those of the build.
#[test]
fn an_instance_is_fresh() {
    let project = copy(&root().join("tests/apps/renewal"));
    succeed(ampoule(project.path()).arg("build"));
    let component = project.path().join("renewal.wasm");
    let number = |function: &str| call(&component, function).trim_end().parse::<f64>().expect("a number");
    let mut run = ampoule(project.path());
    run.args(["run", "--env", "FRESH=yes"])
        .arg(&component)
        .arg("environment(\"FRESH\")");
    assert_eq!(succeed(&mut run), "some(\"yes\")\n");
    assert_eq!(call(&component, "environment(\"FRESH\")"), "none\n");
    assert_ne!(number("draw()"), number("draw()"));
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs_f64();
    assert!((number("now()") - now).abs() < 600.0, "the clock is the host's");
    assert!(number("used()") < 60.0, "the processor time starts with the instance");
}

/// Builds a copy of an example; gives the path that `ampoule build` prints.
fn build(name: &str) -> (tempfile::TempDir, PathBuf) {
    let scratch = copy(&root().join("examples").join(name));
    let printed = succeed(ampoule(scratch.path()).arg("build"));
    let component = scratch.path().join(printed.trim_end());
    (scratch, component)
}

fn call(component: &std::path::Path, call: &str) -> String {
    let folder = component.parent().expect("the component is in a folder");
    succeed(ampoule(folder).arg("run").arg(component).arg(call))
}

/// Hashes have the seed that the build is given: the same in every instance, and another for another seed.
#[test]
fn hash_seed() {
    let project = copy(&root().join("examples/hello"));
    let app = "import sys, wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    def greet(self, name):\n        \
               return f\"{sys.flags.hash_randomization} {hash(name)}\"\n";
    std::fs::write(project.path().join("app.py"), app).unwrap();
    let hashed = |arguments: &[&str]| {
        succeed(ampoule(project.path()).arg("build").args(arguments));
        call(&project.path().join("hello.wasm"), "greet(\"Ada\")")
    };
    let plain = hashed(&[]);
    assert!(plain.starts_with("\"0 "), "{plain}");
    let seeded = hashed(&["--hash-seed", "7"]);
    assert!(seeded.starts_with("\"1 "), "{seeded}");
    assert_eq!(seeded, call(&project.path().join("hello.wasm"), "greet(\"Ada\")"));
    let from_inputs = hashed(&["--hash-seed", "from-inputs"]);
    assert!(from_inputs.starts_with("\"1 "), "{from_inputs}");
    let hashes = std::collections::BTreeSet::from([&plain[2..], &seeded[2..], &from_inputs[2..]]);
    assert_eq!(hashes.len(), 3, "{hashes:?}");
    let refused = ampoule(project.path())
        .args(["build", "--hash-seed", "x"])
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(2));
}
