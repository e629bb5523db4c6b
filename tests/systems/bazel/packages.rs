//! Python packages with WIT of their own, in libraries that are chosen for WASI.

use super::scratch::Scratch;
use ampoule_support::{ampoule, copy_into, root, succeed};

/// The library of the packages is behind a `select`, as that of a package for several platforms is.
const TARGETS: &str = r#"
load("//bazel:defs.bzl", "py_wasm_component")
load("@rules_python//python:py_library.bzl", "py_library")

py_library(
    name = "kits",
    srcs = glob(["lib/**/*.py"]),
    data = glob(["lib/**"], exclude = ["lib/**/*.py"]),
    imports = ["lib"],
)

py_library(name = "nothing")

py_library(name = "code", deps = select({"@platforms//os:wasi": [":kits"], "//conditions:default": [":nothing"]}))

py_wasm_component(
    name = "app",
    srcs = ["main/app.py"],
    app = "app",
    imports = ["main"],
    module_worlds = ["greeting_sdk=greeting", "shouting_sdk=shouting"],
    wit = glob(["wit/**"]),
    world = "test:packages/app",
    deps = [":code"],
)
"#;

/// The same for the driver.
const PROJECT: &str = r#"
[tool.ampoule]
wit = "wit"
world = "test:packages/app"
paths = ["main", "lib"]
output = "app.wasm"
module-worlds = ["greeting_sdk=greeting", "shouting_sdk=shouting"]
"#;

#[test]
fn packages_have_bindings_as_with_the_driver() {
    let scratch = Scratch::new("wit-packages");
    let (app, project) = (root().join("tests/apps/packages"), scratch.path("ampoule/packages"));
    for folder in ["lib", "wit"] {
        copy_into(&app.join(folder), &project.join(folder));
    }
    let main = ampoule_action::read_text(&app.join("app.py")).expect("the app is there");
    for (name, text) in [
        ("main/app.py", main.as_str()),
        ("BUILD.bazel", TARGETS),
        ("pyproject.toml", PROJECT),
    ] {
        ampoule_action::write(&project.join(name), text).expect("a file can be written");
    }
    scratch.bazel(
        "bazel build --disk_cache=/scratch/disk //packages:app
        cp bazel-bin/packages/app.wasm /scratch/app.wasm",
    );
    succeed(ampoule(&project).arg("build"));
    let by_driver = std::fs::read(project.join("app.wasm")).expect("the driver has made the component");
    let by_bazel = std::fs::read(scratch.path("app.wasm")).expect("Bazel has made the component");
    assert!(by_driver == by_bazel, "the components differ");
}
