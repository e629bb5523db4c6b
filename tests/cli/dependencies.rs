//! Dependencies from locks: well-known packages inside a component, and what a user sees who locks what cannot be installed.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use wasmtime_wasi::WasiCtx;

/// The functions in `tests/apps/dependencies/checks.py`, each with what it gives.
const CHECKS: &[(&str, &str)] = &[
    ("anyio", "[0, 1, 2]"),
    ("arrow", "2025-02-28T10:00:00+00:00"),
    ("attrs", "Point(x=1, y=3) True"),
    ("beautifulsoup4", "two 2"),
    ("cachetools", "['b', 'c']"),
    ("certifi", "certificates"),
    ("charset_normalizer", "utf_8"),
    ("click", "Hello Ada! Hello Ada!"),
    ("dateutil", "29.02. 31.03."),
    ("docutils", "<p><em>so</em> it is</p>"),
    ("flask", "200 {'total': 6}"),
    ("idna", "xn--kln-sna.example"),
    ("itsdangerous", "{'user': 1}"),
    ("jinja2", "&lt;b&gt;;a;"),
    ("lark", "42"),
    (
        "markdown",
        "<h1>T</h1><table><thead><tr><th>a</th></tr></thead><tbody><tr><td>1</td></tr></tbody></table>",
    ),
    ("marshmallow", "['born', 'name'] 1815-12-10"),
    ("mistune", "<p><strong>so</strong> it is</p>"),
    ("more_itertools", "[[0, 1], [2, 3], [4]]"),
    ("networkx", "['a', 'b', 'c']"),
    ("packaging", "True"),
    ("pydantic", r#"{"x": 3, "y": 0} ('x',)"#),
    (
        "pygments",
        r#"<span class="n">x</span> <span class="o">=</span> <span class="mi">1</span>"#,
    ),
    ("pyparsing", "['x', '=', '12']"),
    ("requests", "http://example.com/a%20b?q=%C3%A4"),
    ("rich", "│ x    │ 1     │"),
    ("simplejson", r#"{"x": 1.10}"#),
    ("six", "True a%20b"),
    ("sortedcontainers", "['a', 'b']"),
    ("sqlalchemy", "['Ada', 'Grace']"),
    ("tabulate", "| a | 1 |"),
    ("tinydb", "[{'n': 2}]"),
    ("tqdm", "6"),
    ("tzdata", "2024-07-01T12:00:00+02:00"),
    ("werkzeug", "['1', '2']"),
    ("versions", "1.17.0 False main 6"),
];

/// A requirements file with the hash of one wheel, as tools write it.
const REQUIREMENTS: &str = "\
six==1.17.0 ; python_version >= '3.9' \\
    --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274 \\
    --hash=sha256:ff70335d468e7eb6ec65b95b99d3a2836546063f63acc5171de367e834932a81
    # via the app
colorama==0.4.6 ; sys_platform == 'win32' --hash=sha256:4f1d9991f5acc0ca119f9d443620b77f9d6b33703e51011c16baf57afb285fc6
";

/// Hello with a requirements file: what it greets "!" with.
fn greeting(app: &str) -> String {
    let project = copy(&root().join("examples/hello"));
    let write = |file: &str, text: &str| std::fs::write(project.path().join(file), text).expect("the file is written");
    let settings = "[tool.ampoule]\nworld = \"hello\"\nrequirements = \"requirements.txt\"\n";
    write("pyproject.toml", settings);
    write("requirements.txt", REQUIREMENTS);
    write("app.py", app);
    let printed = succeed(ampoule(project.path()).arg("build"));
    // What is there already needs no index.
    succeed(ampoule(project.path()).args(["build", "--offline"]));
    let component = project.path().join(printed.trim_end());
    let said = succeed(ampoule(project.path()).arg("run").arg(&component).arg("greet(\"!\")"));
    said.trim_end().to_string()
}

#[test]
fn a_requirements_file_is_a_lock_too() {
    let app = "import six, wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    def greet(self, name):\n        return six.__version__ + name\n";
    assert_eq!(greeting(app), "\"1.17.0!\"");
}

/// References to what an imported package consists of are not counted, so that instances share its memory.
#[test]
fn what_packages_consist_of_lasts() {
    let app = "import six, sys, wit_world


class WitWorld(wit_world.WitWorld):
    def greet(self, name):
        parts = (six.ensure_str, six.ensure_str.__code__, six.Iterator, vars(six))
        return str([sys.getrefcount(part) == sys.getrefcount(None) for part in (*parts, WitWorld)])
";
    assert_eq!(greeting(app), "\"[True, True, True, True, False]\"");
}

#[test]
fn well_known_packages_work() {
    let app = App::build("dependencies");
    let mut wrong = Vec::new();
    for (name, expected) in CHECKS {
        let found = app.check(State::new(WasiCtx::builder().build()), name);
        let found = found.unwrap_or_else(|error| format!("{error:?}"));
        if found != *expected {
            wrong.push(format!("{name}: {found}\n  expected: {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
