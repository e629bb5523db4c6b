//! Targets as projects lay them out: what is shared, generated, or chosen by the configuration.

use super::scratch::Scratch;

/// A library whose Python is made by an action, in a folder that is itself on the Python path.
const GENERATED_LIBRARY: &str = r#"
load("@rules_python//python:py_info.bzl", "PyInfo")

def _generated_impl(ctx):
    folder = ctx.actions.declare_directory(ctx.label.name)
    script = "mkdir -p $1/more && echo 'WHERE = \"here\"' >$1/made.py && echo 'WHERE = \"below\"' >$1/more/made_below.py"
    ctx.actions.run_shell(outputs = [folder], command = script, arguments = [folder.path])
    place = "/".join([ctx.workspace_name, ctx.label.package, ctx.label.name])
    return [
        DefaultInfo(files = depset([folder])),
        PyInfo(imports = depset([place, place + "/more"]), transitive_sources = depset([folder])),
    ]

generated = rule(implementation = _generated_impl, provides = [PyInfo])
"#;

/// The targets: bindings that two libraries stand before, a generated library, WIT of which a file is generated, and a world by `select`.
const TARGETS: &str = r#"
load("//bazel:defs.bzl", "py_wasm_component", "py_wasm_component_test", "wit_bindings")
load("@rules_python//python:py_library.bzl", "py_library")
load(":generated.bzl", "generated")

wit_bindings(name = "bindings", wit = ["wit/world.wit", ":types"], world = "small")

py_library(name = "inner", srcs = ["inner.py"], imports = ["."], deps = [":bindings"])

py_library(name = "code", srcs = ["main.py"], imports = ["."], deps = [":inner", ":made"])

generated(name = "made")

genrule(
    name = "types",
    outs = ["wit/types.wit"],
    cmd = "echo 'interface types { type word = string; }' >$@",
)

config_setting(name = "big", values = {"define": "size=big"})

py_wasm_component(
    name = "app",
    srcs = [],
    app = "main",
    wit = ["wit/world.wit", ":types"],
    world = select({":big": "big", "//conditions:default": "small"}),
    deps = [":code"],
)

py_wasm_component_test(name = "app_test", calls = {"where()": '"here below small"'}, component = ":app")
"#;

const WORLDS: &str = "\
package example:layouts;

world small {
  use types.{word};
  export where: func() -> word;
}

world big {
  include small;
  export more: func();
}
";

const INNER: &str = "\
import wit_world


class Base(wit_world.WitWorld):
    SIZE = 'big' if hasattr(wit_world.WitWorld, 'more') else 'small'
";

const MAIN: &str = "\
from inner import Base
from made import WHERE
from made_below import WHERE as BELOW


class WitWorld(Base):
    def where(self) -> str:
        return f'{WHERE} {BELOW} {self.SIZE}'

    def more(self) -> None:
        pass
";

#[test]
fn what_is_shared_generated_or_selected_is_built() {
    let scratch = Scratch::new("layouts");
    let package = scratch.path("ampoule/layouts");
    std::fs::create_dir_all(package.join("wit")).expect("a folder can be made");
    let files = [
        ("BUILD.bazel", TARGETS),
        ("generated.bzl", GENERATED_LIBRARY),
        ("wit/world.wit", WORLDS),
        ("inner.py", INNER),
        ("main.py", MAIN),
    ];
    for (name, text) in files {
        std::fs::write(package.join(name), text).expect("a file can be written");
    }
    let printed = scratch.bazel(
        "build() { bazel \"$@\" --disk_cache=/scratch/disk; }
        build test //layouts:app_test //layouts:bindings
        (cd -L bazel-bin/layouts/app.image && find . -name '*.py')
        echo --- big
        build build --define=size=big //layouts:app
        bazel run --define=size=big --disk_cache=/scratch/disk //layouts:app.run -- 'where()'",
    );
    let (small, big) = printed.split_once("--- big\n").expect("the script says so");
    assert!(small.contains("app_test") && small.contains(" PASSED "), "{printed}");
    // The bindings are the component's own alone.
    let bindings = small.lines().filter(|line| line.ends_with("/wit_world/__init__.py"));
    assert_eq!(bindings.collect::<Vec<_>>(), ["./bindings/wit_world/__init__.py"]);
    assert_eq!(big, "\"here below big\"\n");
}

/// An app that imports what no host has, and another that has it.
const STAND_IN_TARGETS: &str = r#"
load("//bazel:defs.bzl", "py_wasm_component", "py_wasm_component_test")

py_wasm_component(name = "app", srcs = ["app.py"], app = "app", wit = ["prices.wit"], world = "app")

py_wasm_component(name = "prices", srcs = ["prices.py"], app = "prices", wit = ["prices.wit"], world = "prices")

py_wasm_component_test(
    name = "app_test",
    calls = {'offer("tea")': 'ok("tea: 250 (asked: tea)")', 'offer("gold")': 'err("no gold")'},
    component = ":app",
    stand_ins = [":prices"],
)

py_wasm_component_test(name = "lonely_test", calls = {'offer("tea")': 'ok("")'}, component = ":app")
"#;

const PRICES: &str = "\
package example:prices@1.0.0;

interface lookup {
  record price { item: string, cents: u32 }
  find: func(item: string) -> result<price, string>;
  asked: func() -> list<string>;
}

world app {
  import lookup;
  export offer: func(item: string) -> result<string, string>;
}

world prices {
  export lookup;
}
";

const APP_WITH_IMPORTS: &str = "\
import wit_world
from wit_world.imports import lookup


class WitWorld(wit_world.WitWorld):
    def offer(self, item: str) -> str:
        price = lookup.find(item)
        return f'{price.item}: {price.cents} (asked: {\" \".join(lookup.asked())})'
";

const STAND_IN: &str = "\
from componentize_py_types import Err
from wit_world import exports
from wit_world.exports import lookup

asked = []


class Lookup(exports.Lookup):
    def find(self, item: str) -> lookup.Price:
        asked.append(item)
        if item != 'tea':
            raise Err(f'no {item}')
        return lookup.Price(item, 250)

    def asked(self) -> list[str]:
        return asked
";

/// A test gives a component in Python for what the tested one imports.
#[test]
fn a_component_stands_in_for_imports() {
    let scratch = Scratch::new("stand-ins");
    let package = scratch.path("ampoule/stand_ins");
    std::fs::create_dir_all(&package).expect("a folder can be made");
    let files = [
        ("BUILD.bazel", STAND_IN_TARGETS),
        ("prices.wit", PRICES),
        ("app.py", APP_WITH_IMPORTS),
        ("prices.py", STAND_IN),
    ];
    for (name, text) in files {
        std::fs::write(package.join(name), text).expect("a file can be written");
    }
    let printed = scratch.refused(
        "bazel test --disk_cache=/scratch/disk --test_output=errors //stand_ins:app_test || exit 0
        bazel test --disk_cache=/scratch/disk --test_output=errors //stand_ins:lonely_test",
    );
    assert!(printed.contains("`ampoule run` does not provide"), "{printed}");
    assert!(printed.contains("example:prices/lookup@1.0.0"), "{printed}");
}
