//! The bytes of the driver, stage by stage.

use super::driver::{EXAMPLES, RUST, assert_same_component, built_by_driver, pins, records};
use super::scratch::{Scratch, prepared};
use crate::build_systems::{has_rust, succeed};
use ampoule_support::{ampoule, copy_into, root};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Every stage of every example: the same record, that is the same inputs by name, the same code and the same outputs.
#[test]
fn every_stage_gives_the_bytes_of_the_driver() {
    let scratch = Scratch::new("bytes");
    for example in EXAMPLES {
        let folder = built_by_driver().join(example);
        let script = format!(
            "app=$AMPOULE#checks.$SYSTEM.{example}
            cp $(nix build $app --no-link --print-out-paths) {example}.wasm
            cat $(nix eval $app.records --raw --apply 'builtins.concatStringsSep \" \"')"
        );
        let (found, expected) = (scratch.nix(&script), records(&folder));
        match example {
            // The driver comes by the toolchain again for each package, and says so.
            "native" => {
                let found = found.replace("}{\"code\"", "}\n{\"code\"");
                let is_other = |record: &&str| !expected.iter().any(|known| known == record);
                let others: Vec<&str> = found.lines().filter(is_other).collect();
                assert!(others.is_empty(), "{others:?}");
                assert_eq!(found.lines().count(), expected.iter().collect::<BTreeSet<_>>().len());
            }
            _ => assert!(found == expected.concat(), "the records of {example} differ: {found}"),
        }
        let name = format!("{example}.wasm");
        let (ours, theirs) = (
            std::fs::read(folder.join(&name)),
            std::fs::read(scratch.folder.join(&name)),
        );
        assert!(ours.unwrap() == theirs.unwrap(), "the components of {example} differ");
    }
}

