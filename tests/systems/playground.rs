//! The page of `docs/playground`, made as its README says, and used in headless Chromium as a visitor does.
//!
//! The programs that are typed are in `tests/systems/hosts/playground.js`, beside the packages that it shares with other hosts.

use crate::hosts::{chromium, packages, path, run};
use ampoule_support::{ampoule, copy_into, root, scratch, succeed};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Command;

/// How long it may take until a program that was stopped has made room for another, in milliseconds.
const PATIENCE: f64 = 10_000.0;

#[test]
fn a_visitor_runs_programs() {
    let page = page();
    let pictures = page.join("pictures");
    std::fs::create_dir_all(&pictures).expect("the folder is ours");
    let arguments = ["playground.js", chromium(), path(&page), path(&pictures)];
    let said = run("node".as_ref(), &arguments, packages());
    assert!(!said.printed.contains("page error"), "{}", said.printed);
    let last = said.printed.lines().last().unwrap_or_default();
    let answers: Value = serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {last}"));

    check_programs(&answers["results"]);
    for (title, state) in answers["examples"].as_object().expect("there are examples") {
        let expected = if title == "A traceback" { "failed" } else { "done" };
        assert_eq!(state, expected, "{title}");
    }
    assert_eq!(
        answers["wide"],
        json!([]),
        "screens that a part of the page is too wide for"
    );
    for screen in ["light", "dark", "phone"] {
        let picture = std::fs::read(pictures.join(format!("{screen}.png"))).expect("there is a picture");
        assert!(picture.starts_with(b"\x89PNG"), "the picture is no PNG");
    }
}

/// What the page shows of each program.
fn check_programs(results: &Value) {
    let traceback = r#"Traceback (most recent call last):
  File "<editor>", line 4, in <module>
    fail()
    ~~~~^^
  File "<editor>", line 2, in fail
    raise ValueError('of the visitor')
ValueError: of the visitor
"#;
    let expected = [
        ("first", "stdout", json!("Hello, world!\nThis is cpython for wasi\n")),
        ("first", "kind", json!("list")),
        ("value", "stdout", json!("printed\n")),
        ("value", "kind", json!("dict")),
        ("value", "value", json!("{'a': [1, 2]}")),
        ("nothing", "state", json!("done")),
        ("nothing", "value", Value::Null),
        ("traceback", "traceback", json!(traceback)),
        ("traceback", "line", json!(2)),
        ("syntax", "status", json!("Failed in line 2")),
        ("syntax", "line", json!(2)),
        ("exit", "stdout", json!("so far\n")),
        ("exit", "traceback", json!("exit status 3\n")),
        ("end", "traceback", json!("exit status 1\n")),
        ("fresh", "value", json!("(False, False, '__main__')")),
        ("streams", "stdout", json!("zwölf 🐍\n")),
        ("streams", "stderr", json!("warned\n")),
        ("modules", "value", json!("True")),
        ("waiting", "value", json!("True")),
        ("surroundings", "value", json!("({}, [])")),
        ("endless", "state", json!("stopped")),
        ("endless", "stdout", json!("begun\n")),
        ("sleeping", "state", json!("stopped")),
        ("after", "value", json!("'and on'")),
        ("typed", "source", json!("def f(x):\n    return x\nf('<b>')")),
        ("typed", "value", json!("'<b>'")),
    ];
    for (program, key, value) in expected {
        assert_eq!(results[program][key], value, "{program}: {}", results[program]);
    }
    let says = |program: &str, key: &str, word: &str| {
        let text = results[program][key].as_str().unwrap_or_default();
        assert!(text.contains(word), "{program}: {}", results[program]);
    };
    says("depth", "traceback", "RecursionError: maximum recursion depth exceeded");
    says("flood", "left_out", "500,000 characters");
    for program in ["endless", "sleeping"] {
        let waited = results[program]["milliseconds"].as_f64();
        assert!(waited.is_some_and(|waited| waited < PATIENCE), "{program}: {waited:?}");
    }
    let figures = &results["after"]["figures"];
    for (place, unit) in [(0, "3."), (1, " MB"), (2, " ms"), (3, " ms")] {
        let figure = figures[place].as_str();
        assert!(figure.is_some_and(|figure| figure.contains(unit)), "{figures}");
    }
}

/// The folder of the page, with all that it loads.
fn page() -> PathBuf {
    let page = scratch().join("playground");
    copy_into(&root().join("docs/playground"), &page);
    succeed(ampoule(&page.join("app")).arg("build"));
    succeed(Command::new("node").arg(page.join("build.js")).arg(packages()));
    page
}
