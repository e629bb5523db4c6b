//! The snapshot is taken of the interpreter and the side modules as separate instances; the fused module must come to the same state.

use ampoule_support::{ampoule, copy, root, succeed, text};
use std::path::Path;

/// Echo has a world with every type, and extension modules of the stdlib.
#[test]
fn the_split_run_and_the_fused_module_leave_the_same_state() {
    for example in ["hello", "echo"] {
        let project = copy(&root().join("examples").join(example));
        succeed(ampoule(project.path()).args(["build", "--verify-fused"]));
    }
}

/// An action for each extension module, which a change of the app does not run again.
#[test]
fn a_change_of_the_app_compiles_no_extension() {
    let project = copy(&root().join("examples/extension"));
    build(project.path());
    let app = project.path().join("app.py");
    let source = std::fs::read_to_string(&app).unwrap();
    std::fs::write(&app, format!("{source}# changed {:?}\n", std::time::SystemTime::now())).unwrap();
    let steps = build(project.path());
    assert_eq!(
        steps,
        [("precompile", "cache"), ("precompile", "cache"), ("snapshot", "built")].map(owned)
    );
}

fn owned((stage, from): (&str, &str)) -> (String, String) {
    (stage.to_owned(), from.to_owned())
}

/// Builds a project; says of the stages that compile and run its extension modules whether they were in the cache.
fn build(project: &Path) -> Vec<(String, String)> {
    let output = ampoule(project).arg("build").output().unwrap();
    let shown = text(&output.stderr);
    assert!(output.status.success(), "{shown}");
    let steps = shown.lines().filter_map(|line| {
        let stage = line.split_whitespace().next()?;
        let from = line.split_whitespace().next_back()?;
        matches!(stage, "precompile" | "snapshot").then(|| owned((stage, from)))
    });
    steps.collect()
}
