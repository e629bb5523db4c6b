//! `ampoule report` on the example hello, and components that are larger than their budget.

use ampoule_support::{ampoule, copy, root, succeed, text};
use serde_json::Value;
use std::path::Path;

/// The project in a new folder.
fn hello() -> tempfile::TempDir {
    copy(&root().join("examples/hello"))
}

fn json(folder: &Path) -> String {
    succeed(ampoule(folder).args(["report", "--json"]))
}

/// The bytes of the parts that have no others in them.
fn leaves(part: &Value) -> u64 {
    match part["parts"].as_array() {
        Some(parts) => parts.iter().map(leaves).sum(),
        None => part["bytes"].as_u64().expect("each part has a size"),
    }
}

/// The part at the end of a way of names.
fn find<'p>(part: &'p Value, way: &[&str]) -> Option<&'p Value> {
    way.iter().try_fold(part, |part, name| {
        part["parts"].as_array()?.iter().find(|part| part["name"] == *name)
    })
}

#[test]
fn all_bytes_of_the_component_have_an_origin() {
    let folder = hello();
    succeed(ampoule(folder.path()).arg("build"));
    let report: Value = serde_json::from_str(&json(folder.path())).expect("it is JSON");
    let parts = &report["parts"];
    let size = std::fs::metadata(folder.path().join("hello.wasm"))
        .expect("it is built")
        .len();
    assert_eq!((leaves(parts), parts["bytes"].as_u64()), (size, Some(size)));
    let bytes = |way: &[&str]| {
        find(parts, way)
            .and_then(|part| part["bytes"].as_u64())
            .unwrap_or_default()
    };
    assert!(bytes(&["Interpreter", "code", "Objects", "unicodeobject.c"]) > 100_000);
    assert_eq!(
        bytes(&["Interpreter", "code", "other"]),
        0,
        "functions whose source is not known"
    );
    assert!(bytes(&["Standard library", "native modules", "math"]) > 20_000);
    assert!(bytes(&["Heap", "objects as Python starts"]) > 200_000);
    assert!(bytes(&["Heap", "code of modules", "Standard library", "enum.py"]) > 30_000);
    assert!(bytes(&["Heap", "code of modules", "App", "app.py"]) > 100);
    assert!(bytes(&["World", "bindings", "wit_world"]) > 0);
    let app = find(parts, &["App", "app.py"]).expect("the app's file is a part");
    let action = &report["actions"][app["provenance"]["action"].as_u64().expect("an action took it in") as usize];
    assert_eq!(action["stage"], "compile");
    let inputs = action["inputs"].as_array().expect("it has inputs");
    let input = inputs
        .iter()
        .find(|input| input["name"] == "/app/app.py")
        .expect("it reads the app");
    assert_eq!(input["digest"], app["provenance"]["digest"]);
}

#[test]
fn what_grew_since_the_build_before_is_named() {
    let folder = hello();
    let report = || serde_json::from_str::<Value>(&json(folder.path())).expect("it is JSON");
    succeed(ampoule(folder.path()).arg("build"));
    assert!(report()["changes"].is_null(), "there was no build before");
    let size = report()["parts"]["bytes"].clone();
    std::fs::write(folder.path().join("notes.txt"), "x".repeat(500)).expect("a file can be written");
    succeed(ampoule(folder.path()).arg("build"));
    let grown = report();
    let changes = &grown["changes"];
    assert_eq!(changes["bytes"], size);
    let parts = changes["parts"].as_array().expect("parts have changed");
    let notes = parts
        .iter()
        .find(|part| part["way"] == serde_json::json!(["App", "notes.txt"]))
        .unwrap_or_else(|| panic!("{parts:?}"));
    assert_eq!(notes["before"], 0);
    assert_ne!(notes["now"], 0);
}

