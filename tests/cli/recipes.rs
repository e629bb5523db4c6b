//! Recipes of a project's own: they build its packages, and packages give headers to each other.

use ampoule_action::Digest;
use ampoule_support::{ampoule, copy, root, succeed};
use std::path::Path;
use std::process::Command;

const GIVES: &str = "package = 'gives'
versions = '==1.*'
[[headers]]
from = 'src'
to = 'include/gives'
include = ['*.h']
";

const OWN: &str = "package = 'own'
versions = '==1.*'
[[needs]]
package = 'gives'
version = '1.0'
[[modules]]
name = 'own._own'
sources = ['own.c']
include = ['gives/include']
[[python]]
include = ['own/**']
";

const MODULE: &str = "#include <Python.h>
#include <gives/value.h>
static int fill(PyObject *module) { return PyModule_AddIntConstant(module, \"VALUE\", VALUE); }
static PyModuleDef_Slot slots[] = {{Py_mod_exec, fill}, {0, NULL}};
static PyModuleDef definition = {PyModuleDef_HEAD_INIT, .m_name = \"_own\", .m_slots = slots};
PyMODINIT_FUNC PyInit__own(void) { return PyModuleDef_Init(&definition); }
";

fn write(folder: &Path, file: &str, text: &str) {
    ampoule_action::write(&folder.join(file), text.as_bytes()).expect("the file is written");
}

/// Packs the source distribution of a package into the mirror; gives what a recipe says of it.
fn pack(folder: &Path, package: &str, files: &[(&str, &str)]) -> String {
    let name = format!("{package}-1.0");
    for (file, text) in files {
        write(&folder.join(&name), file, text);
    }
    write(
        &folder.join(&name),
        "PKG-INFO",
        &format!("Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n"),
    );
    std::fs::create_dir_all(folder.join("mirror")).expect("a folder");
    let archive = format!("mirror/{name}.tar.gz");
    succeed(Command::new("tar").args(["czf", &archive, &name]).current_dir(folder));
    let bytes = std::fs::read(folder.join(&archive)).expect("it is there");
    format!(
        "[sdists]\n'1.0' = {{ file = '{name}.tar.gz', digest = '{}', size = {} }}\n",
        Digest::of_bytes(&bytes),
        bytes.len()
    )
}

/// A project with two packages, the recipes of which are its own.
fn project() -> tempfile::TempDir {
    let project = copy(&root().join("examples/hello"));
    let folder = project.path();
    let gives = pack(folder, "gives", &[("src/value.h", "#define VALUE 42\n")]);
    let own = pack(
        folder,
        "own",
        &[("own.c", MODULE), ("own/__init__.py", "from ._own import VALUE\n")],
    );
    write(folder, "recipes/gives.toml", &format!("{GIVES}{gives}"));
    write(folder, "recipes/own.toml", &format!("{OWN}{own}"));
    let digest = Digest::of_file(&folder.join("mirror/own-1.0.tar.gz")).expect("it can be read");
    write(
        folder,
        "pylock.toml",
        &format!(
            "lock-version = '1.0'\ncreated-by = 'test'\n[[packages]]\nname = 'own'\nversion = '1.0'\n\
             sdist = {{ path = 'mirror/own-1.0.tar.gz', hashes = {{ sha256 = '{}' }} }}\n",
            digest.hexadecimal()
        ),
    );
    write(
        folder,
        "pyproject.toml",
        "[tool.ampoule]\nworld = 'hello'\noutput = 'hello.wasm'\npaths = ['app']\nrecipes = ['recipes']\n",
    );
    write(
        folder,
        "app/app.py",
        "import own, wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    def greet(self, name):\n        \
         return f'{name} {own.VALUE}'\n",
    );
    project
}

#[test]
fn a_project_has_recipes_of_its_own() {
    let project = project();
    let folder = project.path();
    succeed(ampoule(folder).args(["--offline", "--mirror", "mirror", "build"]));
    assert_eq!(
        succeed(ampoule(folder).args(["run", "hello.wasm", "greet(\"is\")"])),
        "\"is 42\"\n"
    );
    let wheel = [
        "--offline",
        "--mirror",
        "mirror",
        "wheel",
        "own==1.0",
        "--recipes",
        "recipes",
    ];
    let built = succeed(ampoule(folder).args(wheel));
    assert_eq!(built, "./own-1.0-cp313-cp313-wasi_0_0_0_wasm32.whl\n");
    let listed = succeed(ampoule(folder).args(["recipes", "--recipes", "recipes/own.toml"]));
    assert!(listed.starts_with("own "), "{listed}");
}

#[test]
fn a_package_is_made_of_a_folder_of_the_project() {
    let project = copy(&root().join("tests/apps/parts"));
    let folder = project.path();
    succeed(ampoule(folder).arg("build"));
    let found = succeed(ampoule(folder).args(["run", "parts.wasm", "check()"]));
    assert_eq!(found, "\"7 14 None 2.0\"\n");
    let text = std::fs::read_to_string(folder.join("pyproject.toml")).expect("it is there");
    write(
        folder,
        "pyproject.toml",
        &(text + "description = 'native/parts.toml'\n"),
    );
    let output = ampoule(folder).arg("build").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("each of `extensions` has either `description = \"FILE\"`"),
        "{said}"
    );
}

#[test]
fn packages_that_need_each_other_are_refused() {
    let project = project();
    let folder = project.path();
    let gives = std::fs::read_to_string(folder.join("recipes/gives.toml")).expect("it is there");
    let needy = gives.replace(
        "[[headers]]",
        "[[needs]]\npackage = 'own'\nversion = '1.0'\n[[headers]]",
    );
    write(folder, "recipes/gives.toml", &needy);
    let output = ampoule(folder)
        .args(["--offline", "--mirror", "mirror", "build"])
        .output();
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    assert!(
        said.contains("the recipe of own needs itself: own needs gives needs own"),
        "{said}"
    );
    write(folder, "recipes/gives.toml", "package = 'Gives'\nversions = '==1.*'\n");
    let output = ampoule(folder).args(["build"]).output();
    let said = String::from_utf8_lossy(&output.expect("it runs").stderr).into_owned();
    assert!(
        said.contains("gives.toml: package = \"Gives\" is not a normalised name"),
        "{said}"
    );
}

/// A package that is compiled from its own sources alone has a recipe by its draft.
#[test]
fn a_draft_of_a_plain_package_is_its_recipe() {
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = scratch.path();
    let draft = succeed(ampoule(folder).args(["recipes", "--draft", "MarkupSafe==3.0.4"]));
    write(folder, "draft.toml", &draft);
    let wheel = |output: &str, more: &[&str]| {
        let printed = succeed(
            ampoule(folder)
                .args(["wheel", "markupsafe==3.0.4", "-o", output])
                .args(more),
        );
        std::fs::read(folder.join(printed.trim_end())).expect("the wheel is there")
    };
    let (drafted, known) = (wheel("drafted", &["--recipes", "draft.toml"]), wheel("known", &[]));
    assert!(drafted == known, "the wheels differ");
}
