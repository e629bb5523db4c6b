//! What runs inside a component beside CPython, as source: `runtime/` is C on CPython's API and on the ABI of wit-dylib,
//! `python/` the package `_ampoule`, which the build uses and no component keeps.
//!
//! A crate, so that the stages that embed the sources are digested with them.

use include_dir::{Dir, include_dir};

/// The C files and headers of the runtime.
pub static RUNTIME: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/runtime");

/// The folder that holds the Python package `_ampoule`.
pub static PYTHON: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/python");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sources_are_embedded() {
        assert!(RUNTIME.get_file("initialise.c").is_some());
        assert!(PYTHON.get_file("_ampoule/__init__.py").is_some());
    }
}