/// A project's own recipe comes before Ampoule's.
#[test]
fn a_recipe_of_the_project_builds_its_package() {
    let scratch = Scratch::new("recipes");
    let printed = scratch.nix(
        "cp -r /ampoule/examples/native/. .
        cp /ampoule/nix/template/flake.nix .
        mkdir recipes
        cp /ampoule/recipes/markupsafe.toml recipes/own.toml
        echo 'recipes = [\"recipes\"]' >> pyproject.toml
        nix-store -qR $(nix eval --raw path:.#default.drvPath --override-input ampoule $AMPOULE)",
    );
    let recipes: BTreeSet<&str> = printed
        .lines()
        .filter_map(|path| path.strip_suffix(".toml")?.rsplit_once('-'))
        .map(|(_, name)| name)
        .filter(|name| ["markupsafe", "own", "pyyaml"].contains(name))
        .collect();
    assert_eq!(recipes, ["own", "pyyaml"].into());
}

/// A package that is made of the project's sources, as the driver makes it.
#[test]
fn a_package_of_the_project_is_made_by_its_recipe() {
    let scratch = Scratch::new("parts");
    copy_into(&root().join("tests/apps/parts"), &scratch.folder.join("parts"));
    assert_same_component(&scratch, "parts");
}

/// An extension module in Rust, with each crate of its lock as a derivation.
#[test]
fn a_crate_is_compiled_as_by_the_driver() {
    if !has_rust(pins()) {
        return;
    }
    let scratch = Scratch::new("rust");
    let project = scratch.folder.join("rust");
    copy_into(&root().join("tests/apps/rust"), &project);
    let printed = scratch.nix(
        "cd rust
        cp /ampoule/nix/template/flake.nix .
        app=path:.#default
        cp $(nix build $app --override-input ampoule $AMPOULE --no-link --print-out-paths) ../found.wasm
        cat $(nix eval $app.records --override-input ampoule $AMPOULE --raw --apply 'builtins.concatStringsSep \" \"')",
    );
    let folder = built_by_driver().join(RUST);
    for record in records(&folder) {
        assert!(printed.contains(&record), "{record} is not in\n{printed}");
    }
    let ours = std::fs::read(scratch.folder.join("found.wasm")).expect("Nix has built it");
    assert!(
        ours == std::fs::read(folder.join("rust.wasm")).unwrap(),
        "the components differ"
    );
}

/// What a record says of a folder is the digest that Nix itself knows it by.
#[test]
fn the_records_are_true() {
    let scratch = Scratch::new("records");
    for (stage, output) in [("sdk", "sdk"), ("cpython", "cpython"), ("compiled", "image")] {
        let script = format!(
            "stage=$AMPOULE#app.stages.{stage}
            nix hash path $(nix build $stage --no-link --print-out-paths)
            cat $(nix build $stage^record --no-link --print-out-paths)"
        );
        let printed = scratch.nix(&script);
        let (digest, record) = printed.split_once('\n').expect("two lines");
        let record: serde_json::Value = serde_json::from_str(record).expect("a record is JSON");
        assert_eq!(record["outputs"][output], digest, "{stage}");
    }
}

/// Building again gives the same bytes, stage by stage.
#[test]
fn a_rebuild_finds_no_difference() {
    let scratch = Scratch::new("rebuild");
    let stages = ["bindings", "compiled", "linked", "snapshot", "component"];
    let installables: Vec<String> = stages
        .iter()
        .map(|stage| format!("$AMPOULE#app.stages.{stage}"))
        .collect();
    let installables = installables.join(" ");
    scratch.nix(&format!(
        "nix build --no-link {installables}\nnix build --no-link {installables} --rebuild"
    ));
}

/// An app whose Python is started in another way has interpreters of its own, as with the driver.
#[test]
fn python_is_started_as_the_project_says() {
    let scratch = Scratch::new("start");
    scratch.nix("nix flake init -t $AMPOULE");
    let file = scratch.folder.join("pyproject.toml");
    let keys = "hash-seed = 7\npython-options = [\"-OO\"]\npython-variables = { PYTHONDEVMODE = \"1\" }\n";
    let text = std::fs::read_to_string(&file).expect("the template has a project file");
    std::fs::write(&file, text + keys).expect("the project file can be written");
    scratch.nix("cp $(nix build path:. --override-input ampoule $AMPOULE --no-link --print-out-paths) by-nix.wasm");
    ampoule_support::succeed(ampoule(&scratch.folder).args(["build", "--output", "by-driver.wasm"]));
    let component = |name: &str| std::fs::read(scratch.folder.join(name)).expect("the component is there");
    assert!(
        component("by-nix.wasm") == component("by-driver.wasm"),
        "the components differ"
    );
}

/// The tools built from source in Nix' sandbox, with this machine's Rust and C compiler, make the same component.
#[test]
#[ignore = "builds all of Ampoule from source, and the toolchain with it"]
fn tools_from_source_make_the_same_component() {
    let scratch = Scratch::new("source");
    let crates = scratch.folder.join("crates");
    ampoule_support::succeed(
        Command::new(env!("CARGO"))
            .args(["vendor", "--locked", "--quiet"])
            .arg(&crates)
            .current_dir(root()),
    );
    let sysroot = ampoule_support::succeed(Command::new("rustc").args(["--print", "sysroot"]));
    let rust = ["bin", "lib", "libexec"].map(|part| (Path::new(sysroot.trim()).join(part), format!("/rust/{part}")));
    let mut binds = scratch.binds().to_vec();
    binds.extend(rust.iter().map(|(folder, place)| (folder.as_path(), place.as_str())));
    let script = "
        added() { nix store add-path --name \"$1\" \"$2\"; }
        expression=\"import /ampoule/tests/build-systems/tools-from-source.nix {
            system = ''$SYSTEM'';
            source = builtins.storePath $(added source /ampoule);
            rust = builtins.storePath $(added rust /rust);
            crates = builtins.storePath $(added crates /scratch/crates);
        }\"
        tools=$(nix build --impure --expr \"$expression\" --no-link --print-out-paths \\
            --option sandbox-paths '/bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64 /usr')
        sha256sum < $(nix build $AMPOULE#app --no-link --print-out-paths)
        sha256sum < $(nix build $AMPOULE#app --no-link --print-out-paths --override-input tools path:$tools --no-write-lock-file)
    ";
    let printed = succeed(&binds, &prepared(script));
    let hashes: Vec<&str> = printed.lines().collect();
    assert_eq!(hashes.len(), 2, "{printed}");
    assert_eq!(hashes[0], hashes[1]);
}
