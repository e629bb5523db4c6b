//! The apps that docs/python.md and docs/async.md show are built, and their native tests pass.

use crate::composition::compose;
use ampoule_support::{ampoule, root, scratch, succeed, text};
use ampoule_tests::python_with;
use std::path::Path;
use std::process::Command;
use wasm_encoder::ComponentExportKind;

/// A page of the documentation.
struct Page(String);

impl Page {
    fn read(name: &str) -> Page {
        Page(std::fs::read_to_string(root().join("docs").join(name)).expect("the page can be read"))
    }

    /// The blocks of a language, in their order.
    fn blocks(&self, language: &str) -> Vec<&str> {
        let opening = format!("```{language}\n");
        let parts: Vec<&str> = self.0.split(&opening).skip(1).collect();
        let contents = parts.into_iter().map(|part| part.split("```").next());
        contents.map(Option::unwrap_or_default).collect()
    }
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    std::fs::create_dir(scratch.path().join("wit")).expect("the folder is ours");
    for (name, content) in files {
        std::fs::write(scratch.path().join(name), content).expect("the folder is ours");
    }
    scratch
}

fn pytest(folder: &Path) {
    let mut python = Command::new(python_with(&scratch(), &["pytest==9.2.0"]).join("python"));
    python.args(["-B", "-m", "pytest", "-p", "no:cacheprovider", "-W", "error"]);
    succeed(python.current_dir(folder));
}

#[test]
fn the_app_of_the_guide_works() {
    let page = Page::read("python.md");
    let python = page.blocks("python");
    let scratch = folder(&[
        ("wit/shop.wit", page.blocks("wit")[0]),
        ("app.py", python[0]),
        ("test_app.py", python[1]),
    ]);
    let folder = scratch.path();
    succeed(ampoule(folder).args(["componentize", "app", "-o", "shop.wasm"]));
    succeed(ampoule(folder).args(["bindings", "."]));
    pytest(folder);

    // Without the replacement, the binding says what it is.
    let alone = "import app; app.WitWorld().offer('tea')";
    let output = Command::new("python3")
        .args(["-B", "-c", alone])
        .current_dir(folder)
        .output();
    let complaint = text(&output.expect("python3 can be started").stderr);
    assert!(complaint.contains("NotImplementedError"), "{complaint}");
}

/// All snippets of the page are one app, another one behind it, and its tests.
#[test]
fn the_asynchronous_app_works() {
    let page = Page::read("async.md");
    let python = page.blocks("python");
    let [app, warehouse, methods @ .., test] = &python[..] else {
        panic!("the page has these blocks");
    };
    let scratch = folder(&[
        ("wit/shop.wit", page.blocks("wit")[0]),
        ("app.py", &with_methods(app, methods)),
        ("warehouse.py", warehouse),
        ("test_app.py", test),
    ]);
    let folder = scratch.path();
    for (world, app) in [("shop", "app"), ("warehouse", "warehouse")] {
        let output = format!("{world}.wasm");
        succeed(ampoule(folder).args(["-w", world, "componentize", app, "-o", &output]));
    }
    let read = |name: &str| std::fs::read(folder.join(name)).expect("it was built");
    let functions = ["total", "amount-in-time", "wait"].map(|name| (name, ComponentExportKind::Func));
    let composed = compose(
        &read("warehouse.wasm"),
        &read("shop.wasm"),
        "demo:shop/stock",
        &functions,
    );
    std::fs::write(folder.join("composed.wasm"), composed).expect("the folder is ours");
    let call = |call: &str| succeed(ampoule(folder).args(["run", "composed.wasm", call]));
    assert_eq!(call("total([\"tea\", \"rice\"])"), "7\n");
    assert_eq!(call("amount-in-time(\"tea\", 60000)"), "ok(3)\n");
    assert_eq!(
        call("amount-in-time(\"tea\", 0)"),
        "err(\"nobody has counted tea in time\")\n"
    );
    assert!(call("wait(30)").trim_end().parse::<u32>().expect("a number") >= 30);

    succeed(ampoule(folder).args(["-w", "shop", "bindings", "."]));
    pytest(folder);
}

/// A module that ends with a class, with more methods of that; what they import stands at its top.
fn with_methods(module: &str, methods: &[&str]) -> String {
    let is_import = |line: &&str| line.starts_with("import ") || line.starts_with("from ");
    let lines = || methods.iter().flat_map(|method| method.lines());
    let imports = lines().filter(is_import).map(str::to_string);
    let indented = lines()
        .filter(|line| !is_import(line))
        .map(|line| format!("    {line}"));
    let all: Vec<String> = imports.chain([module.to_string()]).chain(indented).collect();
    all.join("\n")
}
