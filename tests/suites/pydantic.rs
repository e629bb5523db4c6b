//! The tests of pydantic and of its core, which are in the source distributions.

use crate::pytest::Package;
use ampoule_support::{copy_into, pinned, root};
use std::path::Path;
use std::sync::OnceLock;

pub static PYDANTIC: Package = Package {
    name: "pydantic",
    node: |file| file.split_once('/').map_or(file, |(_, below)| below).to_string(),
    prepare,
    program: OnceLock::new(),
};

fn prepare(app: &Path) {
    let folder = root().join("tests/suites/pydantic");
    for name in ["pydantic", "pydantic-core"] {
        let sources = pinned(&folder.join("pins.json"), name, &format!("suite-of-{name}"));
        let suite = app.join("python/suite").join(name);
        copy_into(&sources.join("tests"), &suite.join("tests"));
        std::fs::remove_dir_all(suite.join("tests/benchmarks")).expect("benchmarks are no tests");
        std::fs::copy(folder.join("pytest.ini"), suite.join("pytest.ini")).expect("the settings of pytest");
    }
}
