//! What the flake gives, and where its tools come from.

use super::scratch::Scratch;
use serde_json::{Value, json};

#[test]
fn the_flake_passes_its_checks() {
    let scratch = Scratch::new("checks");
    scratch.nix("nix flake check $AMPOULE");
    scratch.nix("nix flake check $AMPOULE --all-systems --no-build");
    let shown = scratch.nix("nix flake show $AMPOULE --all-systems --json");
    let shown: Value = serde_json::from_str(&shown).expect("it is JSON");
    for system in ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"] {
        for package in ["default", "ampoule", "sdk", "cpython", "interpreter", "app"] {
            assert_eq!(
                shown["packages"][system][package]["type"], "derivation",
                "{package} for {system}"
            );
        }
        assert_eq!(shown["devShells"][system]["default"]["type"], "derivation");
    }
}

/// The input `tools` without programs is an error; without anything, as it is by default, the tools are built from source.
#[test]
fn tools_are_given_or_built() {
    let scratch = Scratch::new("tools");
    let said_of = |tools: &str| {
        let plan = "nix build $AMPOULE#app --dry-run --no-write-lock-file --override-input tools";
        scratch.refused(&format!("mkdir -p empty; touch empty/file; {plan} {tools}"))
    };
    for tools in [
        "path:/scratch/empty",
        "path:/tools/bin",
        "file+file:///tools/bin/ampoule",
    ] {
        let said = said_of(tools);
        assert!(
            said.contains("has no bin/ampoule-link; give the folder above `bin`"),
            "{said}"
        );
    }
    let said = said_of("file+file:///dev/null");
    assert!(said.contains("without nixpkgs the tools cannot be built"), "{said}");
}

/// Packages that are extended by the overlay have what the flake itself has.
#[test]
fn the_overlay_extends_packages() {
    let scratch = Scratch::new("overlay");
    let printed = scratch.nix(
        "expression='system: ampoule:
            let packages = ampoule.inputs.nixpkgs.legacyPackages.${system}.extend ampoule.overlays.default;
            in { inherit (packages) ampoule; app = packages.buildPyComponent { src = ampoule + \"/examples/hello\"; }; }'
        for name in app ampoule; do
            nix build --impure --expr \"(($expression) ''$SYSTEM'' (builtins.getFlake ''$AMPOULE'')).$name\" --no-link --print-out-paths
            nix build $AMPOULE#$name --no-link --print-out-paths
        done",
    );
    for name in ["-hello.wasm", "-ampoule"] {
        let paths: Vec<&str> = printed.lines().filter(|path| path.ends_with(name)).collect();
        assert_eq!(paths.len(), 2, "{printed}");
        assert_eq!(paths[0], paths[1]);
    }
}

/// The module for flake-parts gives packages, checks, programs and shells of all components.
#[test]
fn the_module_for_flake_parts_has_all_of_a_component() {
    let scratch = Scratch::new("flake-parts");
    let printed = scratch.nix(
        "expression='system: ampoule:
            let
                given = import /ampoule/tests/build-systems/flake-parts.nix {
                    inherit ampoule system;
                    components = {
                        default.src = ampoule + \"/nix/template\";
                        hello = { src = ampoule + \"/examples/hello\"; wasi = \"none\"; };
                    };
                };
            in
            {
                names = builtins.mapAttrs (_: builtins.attrNames) given;
                run = given.apps.default.program == \"${given.packages.default.run}/bin/shop-run\";
                other = given.packages.hello.drvPath == ampoule.packages.${system}.app.drvPath;
            }'
        nix eval --impure --json --expr \"($expression) ''$SYSTEM'' (builtins.getFlake ''$AMPOULE'')\"",
    );
    let found: Value = serde_json::from_str(&printed).expect("it is JSON");
    let expected = json!({
        "names": {
            "apps": ["default", "hello", "hello-run", "hello-serve", "run", "serve"],
            "checks": ["calls"],
            "devShells": ["default", "hello"],
            "packages": ["default", "hello"],
        },
        "run": true,
        "other": false,
    });
    assert_eq!(found, expected);
}
