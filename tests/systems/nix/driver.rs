//! What the driver makes of the same projects.

use super::scratch::Scratch;
use ampoule_support::{ampoule, cache, copy_into, root};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

pub const EXAMPLES: [&str; 6] = ["hello", "dependencies", "native", "echo", "extension", "web"];

/// The app whose extension module is in Rust.
pub const RUST: &str = "rust";

/// The examples, built by the driver: a folder for each, with the component and the records in `.records`.
pub fn built_by_driver() -> &'static Path {
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
pub fn pins() -> &'static Path {
    static PINS: OnceLock<PathBuf> = OnceLock::new();
    PINS.get_or_init(|| {
        built_by_driver();
        cache().join("files")
    })
}

/// The records of a build by the driver, in their order.
pub fn records(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder.join(".records")).expect("the driver has written its records");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a record is text"))
        .collect()
}

/// Builds a project in the scratch folder by the driver and by Nix, with the template's flake, and compares the components.
pub fn assert_same_component(scratch: &Scratch, name: &str) {
    let project = scratch.folder.join(name);
    // The flake is among the files of an app whose folder is that of the project.
    std::fs::copy(root().join("nix/template/flake.nix"), project.join("flake.nix")).expect("a file can be copied");
    ampoule_support::succeed(ampoule(&project).args(["build", "--output", "../by-driver.wasm"]));
    scratch.nix(&format!(
        "cd {name}
        cp $(nix build path:. --override-input ampoule $AMPOULE --no-link --print-out-paths) ../by-nix.wasm"
    ));
    let component = |name: &str| std::fs::read(scratch.folder.join(name)).expect("the component is there");
    assert!(
        component("by-nix.wasm") == component("by-driver.wasm"),
        "the components of {name} differ"
    );
}
