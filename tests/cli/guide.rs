//! The app that docs/python.md shows is built, and its native test passes.

use ampoule_support::{ampoule, root, succeed, text};
use std::process::Command;

/// The blocks of a language that a page shows, in their order.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let parts = page.split(&opening).skip(1);
    parts
        .map(|part| part.split("```").next().unwrap_or_default().to_string())
        .collect()
}

#[test]
fn the_app_of_the_guide_works() {
    let page = std::fs::read_to_string(root().join("docs/python.md")).expect("the page can be read");
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let folder = scratch.path();
    let python = blocks(&page, "python");
    let files = [
        ("wit/shop.wit", &blocks(&page, "wit")[0]),
        ("app.py", &python[0]),
        ("test_app.py", &python[1]),
    ];
    std::fs::create_dir(folder.join("wit")).expect("the folder is ours");
    for (name, content) in files {
        std::fs::write(folder.join(name), content).expect("the folder is ours");
    }

    succeed(ampoule(folder).args(["componentize", "app", "-o", "shop.wasm"]));
    succeed(ampoule(folder).args(["bindings", "."]));
    let test = "import test_app; test_app.test_offer()";
    succeed(Command::new("python3").args(["-B", "-c", test]).current_dir(folder));

    // Without the replacement, the binding says what it is.
    let alone = "import app; app.WitWorld().offer('tea')";
    let output = Command::new("python3")
        .args(["-B", "-c", alone])
        .current_dir(folder)
        .output();
    let complaint = text(&output.expect("python3 can be started").stderr);
    assert!(complaint.contains("NotImplementedError"), "{complaint}");
}
