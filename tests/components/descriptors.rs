//! /dev/null, and several descriptors of one open file.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// The functions of `tests/apps/descriptors/app.py`, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    (
        "null",
        "((100000, False, True), (3, b'', 0, 0), '', (True, 0, ['null'], False))",
    ),
    (
        "null_stays",
        "(['EPERM', 'EPERM', 'EPERM', 'EPERM', 'EEXIST', 'ENOTEMPTY'], True)",
    ),
    ("one_offset", "((b'34', b'56', False), b'89', 'EBADF', 'EBADF')"),
    ("whole", "((200000, 200000), 400000, 200000, 0)"),
    ("empty_path", "({'ENOENT'}, False, False)"),
    ("of_the_image", "True"),
    (
        "onto_another",
        "(True, b'one', (77, True), b'ne', 'EBADF', 'EBADF', 'EBADF')",
    ),
    ("captured", r"b'to the file\nand this'"),
    ("many", "(200, True)"),
    ("mapped", "b'Xbc'"),
    ("of_the_build", "True"),
];

fn built(lines: &str) -> App {
    let project = copy(&root().join("tests/apps/descriptors"));
    let file = project.path().join("pyproject.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + lines).unwrap();
    let printed = succeed(ampoule(project.path()).arg("build"));
    App::load(&project.path().join(printed.trim_end()))
}

/// What each function gives that should give something else.
fn wrong(check: impl Fn(&str) -> String) -> String {
    let found = CHECKS.iter().map(|(name, expected)| (name, expected, check(name)));
    found
        .filter(|(_, expected, found)| found != *expected)
        .map(|(name, expected, found)| format!("{name}\n  expected {expected}\n  found    {found}\n"))
        .collect()
}

#[test]
fn with_wasi() {
    let app = built("");
    let output = MemoryOutputPipe::new(1000);
    let context = || WasiCtx::builder().stdout(output.clone()).build();
    assert_eq!(wrong(|name| app.check(State::new(context()), name).unwrap()), "");
    assert_eq!(output.contents(), "to the host\n");
}

#[test]
fn files_of_the_host_are_read_and_written_whole() {
    let folder = tempfile::tempdir().unwrap();
    let mut context = WasiCtx::builder();
    context
        .preopened_dir(folder.path(), "/folder", FsPerms::ReadWrite)
        .unwrap();
    let found = built("").check(State::new(context.build()), "in_a_folder_of_the_host");
    assert_eq!(found.unwrap(), "((200000, 200000), 400000, 200000, 0)");
}

#[test]
fn without_a_host() {
    let app = built("wasi = \"none\"\n");
    assert_eq!(wrong(|name| app.check_alone(name).unwrap()), "");
}

/// The host's own is better, and its folder has more.
#[test]
fn a_host_that_has_devices_keeps_them() {
    let app = built("");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("dev")).unwrap();
    std::fs::write(folder.path().join("dev/null"), "").unwrap();
    std::fs::write(folder.path().join("dev/other"), "").unwrap();
    let mut context = WasiCtx::builder();
    context.preopened_dir(folder.path(), "/", FsPerms::ReadWrite).unwrap();
    assert_eq!(
        app.check(State::new(context.build()), "devices_of_the_host").unwrap(),
        "['null', 'other']"
    );
}
