//! How Python in a component is started: options, variables, and what `site` does.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use wasmtime_wasi::WasiCtx;

/// The app, built by `ampoule build` with these arguments and these lines more in its project file.
fn built(arguments: &[&str], lines: &str) -> App {
    let project = copy(&root().join("tests/apps/start"));
    let file = project.path().join("pyproject.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + lines).unwrap();
    // The weights of a model have the suffix of path files.
    std::fs::write(
        project.path().join("site-packages/weights.pth"),
        b"PK\x03\x04\0\xff\xfe",
    )
    .unwrap();
    let printed = succeed(ampoule(project.path()).arg("build").args(arguments));
    App::load(&project.path().join(printed.trim_end()))
}

fn check(app: &App, name: &str) -> String {
    app.check(State::new(WasiCtx::builder().build()), name)
        .expect("no check traps")
}

#[test]
fn as_on_linux_without_options() {
    let app = built(&[], "");
    assert_eq!(check(&app, "options"), "(0, False, 4300, {}, [], 0)");
    assert_eq!(
        check(&app, "own_code"),
        "[(True, True), (True, True), (True, True), True]"
    );
    assert_eq!(check(&app, "warning"), "nothing");
    assert_eq!(check(&app, "like_linux"), "(True, 0, 0, 0)");
    assert_eq!(check(&app, "leaving"), "3");
    assert_eq!(
        check(&app, "path_files"),
        "('/app/site-packages/vendored/hidden_away.py', '/app/site-packages/vendored', ['colorsys', 'hook'], 'sitecustomize')"
    );
    assert_eq!(
        check(&app, "namespace_package"),
        "('one', 'two', ['/app/site-packages/space', '/app/other/space'])"
    );
}

/// A traceback shows the lines of the stdlib, and `inspect` finds them, where its sources are in the component.
#[test]
fn sources_of_the_stdlib() {
    let found = check(&built(&[], ""), "stdlib_source");
    assert_eq!(found, "(['', ''], 'OSError: could not get source code')");
    let found = check(&built(&[], "stdlib-sources = true\n"), "stdlib_source");
    assert_eq!(
        found,
        "(['obj, end = self.raw_decode(s, idx=_w(s, 0).end())', 'raise JSONDecodeError(\"Expecting value\", s, err.value) from None'], \
         'class JSONDecoder(object):')"
    );
}

#[test]
fn optimised_code_has_neither_assertions_nor_docstrings() {
    let app = built(&["-O"], "");
    assert_eq!(check(&app, "options"), "(1, False, 4300, {}, [], 0)");
    assert_eq!(
        check(&app, "own_code"),
        "[(False, True), (False, True), (False, True), True]"
    );
    let app = built(&["-OO"], "");
    assert_eq!(
        check(&app, "own_code"),
        "[(False, False), (False, False), (False, False), False]"
    );
    // The host's environment comes too late for what Python reads at its start.
    let context = WasiCtx::builder().env("PYTHONOPTIMIZE", "0").build();
    assert!(app.check(State::new(context), "options").unwrap().starts_with("(2,"));
}

/// The options and variables of the project file come first, then those of the command line.
#[test]
fn options_and_variables() {
    let lines = "python-options = [\"-b\", \"-X dev\", \"-Werror::DeprecationWarning\"]\n\
                 python-variables = { PYTHONINTMAXSTRDIGITS = \"0\", PYTHONOPTIMIZE = \"1\" }\n";
    let app = built(&["-X", "own=1", "-W", "ignore::UserWarning"], lines);
    assert_eq!(
        check(&app, "options"),
        "(1, True, 0, {'dev': True, 'own': '1'}, ['default', 'error::DeprecationWarning', 'ignore::UserWarning', \
         'default::BytesWarning'], 1)"
    );
    assert_eq!(check(&app, "warning"), "DeprecationWarning: old");
}

#[test]
fn an_option_that_cannot_be_had_is_refused() {
    let project = copy(&root().join("tests/apps/start"));
    let refused = |arguments: &[&str]| {
        let output = ampoule(project.path()).arg("build").args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        ampoule_support::text(&output.stderr)
    };
    assert!(refused(&["-X", "pycache_prefix=/tmp"]).contains("bytecode is in the component"));
    assert!(refused(&["--python-variable", "PYTHONHASHSEED=1"]).contains("set by the key `hash-seed`"));
}

/// What an app replaces of Python counts for the app, not for what the build does with it.
#[test]
fn what_the_app_replaces() {
    let app = App::build("replacing");
    assert_eq!(
        check(&app, "replaced"),
        "((True, True, True, True), (True, [\"the app's own\"], []))"
    );
    assert_eq!(check(&app, "drawing"), "True");
}

/// The build says where a module is imported that no statement names, unless somebody has chosen what there is to be.
#[test]
fn computed_imports_are_noted() {
    let project = copy(&root().join("examples/hello"));
    let write = |file: &str, text: &str| std::fs::write(project.path().join(file), text).unwrap();
    // No earlier build of the same is in the cache, from which nothing is said.
    let app = format!("# {}\n", project.path().display());
    let app = app
        + "import importlib\n\n\nclass WitWorld:\n    def greet(self, name):\n        importlib.import_module(\"json\")\n        \
               return importlib.import_module(name).__name__ + str(eval(\"1\")) + str(self.eval(name))\n";
    write("app.py", &app);
    let said = || {
        let output = ampoule(project.path()).arg("build").output().unwrap();
        ampoule_support::text(&output.stderr)
    };
    let noted = said();
    let notes: Vec<&str> = noted.lines().filter(|line| line.starts_with("note: ")).collect();
    assert_eq!(notes.len(), 1, "{noted}");
    assert!(notes[0].contains("app.py:8: `import_module`"), "{noted}");
    let settings = std::fs::read_to_string(project.path().join("pyproject.toml")).unwrap();
    write("pyproject.toml", &(settings + "stdlib = \"auto\"\n"));
    let silent = said();
    assert!(!silent.contains("note: "), "{silent}");
}
