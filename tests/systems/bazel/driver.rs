//! What the driver makes of the examples.

use super::scratch::{remove, scratch_root};
use ampoule_action::{Digest, Record};
use ampoule_support::{ampoule, cache, copy_into, root, succeed};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The examples that are built.
pub const EXAMPLES: [&str; 4] = ["hello", "echo", "extension", "web"];

/// One with packages that are built from source, whose installed files have other places in Bazel.
pub const NATIVE: &str = "native";

/// The app whose extension module is in Rust.
pub const RUST: &str = "rust";

/// The pinned files, which the driver has fetched into the tests' cache.
pub fn pins() -> &'static Path {
    static PINS: OnceLock<PathBuf> = OnceLock::new();
    PINS.get_or_init(|| {
        for example in EXAMPLES.into_iter().chain([NATIVE]) {
            build_by_driver(example);
        }
        build(&root().join("tests/apps/rust"), &driver_folder(RUST));
        cache().join("files")
    })
}

/// Where an example is built by the driver.
pub fn driver_folder(example: &str) -> PathBuf {
    scratch_root().join("driver").join(example)
}

/// Builds an example with the driver, with the records in `.records`.
pub fn build_by_driver(example: &str) {
    build(&root().join("examples").join(example), &driver_folder(example));
}

fn build(project: &Path, folder: &Path) {
    remove(folder);
    copy_into(project, folder);
    succeed(ampoule(folder).args(["build", "--records", ".records"]));
}

/// The digests of all outputs of a build by the driver, as `stage:output`.
pub fn outputs_of_driver(example: &str) -> BTreeSet<(String, Digest)> {
    pins();
    let folder = driver_folder(example).join(".records");
    let entries = std::fs::read_dir(folder).expect("the driver has written its records");
    let records = entries.map(|entry| Record::read(&entry.expect("it can be read").path()).expect("it is a record"));
    let named = |record: Record| {
        let stage = record.stage;
        record
            .outputs
            .into_iter()
            .map(move |(name, digest)| (format!("{stage}:{name}"), digest))
    };
    records.flat_map(named).collect()
}
