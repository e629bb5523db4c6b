//! /tmp: in the memory of an instance, or the host's.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use std::path::Path;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// The functions of `tests/apps/temporary/app.py`, each with what it gives where nothing is granted.
const CHECKS: &[(&str, &str)] = &[
    ("of_the_build", "('from the build!', True)"),
    ("named", "('/tmp', 2000, True, 2000)"),
    ("spooled", "(50, True)"),
    ("anonymous", "(b'b', 2, 1)"),
    (
        "folders",
        "([('.', []), ('a', ['three']), ('a/b', ['four']), ('copy', ['three']), ('copy/b', ['four'])], 'two', (1.0, 2.0), False)",
    ),
    ("appending", r"(b'1ab212\x00\x00z', b'12\x00')"),
    ("mapped", "b'aBCdef'"),
    ("database", "(49995000,)"),
    (
        "errors",
        "['ENOENT', 'ENOENT', 'EEXIST', 'ENOTDIR', 'EISDIR', 'EEXIST', 'ENOTEMPTY', 'ENOTDIR', 'EISDIR', 'ENOENT', 'EINVAL', 'EXDEV', 'ENOTSUP', 'ENOTEMPTY']",
    ),
    ("times", "True"),
];

/// The app, built with these lines more in its project file.
fn built(lines: &str) -> App {
    let project = copy(&root().join("tests/apps/temporary"));
    let file = project.path().join("pyproject.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + lines).unwrap();
    let printed = succeed(ampoule(project.path()).arg("build"));
    App::load(&project.path().join(printed.trim_end()))
}

#[test]
fn in_memory() {
    let app = built("");
    let wrong: Vec<String> = CHECKS
        .iter()
        .map(|(name, expected)| (name, expected, check(&app, WasiCtx::builder().build(), name)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(name, expected, found)| format!("{name}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn within_a_limit() {
    let app = built("temporary-files = 1\n");
    let nothing = || WasiCtx::builder().build();
    let full = "[('ENOSPC', True), ('ENOSPC', True), ('ENOSPC', True), ('ENOSPC', True), ('ENOSPC', True)]";
    assert_eq!(check(&app, nothing(), "filling"), full);
    let mut instance = app.start(State::new(nothing())).expect("it starts");
    assert_eq!(instance.check("filling").unwrap(), full);
    let settled = instance.memory();
    for _ in 0..20 {
        assert_eq!(instance.check("filling").unwrap(), full);
    }
    assert_eq!(instance.memory(), settled, "what is removed is freed");
}

/// The host's own folder is better than memory, whether it is granted alone or with what is above it.
#[test]
fn of_the_host() {
    let app = built("");
    for (folder, path) in [("", "/tmp"), ("tmp", "/")] {
        let host = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(host.path().join(folder)).unwrap();
        let mut context = WasiCtx::builder();
        context.preopened_dir(host.path(), path, FsPerms::ReadWrite).unwrap();
        assert_eq!(check(&app, context.build(), "of_the_host"), "['written']", "{path}");
        let written: &Path = &host.path().join(folder).join("written");
        assert_eq!(std::fs::read_to_string(written).unwrap(), "there");
    }
}

fn check(app: &App, context: WasiCtx, name: &str) -> String {
    app.check(State::new(context), name).expect("no check traps")
}
