//! What is generated for the cases is formatted as `ruff format` does it, and passes `mypy --strict`.
//!
//! The tools come through pip, into a virtual environment below the target folder.

use crate::support;

use ampoule_action::Console;
use std::path::Path;
use std::process::Command;

/// The tools, in versions whose verdicts are known.
const TOOLS: [&str; 2] = ["mypy==2.4.1", "ruff==0.17.6"];

#[test]
fn formatters_and_type_checkers_have_nothing_to_say() {
    let tools = ampoule_tests::python_with(Path::new(env!("CARGO_TARGET_TMPDIR")), &TOOLS);
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let mut stubs = Vec::new();
    for case in support::cases() {
        let name = case.file_name().expect("a case has a name").to_owned();
        if case.join("error.txt").exists() {
            continue;
        }
        generate(&case, &scratch.path().join("real").join(&name), false);
        let folder = scratch.path().join("stubs").join(&name);
        generate(&case, &folder, true);
        stubs.push(folder);
    }
    assert!(!stubs.is_empty());
    succeed(
        Command::new(tools.join("ruff"))
            .args(["format", "--check", "--no-cache"])
            .arg(scratch.path()),
    );
    for folder in stubs {
        let cache = scratch.path().join("mypy");
        let mut mypy = Command::new(tools.join("mypy"));
        mypy.args([
            "--strict",
            "--explicit-package-bases",
            "--python-version",
            ampoule_image::SERIES,
        ]);
        // It calls WASI's interfaces, of which the case has nothing but the names.
        mypy.args(["--exclude", "^poll_loop[.]py$"]);
        succeed(mypy.arg("--cache-dir").arg(cache).arg(".").current_dir(folder));
    }
}

fn generate(case: &Path, output: &Path, stubs: bool) {
    let mut stage = support::stage(case, output);
    stage.stubs = stubs;
    ampoule_action::run(&stage, None, &Console::quiet()).expect("the case can be bound");
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the program can be started");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
}
