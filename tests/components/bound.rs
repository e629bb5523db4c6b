//! Extensions that import WASI by themselves, of versions of their own: the stage `extension` binds that to the interpreter's.

use ampoule_support::component::{App, State};
use ampoule_support::{ampoule, copy, root, succeed};
use std::fs;
use wasmtime_wasi::WasiCtx;

/// The app, built with what its settings have beside.
fn built(settings: &str) -> App {
    let project = copy(&root().join("tests/apps/bound"));
    let file = project.path().join("pyproject.toml");
    let text = fs::read_to_string(&file).unwrap();
    fs::write(
        &file,
        text.replace("world = \"bound\"\n", &format!("world = \"bound\"\n{settings}")),
    )
    .unwrap();
    let printed = succeed(ampoule(project.path()).arg("build"));
    App::load(&project.path().join(printed.trim_end()))
}

#[test]
fn an_extension_has_the_wasi_of_python() {
    let app = built("");
    let imports = app.imports();
    let versions: Vec<&str> = imports
        .iter()
        .filter_map(|name| name.split_once('@'))
        .map(|(_, version)| version)
        .collect();
    assert!(
        !versions.is_empty() && versions.iter().all(|version| *version == versions[0]),
        "{imports:?}"
    );
    let check = |name: &str| {
        let state = State::new(WasiCtx::builder().env("COLOUR", "blue=green").build());
        app.check(state, name).expect(name)
    };
    assert_eq!(check("random_bytes"), "(1000, 1000, True, True)");
    assert_eq!(check("random_numbers"), "4");
    assert_eq!(check("seed"), "True");
    assert_eq!(check("environment"), "(True, [('COLOUR', 'blue=green')], 0, False)");
    assert_eq!(check("clocks"), "(True, True)");
}

#[test]
fn without_wasi_it_has_what_needs_no_host() {
    let app = built("wasi = \"none\"\n");
    assert_eq!(app.imports(), Vec::<String>::new());
    assert_eq!(app.check_alone("environment").unwrap(), "(True, [], 0, False)");
    assert!(app.check_alone("seed").is_ok());
    // No number is better than one that was known beforehand.
    for name in ["random_bytes", "random_numbers", "clocks"] {
        assert!(app.check_alone(name).is_err(), "{name}");
    }
}
