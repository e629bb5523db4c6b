//! numpy's own tests. The package is built by its recipe with `modules.toml` at the end, which has the tests and the modules that are for
//! these alone.

use crate::pytest::Package;
use ampoule_support::root;
use std::path::Path;
use std::sync::OnceLock;

pub static NUMPY: Package = Package {
    name: "numpy",
    node: |file| format!("numpy/{file}"),
    prepare,
    program: OnceLock::new(),
};

fn prepare(app: &Path) {
    let read = |file: &str| std::fs::read_to_string(root().join(file)).expect("it is there");
    let recipe = read("recipes/numpy.toml") + "\n" + &read("tests/suites/numpy/modules.toml");
    std::fs::write(app.join("numpy.toml"), recipe).expect("the recipe can be written");
}