#[test]
fn imports_are_of_those_who_need_them() {
    let folder = hello();
    let app = folder.path().join("app.py");
    let plain: Value = serde_json::from_str(&json(folder.path())).expect("it is JSON");
    let source = std::fs::read_to_string(&app).expect("the app can be read");
    // The folder's name is another in each run, so that the cache of an earlier one does not have what is built.
    let changed = format!("import socket\n{source}# {}\n", folder.path().display());
    std::fs::write(&app, changed).expect("the app can be written");
    let report: Value = serde_json::from_str(&json(folder.path())).expect("it is JSON");
    let of = |report: &Value, name: &str| {
        let imports = report["imports"].as_array().expect("there are imports").clone();
        let import = imports
            .into_iter()
            .find(|import| import["name"].as_str().is_some_and(|own| own.starts_with(name)));
        import.map(|import| import["needed_by"].clone())
    };
    assert_eq!(of(&plain, "wasi:sockets/"), None);
    assert_eq!(
        of(&plain, "wasi:cli/environment@"),
        Some(serde_json::json!(["interpreter"]))
    );
    let statement = serde_json::json!([{ "module": ["_socket", ["/app/app.py:1: import socket"]] }]);
    assert_eq!(of(&report, "wasi:sockets/tcp@"), Some(statement));
    let stages = report["stages"].as_array().expect("there are stages");
    let compile = stages
        .iter()
        .find(|stage| stage["stage"] == "compile")
        .expect("it is one of them");
    assert_ne!(compile["reasons"], serde_json::json!([]), "{compile}");
}

#[test]
fn the_page_is_the_same_each_time_and_no_part_of_the_app() {
    let folder = hello();
    let page = || {
        let printed = succeed(ampoule(folder.path()).arg("report"));
        assert_eq!(printed, "hello.report.html\n");
        std::fs::read_to_string(folder.path().join("hello.report.html")).expect("the page is there")
    };
    let first = page();
    assert_eq!(page(), first);
    assert!(first.contains("\"name\":\"hello.wasm\"") && first.ends_with("</html>\n"));
    let path = folder.path().to_str().expect("the path is Unicode");
    for absolute in [path, "/entries/", "\"/tmp", "\"/home"] {
        assert!(!first.contains(absolute), "{absolute}");
    }
    let inside = ampoule(folder.path())
        .args(["report", "-o", "other.html"])
        .output()
        .expect("it can be started");
    assert!(
        text(&inside.stderr).contains("whose files become part of the component"),
        "{}",
        text(&inside.stderr)
    );
}

#[test]
fn a_component_above_its_budget_is_not_written() {
    let folder = hello();
    let project = folder.path().join("pyproject.toml");
    let table = std::fs::read_to_string(&project).expect("the project can be read");
    let build = |budget: &str| {
        std::fs::write(&project, format!("{table}\n[tool.ampoule.budget]\n{budget}\n")).expect("it can be written");
        let output = ampoule(folder.path()).arg("build").output().expect("it can be started");
        let message = text(&output.stderr);
        (
            output.status.success(),
            message.split_whitespace().collect::<Vec<_>>().join(" "),
        )
    };
    let (is_built, message) = build("raw = \"1 MB\"");
    assert!(!is_built && !folder.path().join("hello.wasm").exists());
    assert!(message.contains("and `budget.raw` allows 1 000 000;"), "{message}");
    for cause in ["heap (", "interpreter ("] {
        assert!(message.contains(cause), "{cause}: {message}");
    }
    assert_ne!(json(folder.path()), "", "what is too large can be looked at");
    let (is_built, message) = build("zstd = 100_000");
    assert!(!is_built && message.contains("compressed by Zstandard"), "{message}");
    let (is_built, message) = build("raw = \"1 potato\"");
    assert!(!is_built && message.contains("`1 potato` is no size"), "{message}");
    let (is_built, message) = build("raw = \"50 MiB\"");
    assert!(is_built && folder.path().join("hello.wasm").exists(), "{message}");
}
