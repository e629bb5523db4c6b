//! What a project gets wrong is said in words.

use super::scratch::Scratch;
use ampoule_support::ampoule;
use std::collections::BTreeSet;

/// What a project gets wrong is said in words.
#[test]
fn mistakes_are_explained() {
    let scratch = Scratch::new("mistakes");
    scratch.nix("nix flake init -t $AMPOULE");
    let build = "nix build path:. --override-input ampoule $AMPOULE";
    let complaint = |change: &str| scratch.refused(&format!("{change}\n{build} --dry-run"));
    let said = complaint("sed -i 's/src = /worlds = [ ]; src = /' flake.nix");
    assert!(said.contains("unexpected argument 'worlds'"), "{said}");
    let said = complaint("sed -i 's/worlds = .*; src/requirements = \"requirements.txt\"; src/' flake.nix");
    assert!(said.contains("does not name the wheels"), "{said}");
    let said = complaint("sed -i 's/requirements = .*; src/pylock = \"locks.toml\"; src/' flake.nix");
    assert!(said.contains("there is no lock at locks.toml"), "{said}");
    let said = complaint("sed -i 's/pylock = .*; src/extensions = [ { descripton = \"a.toml\"; } ]; src/' flake.nix");
    assert!(
        said.contains("has the unexpected key 'descripton'; its keys are description, source"),
        "{said}"
    );
    let said = complaint("sed -i 's/extensions = .*; src/pythonPath = [ \"pyton\" ]; src/' flake.nix");
    assert!(
        said.contains("there is no folder at pyton: name one that exists"),
        "{said}"
    );
    let said = complaint("sed -i 's/pythonPath = .*; src = /src = /' flake.nix; mv wit interfaces");
    assert!(
        said.contains("there is no WIT file or folder at wit: name one that exists"),
        "{said}"
    );
    let said = complaint("mv interfaces wit; echo '= broken' >> pyproject.toml");
    assert!(
        said.contains("pyproject.toml") && !said.contains("componentize-py.toml"),
        "{said}"
    );
    let said =
        complaint("sed -i '/broken/d' pyproject.toml; sed -i '/tool.ampoule/{n; s/.*/witt = 1/}' pyproject.toml");
    assert!(
        said.contains("has no key `witt`") && !said.contains("componentize-py.toml"),
        "{said}"
    );
}

/// The keys that a complaint lists after these words.
fn keys_after(words: &str, said: &str) -> BTreeSet<String> {
    let (_, listed) = said.split_once(words).unwrap_or_else(|| panic!("{said}"));
    let line = listed.lines().next().unwrap_or_default();
    line.split(", ").map(|key| key.trim_matches('`').to_string()).collect()
}

/// The keys of `[tool.ampoule]` that Nix takes are those that the driver takes, but for three; an unknown one is named, also one
/// that is an argument's name.
#[test]
fn keys_of_the_project_file_are_those_of_the_driver() {
    let scratch = Scratch::new("keys");
    scratch.nix("nix flake init -t $AMPOULE");
    let complaint = |key: &str| {
        scratch.refused(&format!(
            "sed -i '/tool.ampoule/{{n; s/.*/{key}/}}' pyproject.toml
            nix build path:. --override-input ampoule $AMPOULE --dry-run"
        ))
    };
    for key in ["witt", "pythonPath", "src"] {
        let said = complaint(&format!("{key} = \"wit\""));
        let expected = format!(
            "pyproject.toml: [tool.ampoule] has no key `{key}`; its keys are all-features, app, asgi, exclude, export-"
        );
        assert!(said.contains(&expected), "{said}");
        // The project file has that key now, and the driver refuses it, too.
        let refused = ampoule(&scratch.folder).arg("build").output();
        let by_driver = ampoule_support::text(&refused.expect("the driver can be started").stderr);
        let mut keys = keys_after("expected one of ", &by_driver);
        assert!(
            ["budget", "output", "stubs"].iter().all(|key| keys.remove(*key)),
            "{by_driver}"
        );
        assert_eq!(keys_after("its keys are ", &said), keys);
    }
    let said = complaint("module-worlds = [\"sdk=sdk\"]");
    assert!(
        said.contains("there is no package `sdk` with WIT of its own (componentize-py.toml)"),
        "{said}"
    );
    scratch.nix(
        "sed -i '/tool.ampoule/{n; s/.*/output = \"shop.wasm\"/}' pyproject.toml
        nix build path:. --override-input ampoule $AMPOULE --dry-run",
    );
}
