//! A command of WASI 0.3, `tests/apps/asynchronous-command`, which `ampoule run` runs.

use ampoule_support::{ampoule, copy, root, succeed, text};
use std::io::Write;
use std::process::{Output, Stdio};
use std::sync::OnceLock;

/// The command, with one of the functions in `app.py` and what is typed.
fn run(function: &str, typed: &[u8]) -> Output {
    static PROJECT: OnceLock<tempfile::TempDir> = OnceLock::new();
    let project = PROJECT.get_or_init(|| {
        let project = copy(&root().join("tests/apps/asynchronous-command"));
        succeed(ampoule(project.path()).args(["build", "-o", "command.wasm"]));
        project
    });
    let mut command = ampoule(project.path());
    command.args(["run", "command.wasm", "--", function]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program can be started");
    let mut stdin = child.stdin.take().expect("it is piped");
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.write_all(typed));
        child.wait_with_output().expect("it ends")
    })
}

#[test]
fn each_way_to_end() {
    for (function, code, printed) in [
        ("prints", 0, "printed\nat exit\n"),
        ("exits", 3, "at exit\n"),
        ("exits_at_once", 3, "at exit\n"),
        ("exits_in_a_task", 3, "at exit\n"),
        ("raises", 1, "at exit\n"),
        ("fails", 1, "at exit\n"),
        ("leaves_tasks", 0, "cancelled\nat exit\n"),
    ] {
        let output = run(function, b"");
        let found = (output.status.code(), text(&output.stdout));
        assert_eq!(
            found,
            (Some(code), printed.to_string()),
            "{function}: {}",
            text(&output.stderr)
        );
        let is_traced = text(&output.stderr).contains("ValueError: not today");
        assert_eq!(is_traced, function == "raises");
        let is_lost = text(&output.stderr).contains("never retrieved");
        assert!(!is_lost, "{function}: {}", text(&output.stderr));
    }
}

#[test]
fn what_it_spawns_ends_first() {
    let output = run("spawns", b"");
    let numbers: String = (0..1000).map(|number| format!("{number}\n")).collect();
    assert_eq!(text(&output.stdout), numbers + "Ok(value=None)\nat exit\n");
}

#[test]
fn its_input_is_its_output() {
    let typed = b"typed ".repeat(50_000);
    let output = run("copies", &typed);
    assert_eq!(
        text(&output.stdout),
        text(&typed) + "Ok(value=None) Ok(value=None)\nat exit\n"
    );
}
