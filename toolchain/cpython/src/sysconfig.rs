//! `_sysconfigdata`: what `sysconfig.get_config_vars()` answers.

use ampoule_image::{
    CORE_ARCHIVE, EXTENSION_SUFFIX, EXTENSIONS, HEADERS, MULTIARCH, PLATFORM, SERIES, SOABI, STDLIB_PATH,
    SYSCONFIG_MODULE,
};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The file's name in the standard library.
pub fn file_name() -> String {
    format!("{SYSCONFIG_MODULE}.py")
}

/// The module with the variables: the names of folders and files, and the macros of the configuration.
pub fn module(configuration: &BTreeMap<String, String>) -> String {
    let mut variables: BTreeMap<String, String> = configuration
        .iter()
        .map(|(name, value)| (name.clone(), python_value(value)))
        .collect();
    for (name, value) in layout() {
        variables.insert(name.to_owned(), format!("'{value}'"));
    }
    for name in [
        "Py_DEBUG",
        "Py_ENABLE_SHARED",
        "Py_GIL_DISABLED",
        "WITH_DTRACE",
        "WITH_MIMALLOC",
    ] {
        variables.insert(name.to_owned(), "0".to_owned());
    }
    let mut text = String::from("# The configuration of this interpreter.\nbuild_time_vars = {\n");
    for (name, value) in variables {
        let _ = writeln!(text, "    '{name}': {value},");
    }
    text.push_str("}\n");
    text
}

/// Where things are in the image, and how they are called.
fn layout() -> Vec<(&'static str, String)> {
    let include = format!("/{HEADERS}");
    vec![
        ("ABIFLAGS", String::new()),
        ("AR", "ar".to_owned()),
        ("BINDIR", "/bin".to_owned()),
        ("BINLIBDEST", STDLIB_PATH.to_owned()),
        ("CC", "clang --target=wasm32-wasip2".to_owned()),
        ("CCSHARED", "-fPIC".to_owned()),
        ("CFLAGS", "-DNDEBUG -O2".to_owned()),
        ("CONFINCLUDEPY", include.clone()),
        ("CXX", "clang++ --target=wasm32-wasip2".to_owned()),
        ("DESTDIRS", STDLIB_PATH.to_owned()),
        ("DESTSHARED", format!("{STDLIB_PATH}/{EXTENSIONS}")),
        ("EXE", String::new()),
        ("EXT_SUFFIX", EXTENSION_SUFFIX.to_owned()),
        ("HOST_GNU_TYPE", "wasm32-unknown-wasip2".to_owned()),
        ("INCLUDEPY", include),
        ("LDFLAGS", String::new()),
        ("LDLIBRARY", CORE_ARCHIVE.to_owned()),
        ("LDSHARED", "clang --target=wasm32-wasip2 -shared".to_owned()),
        ("LDVERSION", SERIES.to_owned()),
        ("LIBDEST", STDLIB_PATH.to_owned()),
        ("LIBDIR", "/lib".to_owned()),
        ("LIBRARY", CORE_ARCHIVE.to_owned()),
        ("MACHDEP", PLATFORM.to_owned()),
        ("MULTIARCH", MULTIARCH.to_owned()),
        ("PLATLIBDIR", "lib".to_owned()),
        ("SHLIB_SUFFIX", ".so".to_owned()),
        ("SOABI", SOABI.to_owned()),
        ("VERSION", SERIES.to_owned()),
        ("exec_prefix", "/".to_owned()),
        ("prefix", "/".to_owned()),
    ]
}

/// A macro's value in Python: numbers are numbers, all else is text, without C's quotes.
fn python_value(value: &str) -> String {
    if value.parse::<i64>().is_ok() {
        return value.to_owned();
    }
    format!("'{}'", value.trim_matches('"'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::configuration;

    #[test]
    fn variables_are_sorted_literals() {
        let text = module(&configuration());
        assert!(text.contains("    'EXT_SUFFIX': '.cpython-313-wasm32-wasi.so',\n"));
        assert!(text.contains("    'SIZEOF_VOID_P': 4,\n"));
        assert!(text.contains("    'PY_BUILTIN_HASHLIB_HASHES': 'md5,sha1,sha2,sha3,blake2',\n"));
        let names: Vec<&str> = text.lines().filter(|line| line.starts_with("    ")).collect();
        let mut sorted = names.clone();
        sorted.sort_by_key(|line| line.split(':').next().unwrap_or_default().to_owned());
        assert_eq!(names, sorted);
    }

    #[test]
    fn the_file_has_the_name_that_sysconfig_looks_for() {
        assert_eq!(file_name(), "_sysconfigdata__wasi_wasm32-wasi.py");
    }
}
