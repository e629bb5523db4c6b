//! `ampoule run`: each folder of `tests/cli/run/` has a component as text and a list of calls.
//!
//! A line of `calls.txt` is a call, or nothing, after flags and before the component's arguments: `--env A=B | call() | argument`.
//! `expected.txt` holds what each prints.

use ampoule_support::{ampoule, copy, program, root, succeed};
use ampoule_tests::golden;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn functions() {
    check("functions");
}

#[test]
fn calls() {
    check("calls");
}

#[test]
fn command() {
    check("command");
}

#[test]
fn imports() {
    check("imports");
}

/// What no host has comes from other components.
#[test]
fn stand_ins() {
    check("stand-ins");
}

#[test]
fn stand_ins_of_asynchronous_functions() {
    let scratch = copy(&root().join("tests/apps/warehouse"));
    for name in ["shop", "warehouse"] {
        let output = format!("{name}.wasm");
        succeed(ampoule(scratch.path()).args(["-d", "wit", "-w", name, "componentize", name, "-o", &output]));
    }
    let run = [
        "run",
        "--with",
        "warehouse.wasm",
        "shop.wasm",
        "total([\"tea\", \"milk\"])",
    ];
    assert_eq!(succeed(ampoule(scratch.path()).args(run)).trim(), "7");
}

fn check(name: &str) {
    let scratch = with_component(name);
    let case = root().join("tests/cli/run").join(name);
    let calls = std::fs::read_to_string(case.join("calls.txt")).expect("the calls can be read");
    let transcripts: Vec<String> = calls.lines().map(|line| transcript(scratch.path(), line)).collect();
    golden::check(&case.join("expected.txt"), &transcripts.join("\n")).unwrap_or_else(|error| panic!("{error}"));
}

/// A copy of a case, with its components in binary.
fn with_component(name: &str) -> tempfile::TempDir {
    let scratch = copy(&root().join("tests/cli/run").join(name));
    for entry in std::fs::read_dir(scratch.path()).expect("the case can be read") {
        let path = entry.expect("the case can be read").path();
        if path.extension().is_some_and(|extension| extension == "wat") {
            let component = wat::parse_file(&path).expect("the component can be encoded");
            std::fs::write(path.with_extension("wasm"), component).expect("the component can be written");
        }
    }
    scratch
}

/// One export and no instance: Wasmtime writes the names of an instance's exports in another order each time.
const ADD: &str = r#"(component
    (core module $module
        (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))
    (core instance $core (instantiate $module))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $core "add"))))"#;

/// What Wasmtime makes of a component is kept in the cache, and made again if it is damaged or cannot be kept.
#[test]
fn a_component_is_compiled_once() {
    let scratch = tempfile::tempdir().unwrap();
    let component = scratch.path().join("component.wasm");
    std::fs::write(&component, wat::parse_str(ADD).unwrap()).unwrap();
    let run = |cache: &Path| {
        let mut command = Command::new(program());
        command.arg("--cache").arg(cache).arg("run");
        succeed(command.arg(&component).arg("add(1, 2)"))
    };
    let cache = tempfile::tempdir().unwrap();
    let written = |file: &Path| std::fs::metadata(file).unwrap().modified().unwrap();
    assert_eq!(run(cache.path()), "3\n");
    let [compiled] = &compiled_in(cache.path())[..] else {
        panic!("one component is compiled: {:?}", compiled_in(cache.path()));
    };
    let (content, first) = (std::fs::read(compiled).unwrap(), written(compiled));
    assert_eq!(run(cache.path()), "3\n");
    assert_eq!(written(compiled), first);

    std::fs::write(compiled, &content[..content.len() / 2]).unwrap();
    assert_eq!(run(cache.path()), "3\n");
    assert!(std::fs::read(compiled).unwrap() == content, "it is whole again");
    assert_eq!(run(Path::new("/dev/null/nowhere")), "3\n");
}

/// The compiled components in a cache.
fn compiled_in(cache: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(cache.join("entries")).unwrap();
    let outputs = entries.map(|entry| entry.unwrap().path().join("outputs/component.cwasm"));
    outputs.filter(|output| output.is_file()).collect()
}

fn transcript(folder: &Path, line: &str) -> String {
    let parts: Vec<&str> = line.split('|').map(str::trim).collect();
    let (flags, call, arguments) = match parts[..] {
        [call] => ("", call, ""),
        [flags, call] => (flags, call, ""),
        [flags, call, arguments] => (flags, call, arguments),
        _ => panic!("a line has at most two bars: {line}"),
    };
    let mut command = ampoule(folder);
    command.arg("run").args(flags.split_whitespace()).arg("component.wasm");
    command.args(Some(call).filter(|call| !call.is_empty()));
    if !arguments.is_empty() {
        command.arg("--").args(arguments.split_whitespace());
    }
    let output = command.output().expect("ampoule can be started");
    format!("$ {line}\n{}", ampoule_support::transcript(&output))
}
