//! A component as a package: described and changed as those of nixpkgs, with programs, a shell and checks around it.

use super::scratch::Scratch;
use ampoule_support::{copy_into, root};
use serde_json::{Value, json};

/// The template in a scratch folder, with a description.
fn shop(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.nix("nix flake init -t $AMPOULE");
    let file = scratch.folder.join("pyproject.toml");
    let text = std::fs::read_to_string(&file).expect("the template has a project file");
    let described = text.replace(
        "version =",
        "description = \"What things cost\"\nlicense = \"MIT\"\nurls.Homepage = \"https://shop.example\"\nversion =",
    );
    std::fs::write(file, described).expect("the project file can be written");
    scratch
}

/// What a function of Nix says of the template's component.
fn evaluated(scratch: &Scratch, function: &str) -> Value {
    std::fs::write(scratch.folder.join("function.nix"), function).expect("a file can be written");
    let printed = scratch.nix(
        "nix eval path:. --override-input ampoule $AMPOULE --json --apply \"$(cat function.nix)\" --no-write-lock-file",
    );
    serde_json::from_str(&printed).expect("it is JSON")
}

#[test]
fn a_component_is_described_by_its_project() {
    let scratch = shop("described");
    let function = "shop: {
        inherit (shop) name pname version;
        inherit (shop) meta;
    }";
    let expected = json!({
        "name": "shop.wasm",
        "pname": "shop",
        "version": "0.1.0",
        "meta": {
            "description": "What things cost",
            "homepage": "https://shop.example",
            "license": { "shortName": "MIT", "spdxId": "MIT" },
            "outputsToInstall": ["out"],
            "platforms": ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"],
        },
    });
    assert_eq!(evaluated(&scratch, function), expected);
}

/// A new description builds nothing again; what is changed of the derivation, or of the arguments, does.
#[test]
fn a_component_is_changed_as_a_package() {
    let scratch = shop("changed");
    let function = "shop:
        let
            isSame = other: other.drvPath == shop.drvPath;
            described = shop.overrideAttrs { meta.description = \"other\"; };
            renamed = shop.overrideAttrs (previous: { name = \"other-${previous.name}\"; passthru.note = previous.version; });
            final = shop.overrideAttrs (final: previous: { pname = \"${previous.pname}-${final.version}\"; version = \"2\"; });
            optimised = shop.override { pythonOptions = [ \"-OO\" ]; };
            plain = optimised.override (given: removeAttrs given [ \"src\" ] // { inherit (given) src; pythonOptions = [ ]; });
        in
        {
            same = map isSame [ described final plain renamed optimised ];
            described = described.meta.description;
            renamed = [ renamed.name renamed.note renamed.run.name (isSame renamed.stages.component) ];
            final = final.pname;
        }";
    let expected = json!({
        "same": [true, true, true, false, false],
        "described": "other",
        "renamed": ["other-shop.wasm", "0.1.0", "shop-run", false],
        "final": "shop-2",
    });
    assert_eq!(evaluated(&scratch, function), expected);
}

/// What `nix run` of a component does is to call one of its exports.
#[test]
fn a_component_is_run() {
    let scratch = Scratch::new("run");
    let printed = scratch.nix(
        "nix flake init -t $AMPOULE 2>&1
        with_shell run path:. --override-input ampoule $AMPOULE -- 'total([\"tea\"])'
        with_shell run $AMPOULE#app -- 'greet(\"Ada\")'",
    );
    assert!(printed.ends_with("some(250)\n\"Hello, Ada!\"\n"), "{printed}");
}

/// A server of HTTP that `ampoule new` has begun, with the flake added.
#[test]
fn a_server_is_served() {
    let scratch = Scratch::new("serve");
    let printed = scratch.nix(
        "ampoule new --template http site
        cd site
        nix flake init -t $AMPOULE#flake
        with_shell run path:.#serve --override-input ampoule $AMPOULE -- --address 127.0.0.1:0 > ../address &
        until [ -s ../address ]; do kill -0 $!; sleep 0.1; done
        python3 -c 'import urllib.request; print(urllib.request.urlopen(open(\"../address\").read().strip()).status)'",
    );
    assert!(printed.ends_with("200\n"), "{printed}");
}

/// `nix flake check` makes the calls of the template's tests; one that gives something else fails.
#[test]
fn a_check_calls_exports() {
    let scratch = Scratch::new("calls");
    let check = "nix flake check path:. --override-input ampoule $AMPOULE --no-write-lock-file";
    scratch.nix(&format!("nix flake init -t $AMPOULE\n{check}"));
    let said = scratch.refused(&format!("sed -i 's/some(670)/some(671)/' tests/calls.txt\n{check}"));
    assert!(
        said.contains("shop-calls") && said.contains("some(670)") && said.contains("some(671)"),
        "{said}"
    );
}

/// What a component imports is another one's in a check, as on the command line.
#[test]
fn a_check_has_stand_ins() {
    let scratch = Scratch::new("stand-ins");
    copy_into(&root().join("templates/composition"), &scratch.folder);
    let flake = "{
        inputs.ampoule.url = \"flake:ampoule\";
        outputs = { self, ampoule }: {
            checks = builtins.mapAttrs (_: library: {
                calls = library.callExports {
                    component = library.buildPyComponent { src = ./.; };
                    standIns = [ (library.buildPyComponent { src = ./prices; }) ];
                    calls = ./tests/calls.txt;
                };
            }) ampoule.lib;
        };
    }";
    std::fs::write(scratch.folder.join("flake.nix"), flake).expect("a file can be written");
    scratch.nix("nix flake check path:. --override-input ampoule $AMPOULE");
}

#[test]
fn a_shell_has_the_app_and_its_bindings() {
    let scratch = Scratch::new("shell");
    let printed = scratch.nix(
        "nix flake init -t $AMPOULE 2>&1
        with_shell develop path:. --override-input ampoule $AMPOULE -c bash -c '
            ampoule --version
            python3 -c \"import app, wit_world.exports; print(app.__file__, wit_world.exports.__file__)\"
            test \"$MYPYPATH\" = \"$PYTHONPATH\"'",
    );
    let last = printed.lines().last().unwrap_or_default();
    let (app, bindings) = last.split_once(' ').expect("two files");
    assert_eq!(app, "/scratch/python/app.py");
    assert!(
        bindings.ends_with("-shop-typings/wit_world/exports/__init__.py"),
        "{bindings}"
    );
    assert!(printed.contains("ampoule 0."), "{printed}");
    scratch.nix(
        "cd /ampoule/examples/dependencies
        with_shell develop $AMPOULE#checks.$SYSTEM.dependencies.shell -c python3 -B -c 'import app'
        ! with_shell develop $AMPOULE#checks.$SYSTEM.native.shell -c python3 -c 'import yaml' 2>/dev/null",
    );
}
