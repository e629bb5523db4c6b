//! Ampoule with Nix, in Nix' own sandbox: the driver's bytes, and all that Nix can do with them.
//!
//! The tests share one store, so that the toolchain is built once, and a copy of the repository whose lock file names what is on
//! this machine: prebuilt tools, and `nix/offline` in place of nixpkgs. There is no network but the loopback.

use crate::build_systems::{copy_repository, has_rust, run, succeed, tools};
use ampoule_support::{ampoule, cache, copy_into, root};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Nix with what the facts of this machine ask for: root without build users, no binary cache.
const CONFIGURATION: &str = "\
experimental-features = nix-command flakes ca-derivations
sandbox = true
sandbox-fallback = false
build-users-group =
substituters =
warn-dirty = false
";

const EXAMPLES: [&str; 6] = ["hello", "dependencies", "native", "echo", "extension", "web"];

/// The app whose extension module is in Rust.
const RUST: &str = "rust";

/// A scratch folder for a test: `/scratch` in the root, with the repository's copy beside it at `/ampoule`.
struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    fn new(name: &str) -> Scratch {
        let folder = ampoule_support::scratch().join("nix").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a scratch folder can be made");
        Scratch { folder }
    }

    fn binds(&self) -> [(&Path, &str); 4] {
        [
            (&self.folder, "/scratch"),
            (repository(), "/ampoule"),
            (tools(), "/tools"),
            (pins(), "/pins"),
        ]
    }

    /// Runs a script in the scratch folder, in the root; gives what it prints.
    fn nix(&self, script: &str) -> String {
        succeed(&self.binds(), &prepared(script))
    }

    /// Runs a script that must fail; gives what it complains of.
    fn refused(&self, script: &str) -> String {
        let output = run(&self.binds(), &prepared(script));
        assert!(!output.status.success(), "{script} succeeded");
        ampoule_support::text(&output.stderr)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A store may have been made here; when the test fails, it is looked at and removed by the next run.
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A script in the scratch folder, with the variables of the documentation.
fn prepared(script: &str) -> String {
    let system = format!("{}-linux", std::env::consts::ARCH);
    format!(
        "export NIX_CONFIG='{CONFIGURATION}' PATH=/tools/bin:$PATH AMPOULE=path:/ampoule TOOLS=/tools SYSTEM={system}
        cd /scratch
        {script}"
    )
}

/// The examples, built by the driver: a folder for each, with the component and the records in `.records`.
fn built_by_driver() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let folder = ampoule_support::scratch().join("nix/driver");
        let _ = std::fs::remove_dir_all(&folder);
        let examples = EXAMPLES
            .iter()
            .map(|example| (*example, root().join("examples").join(example)));
        for (name, project) in examples.chain([(RUST, root().join("tests/apps/rust"))]) {
            let copy = folder.join(name);
            copy_into(&project, &copy);
            if name == RUST {
                // It is in the project that Nix builds, whose files are the app's.
                let flake = root().join("nix/template/flake.nix");
                std::fs::copy(flake, copy.join("flake.nix")).expect("a file");
            }
            ampoule_support::succeed(ampoule(&copy).args(["build", "--records", ".records"]));
        }
        folder
    })
}

/// The pinned files, which the driver has fetched into the tests' cache.
fn pins() -> &'static Path {
    static PINS: OnceLock<PathBuf> = OnceLock::new();
    PINS.get_or_init(|| {
        built_by_driver();
        cache().join("files")
    })
}

