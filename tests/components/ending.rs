//! How an instance ends that does not go on: what the host and the user see.

use ampoule_support::{copy, root, succeed, text};
use std::path::Path;
use std::process::Output;

#[test]
fn a_world_with_exit_with_code_gets_the_code() {
    let project = project("ending", &[]);
    let output = run(project.path(), "leave(7)");
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(text(&output.stdout), "at exit\n");
    assert_eq!(run(project.path(), "leave(0)").status.code(), Some(0));
}

#[test]
fn another_world_tells_success_from_failure() {
    let project = project("plain", &[]);
    assert_eq!(run(project.path(), "leave(7)").status.code(), Some(1));
    assert_eq!(run(project.path(), "leave(0)").status.code(), Some(0));
}

#[test]
fn an_exception_traps_or_exits_as_chosen() {
    let traps = run(project("plain", &[]).path(), "fail()");
    let exits = run(project("plain", &["--on-exception", "exit"]).path(), "fail()");
    for output in [&traps, &exits] {
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains("raise ValueError(\"not today\")"), "{said}");
        assert!(said.contains("ValueError: not today"), "{said}");
    }
    assert_eq!(text(&traps.stdout), "at exit\n");
    assert!(text(&traps.stderr).contains("unreachable"));
    assert!(!text(&exits.stderr).contains("unreachable"));
}

#[test]
fn a_command_ends_with_its_exit_functions() {
    let project = project("program", &[]);
    let output = ampoule_support::ampoule(project.path())
        .args(["run", "index.wasm"])
        .output();
    let printed = output.expect("ampoule can be started").stdout;
    assert_eq!(text(&printed), "running\nregistered in the run\nat exit\n");
}

fn project(world: &str, flags: &[&str]) -> tempfile::TempDir {
    let project = copy(&root().join("tests/apps/ending"));
    let mut ampoule = ampoule_support::ampoule(project.path());
    ampoule.args(["-q", "-w", world, "componentize", "app"]);
    succeed(ampoule.args(flags));
    project
}

fn run(project: &Path, call: &str) -> Output {
    let mut ampoule = ampoule_support::ampoule(project);
    ampoule.args(["run", "index.wasm", call]);
    ampoule.output().expect("ampoule can be started")
}
