//! `ampoule run`: each folder of `tests/cli/run/` has a component as text and a list of calls.
//!
//! A line of `calls.txt` is a call, or nothing, after flags and before the component's arguments: `--env A=B | call() | argument`.
//! `expected.txt` holds what each prints.

use ampoule_support::{ampoule, copy, root};
use ampoule_tests::golden;
use std::path::Path;

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

fn check(name: &str) {
    let case = root().join("tests/cli/run").join(name);
    let scratch = copy(&case);
    let component = wat::parse_file(case.join("component.wat")).expect("the component can be encoded");
    std::fs::write(scratch.path().join("component.wasm"), component).expect("the component can be written");
    let calls = std::fs::read_to_string(case.join("calls.txt")).expect("the calls can be read");
    let transcripts: Vec<String> = calls.lines().map(|line| transcript(scratch.path(), line)).collect();
    golden::check(&case.join("expected.txt"), &transcripts.join("\n")).unwrap_or_else(|error| panic!("{error}"));
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