/// The copy of the repository, with its lock file for this machine and the pinned files in the store.
fn repository() -> &'static Path {
    static REPOSITORY: OnceLock<PathBuf> = OnceLock::new();
    REPOSITORY.get_or_init(|| {
        let folder = ampoule_support::scratch().join("nix/ampoule");
        let _ = std::fs::remove_dir_all(&folder);
        copy_repository(&folder);
        let binds = [(folder.as_path(), "/ampoule"), (tools(), "/tools"), (pins(), "/pins")];
        let script = "
            for file in /pins/*; do nix store add-file --name \"$(basename \"$file\" | tr '~' '-')\" \"$file\"; done
            nix flake lock path:/ampoule --override-input nixpkgs path:/ampoule/nix/offline --override-input tools path:/tools
        ";
        succeed(&binds, &format!("export NIX_CONFIG='{CONFIGURATION}'\n{script}"));
        folder
    })
}

/// The records of a build by the driver, in their order.
fn records(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join(".records")).expect("the driver has written its records");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a record is text"))
        .collect()
}

/// The names of what `nix build --dry-run` would build, without hash and ending.
fn planned(printed: &str) -> BTreeSet<&str> {
    let derivations = printed.lines().filter_map(|line| line.trim().strip_suffix(".drv"));
    derivations
        .filter_map(|path| Some(path.strip_prefix("/nix/store/")?.split_once('-')?.1))
        .collect()
}

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
    let project = scratch.folder.join("parts");
    copy_into(&root().join("tests/apps/parts"), &project);
    ampoule_support::succeed(ampoule(&project).arg("build"));
    let theirs = std::fs::read(project.join("parts.wasm")).expect("the driver has built it");
    scratch.nix(
        "cd parts
        rm parts.wasm
        cp /ampoule/nix/template/flake.nix .
        cp $(nix build path:. --override-input ampoule $AMPOULE --no-link --print-out-paths) found.wasm",
    );
    let ours = std::fs::read(project.join("found.wasm")).expect("Nix has built it");
    assert!(ours == theirs, "the components differ");
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

/// A store elsewhere, to which the toolchain is copied, and where the app is built anew.
#[test]
fn another_store_gets_the_same_component() {
    let scratch = Scratch::new("store");
    let printed = scratch.nix(
        "interpreter=$(nix build $AMPOULE#interpreter --no-link --print-out-paths)
        nix copy --no-check-sigs --to /scratch/store $interpreter
        sha256sum < $(nix build $AMPOULE#app --no-link --print-out-paths)
        sha256sum < /scratch/store$(nix build $AMPOULE#app --store /scratch/store --no-link --print-out-paths)",
    );
    let hashes: Vec<&str> = printed.lines().collect();
    assert_eq!(hashes.len(), 2);
    assert_eq!(hashes[0], hashes[1]);
}

/// A builder on the other end of a connection, with a store of its own, builds an app that no store has.
#[test]
fn a_remote_builder_builds() {
    let scratch = Scratch::new("builder");
    let printed = scratch.nix(
        "nix flake init -t $AMPOULE 2>&1
        echo \"# $RANDOM$RANDOM$RANDOM, as no store has it\" >> python/app.py
        nix build path:.#default --override-input ampoule $AMPOULE --max-jobs 0 \
            --builders \"ssh-ng://localhost?remote-store=/scratch/remote $SYSTEM - 1 1\" 2>&1
        ls /scratch/remote/nix/store
        ampoule run result 'total([\"tea\"])'",
    );
    assert!(
        printed.contains("-shop-snapshot\n"),
        "the builder has built it: {printed}"
    );
    assert!(printed.ends_with("some(250)\n"), "{printed}");
}

/// A binary cache gives the component to a store that builds nothing.
#[test]
fn a_binary_cache_gives_the_component_back() {
    let scratch = Scratch::new("cache");
    let printed = scratch.nix(
        "app=$(nix build $AMPOULE#app --no-link --print-out-paths)
        nix copy --to 'file:///scratch/cache?compression=zstd' $app
        nix build $AMPOULE#app --store /scratch/other --no-link --max-jobs 0 \
            --substituters file:///scratch/cache --option substitute true --option require-sigs false
        sha256sum < $app
        sha256sum < /scratch/other$app",
    );
    let hashes: Vec<&str> = printed.lines().collect();
    assert_eq!(hashes.len(), 2, "{printed}");
    assert_eq!(hashes[0], hashes[1]);
}

#[test]
fn the_flake_passes_its_checks() {
    let scratch = Scratch::new("checks");
    scratch.nix("nix flake check $AMPOULE");
    scratch.nix("nix flake check $AMPOULE --all-systems --no-build");
    let shown = scratch.nix("nix flake show $AMPOULE --all-systems --json");
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("it is JSON");
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

/// A changed Python file runs the last four stages; a changed WIT the bindings, too; nothing else.
#[test]
fn a_change_runs_what_depends_on_it() {
    let scratch = Scratch::new("change");
    let build = "nix build path:. --override-input ampoule $AMPOULE";
    scratch.nix(&format!("nix flake init -t $AMPOULE\n{build}\n"));
    let after = |change: &str| scratch.nix(&format!("{change}\n{build} --dry-run 2>&1"));
    let last = ["shop-image", "shop-linked", "shop-snapshot", "shop.wasm"];
    assert_eq!(planned(&after("echo >> README.md")), BTreeSet::new());
    assert_eq!(planned(&after("echo '# changed' >> python/app.py")), last.into());
    let all = last.into_iter().chain(["shop-bindings"]).collect();
    assert_eq!(planned(&after("echo '// changed' >> wit/shop.wit")), all);
}

/// With derivations addressed by content, a changed Python file does not even link again.
#[test]
fn content_addressed_stages_stop_where_nothing_changes() {
    let scratch = Scratch::new("content-addressed");
    let build = "nix build path:. --override-input ampoule $AMPOULE --print-build-logs 2>&1 | grep ^building || true";
    let printed = scratch.nix(&format!(
        "nix flake init -t $AMPOULE
        sed -i 's/library.buildPyComponent/library.contentAddressed.buildPyComponent/' flake.nix
        {build}
        echo \"# $RANDOM$RANDOM$RANDOM, as no store has it\" >> python/app.py
        echo --- changed
        {build}
        ampoule run result 'total([\"tea\"])'"
    ));
    let (_, after) = printed.split_once("--- changed").expect("the script says so");
    for (stage, runs) in [("shop-image", true), ("shop-linked", false), ("shop-snapshot", true)] {
        assert_eq!(after.contains(&format!("-{stage}.drv")), runs, "{stage}: {after}");
    }
    assert!(after.ends_with("some(250)\n"), "{after}");
}

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

/// A component is no program: Nix is told so before it tries to execute it.
#[test]
fn a_component_is_not_executed() {
    let scratch = Scratch::new("execute");
    let said = scratch.refused("nix run $AMPOULE#app");
    assert!(
        said.contains("hello.wasm is a component and no program of this machine"),
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
            ["budget", "module-worlds", "output", "stubs"]
                .iter()
                .all(|key| keys.remove(*key)),
            "{by_driver}"
        );
        assert_eq!(keys_after("its keys are ", &said), keys);
    }
    let said = complaint("module-worlds = [\"a=b\"]");
    assert!(
        said.contains("cannot take `module-worlds`; `ampoule build` can"),
        "{said}"
    );
    scratch.nix(
        "sed -i '/tool.ampoule/{n; s/.*/output = \"shop.wasm\"/}' pyproject.toml
        nix build path:. --override-input ampoule $AMPOULE --dry-run",
    );
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

/// Every command of the documentation, in its order, with what it says they print.
#[test]
fn the_documentation_is_true() {
    let scratch = Scratch::new("documentation");
    let document = std::fs::read_to_string(root().join("docs/nix.md")).expect("the documentation");
    // A mirror stands for the network.
    let mut script = String::from("ampoule() { command ampoule --mirror /pins \"$@\"; }\n");
    let mut expected = Vec::new();
    for (language, text) in code_blocks(&document) {
        match language {
            "sh" => script.push_str(text),
            "text" => expected.push(text),
            _ => {}
        }
    }
    let printed = scratch.nix(&script);
    for text in expected {
        assert!(printed.contains(text), "{text} is not in what was printed: {printed}");
    }
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

/// The fenced blocks of a document: the language and the text of each.
fn code_blocks(document: &str) -> Vec<(&str, &str)> {
    let fences = document.split("```").skip(1).step_by(2);
    fences
        .map(|block| block.split_once('\n').expect("a block has lines"))
        .collect()
}
