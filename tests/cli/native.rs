//! Tests of asynchronous apps as their authors write them: pytest, with the bindings that `ampoule bindings` writes. And what type checkers
//! say of these.

use ampoule_support::{ampoule, copy, root, scratch, succeed};
use ampoule_tests::python_with;
use std::path::{Path, PathBuf};
use std::process::Command;

/// An app with its bindings.
fn bound(app: &str) -> tempfile::TempDir {
    let folder = copy(&root().join(app));
    succeed(ampoule(folder.path()).args(["-d", "wit", "-w", "asynchronous", "bindings", "."]));
    folder
}

/// Runs a file of `tests/cli/native/` beside an app; warnings are errors.
fn pytest(app: &str, file: &str) {
    let folder = bound(app);
    let tests = root().join("tests/cli/native").join(file);
    std::fs::copy(tests, folder.path().join(file)).expect("the folder is ours");
    let mut python = tool("python");
    python.args(["-B", "-m", "pytest", "-p", "no:cacheprovider", "-W", "error"]);
    succeed(python.current_dir(folder.path()));
}

/// A program of Python's packages.
fn tool(name: &str) -> Command {
    Command::new(python_with(&scratch(), &["pytest==9.2.0", "mypy==2.4.1"]).join(name))
}

#[test]
fn checks_of_the_component() {
    pytest("tests/apps/asynchronous", "test_checks.py");
}

#[test]
fn pairs() {
    pytest("tests/apps/asynchronous", "test_pairs.py");
}

#[test]
fn the_example() {
    pytest("examples/asynchronous", "test_example.py");
}

#[test]
fn mypy() {
    let folder = bound("examples/asynchronous");
    let mut mypy = tool("mypy");
    mypy.args(["--strict", "--explicit-package-bases", "--python-version", "3.13", "."]);
    succeed(mypy.current_dir(folder.path()));
}

#[test]
fn pyright() {
    let folder = bound("examples/asynchronous");
    let mut pyright = Command::new(node_modules().join(".bin/pyright"));
    pyright.args(["--warnings", "--pythonversion", "3.13", "."]);
    succeed(pyright.current_dir(folder.path()));
}

/// The packages of the lock file in `tests/cli/native/`, installed once.
fn node_modules() -> PathBuf {
    let folder = scratch().join("native");
    let modules = folder.join("node_modules");
    let lock = std::fs::read(root().join("tests/cli/native/package-lock.json")).expect("the lock file can be read");
    let installed = modules.join("installed-lock.json");
    if std::fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return modules;
    }
    std::fs::create_dir_all(&folder).expect("the folder is ours");
    for name in ["package.json", "package-lock.json"] {
        let file: &Path = &root().join("tests/cli/native").join(name);
        std::fs::copy(file, folder.join(name)).expect("the folder is ours");
    }
    let mut npm = Command::new("npm");
    succeed(npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(&folder));
    std::fs::write(installed, lock).expect("the folder is ours");
    modules
}
