//! What all stages know of CPython and of the image, the file system in which it runs: the series of CPython, what names
//! follow from it, and where files are.
//!
//! A new version of CPython changes two lines here.

macro_rules! series {
    () => {
        "3.13"
    };
}

macro_rules! series_without_point {
    () => {
        "313"
    };
}

macro_rules! multiarch {
    () => {
        "wasm32-wasi"
    };
}

macro_rules! cache_tag {
    () => {
        concat!("cpython-", series_without_point!())
    };
}

macro_rules! soabi {
    () => {
        concat!(cache_tag!(), "-", multiarch!())
    };
}

/// The series of CPython: its version up to the second point.
pub const SERIES: &str = series!();

/// `sys.platform`.
pub const PLATFORM: &str = "wasi";

/// `sys.implementation._multiarch`.
pub const MULTIARCH: &str = multiarch!();

/// The tag in the names of extension modules.
pub const SOABI: &str = soabi!();

/// What the name of an extension module's file ends with.
pub const EXTENSION_SUFFIX: &str = concat!(".", soabi!(), ".so");

/// What the names of bytecode files end with, by the level of optimisation that Python was started with (PEP 488).
pub const BYTECODE_SUFFIXES: [&str; 3] = [
    concat!(".", cache_tag!(), ".pyc"),
    concat!(".", cache_tag!(), ".opt-1.pyc"),
    concat!(".", cache_tag!(), ".opt-2.pyc"),
];

/// The tags of a wheel with extension modules for the interpreter: Python, binary interface, platform. The platform is how CPython names
/// itself there (`sysconfig.get_platform()`), with underscores; no specification has accepted one for WASI yet.
pub const WHEEL_TAGS: [&str; 3] = [
    concat!("cp", series_without_point!()),
    concat!("cp", series_without_point!()),
    "wasi_0_0_0_wasm32",
];

/// The file in a wheel's `.dist-info` that says how its extension modules were made, and what they import.
pub const BUILD_FILE: &str = "ampoule.json";

/// The guest's own extension module, which is linked in asynchronous worlds only (`guest/runtime/tasks`).
pub const TASKS_MODULE: &str = "_ampoule_tasks";

/// The module of the stdlib with the variables of `sysconfig`.
pub const SYSCONFIG_MODULE: &str = concat!("_sysconfigdata__wasi_", multiarch!());

/// The core as an archive, by its name.
pub const CORE_ARCHIVE: &str = concat!("libpython", series!(), ".a");

/// The folder of CPython's headers, below that of a stage or `/`.
pub const HEADERS: &str = concat!("include/python", series!());

/// The folder of the stdlib, below that of a stage or `/`.
pub const STDLIB: &str = concat!("lib/python", series!());

/// The folder of the stdlib in the image.
pub const STDLIB_PATH: &str = concat!("/lib/python", series!());

/// The folder of extension modules, below that of the stdlib or of a stage.
pub const EXTENSIONS: &str = "lib-dynload";

/// The folder of the bindings in the image.
pub const BINDINGS_PATH: &str = "/bindings";

/// The app's first folder in the image.
pub const APP_PATH: &str = "/app";

/// The file beside the app's folders that lists those to import from, one a line: one may be inside of another.
pub const SEARCH_PATH: &str = "search-path";

/// The folder in the image of the one at this position of the app's Python path: `/app`, `/app1`, `/app2`, ...
pub fn app_path(position: usize) -> String {
    match position {
        0 => APP_PATH.to_string(),
        position => format!("{APP_PATH}{position}"),
    }
}

/// The position on the app's Python path of a folder in the image; none for any other.
pub fn app_position(path: &str) -> Option<usize> {
    let position = match path.strip_prefix(APP_PATH)? {
        "" => 0,
        digits => digits.parse().ok()?,
    };
    (app_path(position) == path).then_some(position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_cpython() {
        assert_eq!(SERIES.replace('.', ""), series_without_point!());
        assert_eq!(EXTENSION_SUFFIX, ".cpython-313-wasm32-wasi.so");
        assert_eq!(SYSCONFIG_MODULE, format!("_sysconfigdata__{PLATFORM}_{MULTIARCH}"));
        assert_eq!(STDLIB_PATH, format!("/{STDLIB}"));
    }

    #[test]
    fn positions_and_folders_are_one_to_one() {
        for position in [0, 1, 12] {
            assert_eq!(app_position(&app_path(position)), Some(position));
        }
        for other in ["/", "/bindings", "/apple", "/app0", "/app01", "/app1/a"] {
            assert_eq!(app_position(other), None, "{other}");
        }
    }
}
