//! Wheels of packages with native code: built by recipes, and installed from locks.

use ampoule_action::Digest;
use ampoule_support::{ampoule, copy, root, succeed};
use std::path::Path;

/// The name of the wheel of MarkupSafe.
const WHEEL: &str = "markupsafe-3.0.4-cp313-cp313-wasi_0_0_0_wasm32.whl";

/// Builds that wheel into a folder of its own.
fn built() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let printed = succeed(ampoule(folder.path()).args(["wheel", "MarkupSafe==3.0.4", "-o", "wheels"]));
    assert_eq!(printed.trim_end(), format!("wheels/{WHEEL}"));
    folder
}

/// A project whose lock has this of MarkupSafe.
fn project(lock: &str) -> tempfile::TempDir {
    let project = copy(&root().join("examples/hello"));
    let write = |file: &str, text: &str| std::fs::write(project.path().join(file), text).expect("the file is written");
    write(
        "pyproject.toml",
        "[tool.ampoule]\nworld = \"hello\"\noutput = \"hello.wasm\"\n",
    );
    write(
        "pylock.toml",
        &format!(
            "lock-version = '1.0'\ncreated-by = 'test'\n[[packages]]\nname = 'markupsafe'\nversion = '3.0.4'\n{lock}\n"
        ),
    );
    write(
        "app.py",
        "import markupsafe._speedups, wit_world\n\n\nclass WitWorld(wit_world.WitWorld):\n    def greet(self, name):\n        \
         return markupsafe._speedups._escape_inner(name)\n",
    );
    project
}

fn sha256(file: &Path) -> String {
    Digest::of_file(file).expect("the file can be read").hexadecimal()
}

#[test]
fn a_wheel_that_was_built_is_installed_from_a_lock() {
    let folder = built();
    let wheel = folder.path().join("wheels").join(WHEEL);
    let hash = sha256(&wheel);
    let project = project(&format!(
        "[[packages.wheels]]\npath = '{WHEEL}'\nhashes = {{ sha256 = '{hash}' }}"
    ));
    std::fs::copy(&wheel, project.path().join(WHEEL)).expect("it is copied");
    succeed(ampoule(project.path()).args(["build", "--offline"]));
    let said = succeed(ampoule(project.path()).args(["run", "hello.wasm", "greet(\"<\")"]));
    assert_eq!(said.trim_end(), "\"&lt;\"");
}

#[test]
fn a_source_distribution_beside_the_lock_must_be_the_locks() {
    let hash = "0".repeat(64);
    let project = project(&format!(
        "sdist = {{ path = 'markupsafe-3.0.4.tar.gz', hashes = {{ sha256 = '{hash}' }} }}"
    ));
    std::fs::write(project.path().join("markupsafe-3.0.4.tar.gz"), "other").expect("the file is written");
    let output = ampoule(project.path()).arg("build").output().expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("the lock has sha256-AAAA"),
        "{said}"
    );
}

#[test]
fn what_has_no_recipe_is_said() {
    let refused = |arguments: &[&str]| {
        let output = ampoule(&root()).args(arguments).output().expect("it runs");
        assert!(!output.status.success());
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let said = refused(&["wheel", "markupsafe==1.0"]);
    assert!(
        said.contains("there is no recipe for markupsafe 1.0; `ampoule recipes` lists"),
        "{said}"
    );
    let said = refused(&["wheel", "markupsafe"]);
    assert!(said.contains("expected NAME==VERSION"), "{said}");
    let said = refused(&["recipes", "nothing"]);
    assert!(said.contains("there is no recipe for nothing;"), "{said}");
    let listed = succeed(ampoule(&root()).arg("recipes"));
    assert!(listed.lines().any(|line| line.starts_with("markupsafe")), "{listed}");
    let recipe = succeed(ampoule(&root()).args(["recipes", "MarkupSafe"]));
    assert!(recipe.contains("name = \"markupsafe._speedups\""), "{recipe}");
}
