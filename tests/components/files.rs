//! The files inside a component: what Python finds there with no file system granted, and beside one that is.

use ampoule_support::component::{App, State};
use std::path::Path;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// The functions in `tests/apps/files/checks.py`, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("module_of_the_app", "/app/package/inner.py"),
    ("module_of_a_dependency", "/app/library/fourth/__init__.py (4, 5)"),
    ("module_of_the_stdlib", "1/2"),
    ("extension_of_the_stdlib", "b'squeezed'"),
    ("imported_by_a_c_module", "2024-02-29"),
    ("codec_by_name", "€ ä"),
    (
        "missing_module_of_the_stdlib",
        r#"ModuleNotFoundError: No module named 'plistlib' in this component: no import statement of the app leads to it; if the standard library has it, add `stdlib = ["plistlib"]` to [tool.ampoule] in pyproject.toml, or `--stdlib plistlib` to the command line"#,
    ),
    (
        "module_that_wasi_cannot_have",
        "ModuleNotFoundError: No module named 'syslog': Python has none for WASI",
    ),
    ("attributes_of_a_terminal", "['ENOTTY', 'EBADF']"),
    ("missing_module", "ModuleNotFoundError: No module named 'nowhere'"),
    (
        "missing_name_of_a_package",
        "ImportError: cannot import name 'nowhere' from 'json' (/lib/python3.13/json/__init__.pyc)",
    ),
    ("file_beside_the_module", "Grüß Gott"),
    ("bytes_by_seeking", r"(12, b'\xc3\xbc\xc3\x9f', 6, b'Got', b' Gott\n')"),
    ("resources", r#"(['empty', 'table.json'], '{"deep": [1, 2, 3]}', b'')"#),
    ("data_of_a_package", r#"b'{"deep": [1, 2, 3]}\n'"#),
    ("modules_of_a_package", "['package.inner']"),
    (
        "metadata",
        "('4.5', (4, 5), ['fourth-4.5.dist-info/METADATA', 'fourth-4.5.dist-info/RECORD', 'fourth-4.5.dist-info/entry_points.txt', 'fourth/__init__.py'])",
    ),
    ("configuration", "('wasi-0.0.0-wasm32', '.cpython-313-wasm32-wasi.so')"),
    (
        "source",
        r#"'def where():\n    """Name this file."""\n    return __file__\n'"#,
    ),
    (
        "traceback",
        r#"('os.stat("/app/nowhere")', "FileNotFoundError: [Errno 44] No such file or directory: '/app/nowhere'")"#,
    ),
    ("run_as_a_program", "['where']"),
    (
        "walk",
        "[('/app/package', ['__pycache__', 'texts'], ['__init__.py', 'inner.py']), ('/app/package/__pycache__', [], ['__init__.cpython-313.pyc', 'inner.cpython-313.pyc']), ('/app/package/texts', [], ['empty', 'table.json'])]",
    ),
    ("listing_of_the_root", "['app', 'bindings', 'lib']"),
    ("globbing", "['/app/package/texts/table.json']"),
    ("paths", "(['greeting.txt'], True, False, True)"),
    ("status", "(12, '0o10', '0o4', 315532800, True)"),
    ("times", "(True, True, 0)"),
    ("same_file", "(True, False)"),
    ("mapping", "((True, 7, 12), True, False)"),
    (
        "scan",
        "[('__init__.py', False, True, False), ('__pycache__', True, False, False), ('inner.py', False, True, False), ('texts', True, False, False)]",
    ),
    (
        "changes",
        "['EROFS', 'EROFS', 'EROFS', 'EROFS', 'EROFS', 'EEXIST', 'EROFS', 'EROFS', 'ENOENT', 'ENOTDIR', 'EROFS', 'EROFS', 'EROFS', 'EROFS', 'EROFS']",
    ),
    (
        "owners",
        "(['done', 'EPERM'], ['done', 'done', 'EPERM', 'EPERM'], 'ENOENT', 'done')",
    ),
    (
        "data_of_c",
        r"(b'\x02\x01\x00\x00', b'\x01', 4, 'WebAssembly cannot call a function whose type')",
    ),
    (
        "wrong_paths",
        "['ENOENT', 'ENOENT', 'ENOTDIR', 'ENOTDIR', 'EISDIR', 'EINVAL', 'ENOTDIR', 'done']",
    ),
    (
        "what_path_finder_finds",
        r"[('fractions',), ('json',), ('json.decoder',), ('zlib',), ('fourth',), ('package',), ('package.inner',), ('package.texts', 'not in the image', None), ('nowhere', 'not in the image', None), ('', 'not in the image', None), ('package/inner', 'not in the image', None), ('json\x00x', 'not in the image', None), ('\ud800', 'not in the image', None), ('aaaaaaaaaaaaaaaaaaaa', 'not in the image', None)]",
    ),
    ("copy_of_a_spec", "('/lib/python3.13/fractions.pyc', '<module>')"),
    (
        "finders_of_others",
        "(['fractions', 'decimal'], 'fractions', '/app/package/inner.py')",
    ),
    ("many_files", "True"),
];

#[test]
fn nothing_granted() {
    let app = App::build("files");
    let wrong: Vec<String> = CHECKS
        .iter()
        .map(|(name, expected)| (name, expected, check(&app, WasiCtx::builder().build(), name)))
        .filter(|(_, expected, found)| found != *expected)
        .map(|(name, expected, found)| format!("{name}\n  expected {expected}\n  found    {found}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The longest path wins, and the host's own folder at the same path.
#[test]
fn folders_of_the_host() {
    let app = App::build("files");
    let (host, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(data.path().join("theirs.txt"), "").unwrap();
    let mut context = WasiCtx::builder();
    let folders: [(&Path, &str); 2] = [(host.path(), "/host"), (data.path(), "/app/data")];
    for (folder, path) in folders {
        context.preopened_dir(folder, path, FsPerms::ReadWrite).unwrap();
    }
    let found = check(&app, context.build(), "folders_of_the_host");
    assert_eq!(found, "(['written'], ['theirs.txt'], 'EXDEV', True, True)");
    assert_eq!(std::fs::read_to_string(host.path().join("written")).unwrap(), "there");
}

/// A folder that only the host has is searched as soon as it is there, and the host's own in place of one of the app's.
#[test]
fn modules_of_the_host() {
    let app = App::build("files");
    let mut context = WasiCtx::builder();
    let folders = [("/plugins", "plugin.py"), ("/app/library", "fifth.py")].map(|(path, module)| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(module), "").unwrap();
        context.preopened_dir(folder.path(), path, FsPerms::ReadOnly).unwrap();
        folder
    });
    let found = check(&app, context.build(), "modules_of_the_host");
    assert_eq!(
        found,
        "('/plugins/plugin.py', '/app/library/fifth.py', \"No module named 'fourth'\")"
    );
    drop(folders);
}

/// The host may replace a package of the stdlib.
#[test]
fn a_package_of_the_host() {
    let app = App::build("files");
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("__init__.py"), "WHOSE = 'the host'").unwrap();
    let mut context = WasiCtx::builder();
    let path = "/lib/python3.13/json";
    context.preopened_dir(folder.path(), path, FsPerms::ReadOnly).unwrap();
    assert_eq!(
        check(&app, context.build(), "package_of_the_host"),
        "('/lib/python3.13/json/__init__.py', 'the host')"
    );
}

/// The host's folder `/` is beside the image, not in its place.
#[test]
fn a_root_of_the_host() {
    let app = App::build("files");
    let host = tempfile::tempdir().unwrap();
    std::fs::create_dir(host.path().join("app")).unwrap();
    let mut context = WasiCtx::builder();
    context.preopened_dir(host.path(), "/", FsPerms::ReadWrite).unwrap();
    assert_eq!(check(&app, context.build(), "file_beside_the_module"), "Grüß Gott");
    let mut context = WasiCtx::builder();
    context.preopened_dir(host.path(), "/", FsPerms::ReadWrite).unwrap();
    assert_eq!(check(&app, context.build(), "listing_of_the_root"), "['app']");
}

/// Calls a check in a new instance.
fn check(app: &App, context: WasiCtx, name: &str) -> String {
    app.check(State::new(context), name).expect("no check traps")
}
