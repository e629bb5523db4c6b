//! Native code among an app's files.

use super::driver::{NATIVE, RUST, outputs_of_driver, pins};
use super::scratch::Scratch;
use crate::build_systems::has_rust;
use ampoule_action::Digest;
use ampoule_support::{ampoule, root, succeed};
use std::process::Command;

/// A wheel as rules_python unpacks it, with native code for the machine; and an app that is not among the sources.
const MISTAKEN_TARGETS: &str = r#"
load("//bazel:defs.bzl", "py_wasm_component")
load("@rules_python//python:py_library.bzl", "py_library")

[py_library(
    name = wheel,
    srcs = ["{}/{}/__init__.py".format(wheel, wheel)],
    data = glob(["{}/{}*/*".format(wheel, wheel)], exclude = ["**/*.py"]),
    imports = [wheel],
) for wheel in ["fast", "wrapt"]]

py_wasm_component(name = "native", srcs = ["main.py"], app = "main", wit = ["world.wit"], deps = [":fast"])

py_wasm_component(name = "speedups", srcs = ["main.py"], app = "main", wit = ["world.wit"], deps = [":wrapt"])

py_wasm_component(name = "missing", srcs = ["main.py"], app = "mian", wit = ["world.wit"])
"#;

/// Native code of the machine is refused, and left out where its package does without; a missing app is looked for among the sources.
#[test]
fn what_would_depend_on_the_machine_is_refused() {
    let scratch = Scratch::new("native");
    let package = scratch.path("ampoule/wheels");
    let mut files = vec![
        ("BUILD.bazel".to_string(), MISTAKEN_TARGETS),
        (
            "world.wit".to_string(),
            "package a:b;\nworld w { export run: func(); }\n",
        ),
        (
            "main.py".to_string(),
            "import wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    def run(self) -> None:\n        pass\n",
        ),
    ];
    for wheel in ["fast", "wrapt"] {
        files.push((format!("{wheel}/{wheel}/__init__.py"), ""));
        files.push((
            format!("{wheel}/{wheel}/_native.cpython-313-x86_64-linux-gnu.so"),
            "\x7fELF",
        ));
        files.push((format!("{wheel}/{wheel}-1.0.dist-info/WHEEL"), "Wheel-Version: 1.0\n"));
    }
    for (name, text) in files {
        let file = package.join(name);
        std::fs::create_dir_all(file.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::write(file, text).expect("a file can be written");
    }
    let printed = scratch.refused(
        "build() { bazel build --disk_cache=/scratch/disk //wheels:$1; }
        build speedups || exit 0
        find -L bazel-bin/wheels/speedups.image -name '*.so'
        build native && exit 0
        build missing",
    );
    let native = "wheels/fast/fast/_native.cpython-313-x86_64-linux-gnu.so is native code for another system";
    assert!(
        printed.contains(native) && printed.contains("py_wasm_extension"),
        "{printed}"
    );
    assert!(!printed.contains("wrapt/_native"), "{printed}");
    let missing = "there is no module `mian`: none of the app's files (wheels/main.py) has mian.py";
    assert!(printed.contains(missing), "{printed}");
}

/// Of the same recipe as one of the project's own, with a word more, comes a wheel that says it.
fn own_recipe(scratch: &Scratch) {
    let folder = scratch.path("ampoule/own");
    let text = ampoule_action::read_text(&root().join("recipes/markupsafe.toml")).expect("the recipe is there");
    let text = text + "\n[not-followed]\n\"markupsafe\" = [\"string\"]\n";
    ampoule_action::write(&folder.join("markupsafe.toml"), text).expect("a file");
    ampoule_action::write(&folder.join("BUILD.bazel"), "exports_files(glob([\"*\"]))\n").expect("a file");
    let table = succeed(ampoule(&folder).args(["recipes", "--table", "--recipes", "markupsafe.toml"]));
    ampoule_action::write(&folder.join("recipes.json"), table).expect("a file");
    let named = "name = \"markupsafe\"";
    scratch.edit(
        "MODULE.bazel",
        named,
        &format!("{named}, recipes = \"//own:recipes.json\""),
    );
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk @ampoule_packages//:markupsafe.wheel
        cp -L bazel-bin/external/*ampoule_packages/markupsafe*.whl /scratch/own.whl",
    );
    let read = "import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]).decode())";
    let file = "markupsafe-3.0.4.dist-info/ampoule.json";
    let said = succeed(
        Command::new("python3")
            .args(["-c", read])
            .arg(scratch.path("own.whl"))
            .arg(file),
    );
    assert!(said.contains("\"string\""), "{said}");
}

/// A package is built by its recipe: the wheel is the driver's, and a component has what is in it.
#[test]
fn packages_are_built_from_source() {
    let theirs = outputs_of_driver(NATIVE);
    let scratch = Scratch::new("packages");
    scratch.bazel(
        "bazel test --disk_cache=/scratch/disk //examples/native:app_test
        bazel build --disk_cache=/scratch/disk @ampoule_packages//:{markupsafe,pyyaml}.wheel
        cp -L bazel-bin/external/*ampoule_packages/*.whl /scratch/",
    );
    for wheel in ["markupsafe-3.0.4", "pyyaml-6.0.4"] {
        let file = scratch.path(&format!("{wheel}-cp313-cp313-wasi_0_0_0_wasm32.whl"));
        let digest = Digest::of_file(&file).expect("Bazel has built the wheel");
        assert!(theirs.contains(&("pack:wheel".to_string(), digest)), "{wheel}");
    }
    own_recipe(&scratch);
    let recipes = "bazel/private/recipes.json";
    let (alone, needy) = (
        "\"needs\": {},\n    \"package\": \"pyyaml\"",
        "\"needs\": {\"markupsafe\": \"3.0.4\"},\n    \"package\": \"pyyaml\"",
    );
    scratch.edit(recipes, alone, needy);
    let prepared = scratch.bazel("bazel aquery 'mnemonic(AmpoulePrepare, deps(@ampoule_packages//:pyyaml))'");
    assert!(prepared.contains("--needed=markupsafe="), "{prepared}");
    scratch.edit("MODULE.bazel", "version = \"6.0.4\"", "version = \"5.0\"");
    let complaint = scratch.refused("bazel build --nobuild //examples/native:app");
    assert!(
        complaint.contains("there is no recipe for pyyaml 5.0: it was tried with 6.0.4"),
        "{complaint}"
    );
}

const CRATE: &str = r#"
load("//bazel:defs.bzl", "py_wasm_component", "py_wasm_rust_extension")

py_wasm_rust_extension(
    name = "probe",
    srcs = glob(["native/src/**"]),
    crate_features = ["wanted"],
    crates = "@probe_crates//:crates",
    default_features = False,
    lock = "native/Cargo.lock",
    manifest = "native/Cargo.toml",
    module = "probes.probe",
    source = "native",
)

py_wasm_component(
    name = "app",
    srcs = ["app.py", "probes/__init__.py"],
    app = "app",
    extensions = [":probe"],
    imports = ["."],
    wit = ["wit/world.wit"],
    world = "rust",
)
"#;

/// An extension module in Rust: the crate's library and the module are the driver's.
#[test]
fn crates_are_compiled_alike() {
    let theirs = outputs_of_driver(RUST);
    if !has_rust(pins()) {
        return;
    }
    let scratch = Scratch::new("crates");
    let build = scratch.path("ampoule/tests/apps/rust/BUILD.bazel");
    ampoule_action::write(&build, CRATE).expect("a file");
    let repository = "    \"ampoule_toolchains\",\n";
    scratch.edit(
        "MODULE.bazel",
        repository,
        &format!("{repository}    \"probe_crates\",\n"),
    );
    let tag = "ampoule.crates(name = \"probe_crates\", lock = \"//tests/apps/rust:native/Cargo.lock\")\nuse_repo(";
    scratch.edit("MODULE.bazel", "use_repo(", tag);
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //tests/apps/rust:app
        cp -L bazel-out/*/bin/tests/apps/rust/{probe.a,probe.so} /scratch/",
    );
    for (file, output) in [("probe.a", "cargo:library"), ("probe.so", "extension:extension")] {
        let digest = Digest::of_file(&scratch.path(file)).expect("Bazel has built it");
        assert!(theirs.contains(&(output.to_string(), digest)), "{file}");
    }
}
