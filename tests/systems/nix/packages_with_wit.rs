//! Python packages with WIT of their own.

use super::driver::assert_same_component;
use super::scratch::Scratch;
use ampoule_support::{copy_into, root};

/// The app that imports two packages with WIT of their own, with something else in its project file.
fn project(name: &str, lines: &str) -> Scratch {
    let scratch = Scratch::new(name);
    let folder = scratch.folder.join("app");
    copy_into(&root().join("tests/apps/packages"), &folder);
    let file = folder.join("pyproject.toml");
    let text = std::fs::read_to_string(&file).expect("there is a project file");
    let text = text.replace("paths = [\".\", \"lib\"]\n", lines);
    std::fs::write(file, text).expect("the project file can be written");
    scratch
}

/// They are found in the folders of the Python path, one of which is inside of the other here.
#[test]
fn packages_on_the_path_are_found() {
    let scratch = project("packages", "paths = [\".\", \"lib\"]\n");
    assert_same_component(&scratch, "app");
}

/// What is in a wheel Nix does not know before it is built: the packages are those whose worlds are chosen.
#[test]
fn packages_in_a_wheel_are_named_by_their_worlds() {
    let scratch = project("wheel", "exclude = [\"wheels\"]\n");
    scratch.nix(
        "cd app
        python3 /ampoule/tests/build-systems/lock_wheel.py sdks lib
        rm -r lib",
    );
    assert_same_component(&scratch, "app");
}
