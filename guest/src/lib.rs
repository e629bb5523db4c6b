//! What runs inside a component beside CPython, as source: `runtime/` is C on CPython's API and on the ABI of wit-dylib,
//! `python/` the package `_ampoule`, which the build uses and no component keeps, and modules of the standard library.
//!
//! A crate, so that the stages that embed the sources are digested with them.

use include_dir::{Dir, include_dir};
use std::path::Path;

/// The C files and headers of the runtime, which include each other by their paths in this folder.
pub static RUNTIME: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/runtime");

/// What is added to the standard library: the package `_ampoule`, and modules that CPython does not have for WASI.
pub static PYTHON: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/python");

/// The folder of [`RUNTIME`] that is no part of the base but an extension module, which asynchronous worlds have.
const TASKS: &str = "tasks";

/// The paths of the C files in [`RUNTIME`] that are in the base, in the order in which they are linked: by their names,
/// whatever their folders are, so that a file can move and the interpreter stays the same.
pub fn units() -> Vec<&'static Path> {
    sources(|path| !path.starts_with(TASKS))
}

/// The paths of the C files of the extension module that asynchronous worlds have, in the order in which they are linked.
pub fn task_units() -> Vec<&'static Path> {
    sources(|path| path.starts_with(TASKS))
}

fn sources(belongs: impl Fn(&Path) -> bool) -> Vec<&'static Path> {
    let mut units = files(&RUNTIME);
    units.retain(|path| path.extension().is_some_and(|extension| extension == "c") && belongs(path));
    units.sort_by_key(|path| path.file_name());
    units
}

fn files(folder: &'static Dir<'static>) -> Vec<&'static Path> {
    let inner = folder.dirs().flat_map(files);
    folder.files().map(|file| file.path()).chain(inner).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_sources_are_embedded() {
        assert!(RUNTIME.get_file("life/initialise.c").is_some());
        assert!(PYTHON.get_file("_ampoule/__init__.py").is_some());
    }

    #[test]
    fn each_unit_has_a_name_of_its_own() {
        let units = [units(), task_units()].concat();
        let names: BTreeSet<_> = units.iter().filter_map(|path| path.file_name()).collect();
        assert!(units.contains(&Path::new("values/lower_list.c")));
        assert_eq!(names.len(), units.len());
    }
}
