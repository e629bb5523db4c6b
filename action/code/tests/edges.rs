//! Which crates each stage may depend on. A crate more here is a crate more whose changes run the stage again, on every machine.

use ampoule_code::{Closure, Workspace};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The crates of the workspace in each stage, without `ampoule-` before their names; itself, and the contract `action`, left out.
const EDGES: [(&str, &[&str]); 18] = [
    ("archive", &[]),
    ("bindgen", &["module", "python", "settings"]),
    ("cargo", &["archive", "image", "native", "recipe", "rust", "sdk"]),
    ("compile", &["host", "image", "native", "settings"]),
    ("component", &["module"]),
    ("cpython", &["archive", "host", "image", "module", "sdk"]),
    ("extension", &["archive", "image", "module", "native", "recipe", "sdk"]),
    (
        "interpreter",
        &["archive", "guest", "host", "image", "sdk", "settings", "state"],
    ),
    ("libcxx", &["archive", "sdk"]),
    ("link", &["layout", "settings"]),
    ("pack", &["archive", "image", "native", "recipe"]),
    ("precompile", &["host"]),
    ("prepare", &["archive", "host", "image", "native", "recipe"]),
    ("rust", &["archive"]),
    ("sdk", &["archive"]),
    ("snapshot", &["host", "image", "layout", "settings", "state"]),
    ("web", &["archive", "settings"]),
    ("wheels", &["archive", "image", "native", "settings"]),
];

/// What is the driver's alone: who talks to the network or to terminals of its own.
const NEVER: [&str; 5] = ["hyper", "reqwest", "rustls", "tokio", "ureq"];

fn workspace() -> Workspace {
    Workspace::around(Path::new(env!("CARGO_MANIFEST_DIR")))
}

/// The closure of each crate whose code is digested.
fn stages(workspace: &Workspace) -> BTreeMap<String, Closure> {
    let members = workspace.members().iter();
    let stages = members.filter(|(_, folder)| {
        let script = std::fs::read_to_string(folder.join("build.rs"));
        script.is_ok_and(|text| text.contains("ampoule_code::emit()"))
    });
    stages
        .map(|(name, folder)| (short(name), workspace.closure(folder)))
        .collect()
}

fn short(name: &str) -> String {
    name.strip_prefix("ampoule-").unwrap_or(name).to_string()
}

#[test]
fn each_stage_depends_on_these_crates() {
    let found = stages(&workspace()).into_iter().map(|(stage, closure)| {
        let mut crates: BTreeSet<String> = closure.crates.keys().map(|name| short(name)).collect();
        assert!(crates.remove(&stage) && crates.remove("action"), "{stage}");
        (stage, crates)
    });
    let expected = EDGES.map(|(stage, crates)| (stage.to_string(), crates.iter().map(ToString::to_string).collect()));
    assert_eq!(found.collect::<BTreeMap<_, _>>(), BTreeMap::from(expected));
}

#[test]
fn no_stage_holds_what_is_the_drivers() {
    for (stage, closure) in stages(&workspace()) {
        let names: BTreeSet<&str> = closure.packages.iter().map(|package| package.name.as_str()).collect();
        for name in NEVER {
            assert!(!names.contains(name), "{stage} holds {name}");
        }
    }
}
