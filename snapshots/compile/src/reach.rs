//! What of the stdlib, and which extension modules, an app can reach by its import statements.

use crate::Imports;
use std::collections::{BTreeMap, BTreeSet};

/// What an app can reach beside its own Python files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// Modules of the stdlib in Python.
    pub stdlib: BTreeSet<String>,
    /// Extension modules, by their paths in the image.
    pub extensions: BTreeSet<String>,
}

/// What modules in C import when they run: no import statement says so.
const IMPORTS_FROM_C: &[(&str, &[&str])] = &[
    (
        "_asyncio",
        &[
            "asyncio.events",
            "asyncio.base_futures",
            "asyncio.exceptions",
            "asyncio.base_tasks",
            "asyncio.coroutines",
            "traceback",
        ],
    ),
    ("_codecs_cn", &["_multibytecodec"]),
    ("_codecs_hk", &["_multibytecodec"]),
    ("_codecs_iso2022", &["_multibytecodec"]),
    ("_codecs_jp", &["_multibytecodec"]),
    ("_codecs_kr", &["_multibytecodec"]),
    ("_codecs_tw", &["_multibytecodec"]),
    ("_csv", &["io"]),
    ("_datetime", &["_strptime", "time"]),
    ("_decimal", &["collections", "collections.abc", "numbers"]),
    ("_elementtree", &["copy", "pyexpat", "xml.etree.ElementPath"]),
    ("_pickle", &["_compat_pickle", "codecs", "copyreg", "functools"]),
    ("_sqlite3", &["sqlite3.dump"]),
    ("_zoneinfo", &["_datetime", "datetime"]),
    ("array", &["collections.abc"]),
    ("time", &["_strptime"]),
];

/// Imports in the stdlib's functions that are not followed: what they are for is rare, or known to the compiler of the app's
/// files, which lists `unicodedata` for a file that is not ASCII or gives a character by its name.
const NOT_FOLLOWED: &[(&str, &str)] = &[
    ("re._parser", "unicodedata"),
    ("traceback", "unicodedata"),
    ("types", "_socket"),
];

/// What the interpreter may import by itself: to start, to decode text, to show an exception.
const ALWAYS: &[&str] = &[
    "abc",
    "encodings",
    "encodings.aliases",
    "encodings.utf_8",
    "io",
    "linecache",
    "os",
    "site",
    "traceback",
    "warnings",
];

/// Finds what can be reached from an app's modules.
///
/// Of the app's modules every import statement counts, wherever it stands. Of the stdlib's, those that run when the module is
/// imported, and those of its functions that lead to an extension module directly. `extensions` has the extension modules that
/// there are, by name, with their paths in the image.
pub fn reach(app: &Imports, stdlib: &Imports, extensions: &BTreeMap<String, String>) -> Reachable {
    let mut found = BTreeSet::new();
    let mut pending: Vec<String> = ALWAYS.iter().map(|name| name.to_string()).collect();
    pending.extend(
        app.values()
            .flat_map(|imports| imports.top.iter().chain(&imports.inner).cloned()),
    );
    while let Some(name) = pending.pop() {
        if app.contains_key(&name) || !found.insert(name.clone()) {
            continue;
        }
        if let Some(imports) = stdlib.get(&name) {
            pending.extend(imports.top.iter().cloned());
            let followed = |inner: &&String| {
                extensions.contains_key(*inner) && !NOT_FOLLOWED.contains(&(name.as_str(), inner.as_str()))
            };
            pending.extend(imports.inner.iter().filter(followed).cloned());
        }
        pending.extend(from_c(&name).iter().map(|name| name.to_string()));
    }
    let reachable_extensions = extensions
        .iter()
        .filter(|(name, _)| found.contains(*name))
        .map(|(_, path)| path.clone())
        .collect();
    let stdlib = found.into_iter().filter(|name| stdlib.contains_key(name)).collect();
    Reachable {
        stdlib,
        extensions: reachable_extensions,
    }
}

fn from_c(name: &str) -> &'static [&'static str] {
    IMPORTS_FROM_C
        .iter()
        .find(|(module, _)| *module == name)
        .map_or(&[], |(_, imports)| imports)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ModuleImports;

    fn imports(rows: &[(&str, &[&str], &[&str])]) -> Imports {
        let set = |names: &[&str]| names.iter().map(|name| name.to_string()).collect();
        rows.iter()
            .map(|(module, top, inner)| {
                (
                    module.to_string(),
                    ModuleImports {
                        top: set(top),
                        inner: set(inner),
                    },
                )
            })
            .collect()
    }

    fn reached(app: &Imports) -> Vec<String> {
        let stdlib = imports(&[
            ("json", &["json.decoder"], &["argparse"]),
            ("json.decoder", &["_json"], &[]),
            ("hashlib", &[], &["_md5", "logging"]),
            ("pickle", &["_pickle"], &[]),
            ("_compat_pickle", &[], &[]),
        ]);
        let extensions = ["_json", "_md5", "_pickle", "unicodedata"].map(|name| (name.to_string(), name.to_string()));
        let reachable = reach(app, &stdlib, &BTreeMap::from(extensions));
        reachable.stdlib.into_iter().chain(reachable.extensions).collect()
    }

    #[test]
    fn statements_in_the_apps_functions_count() {
        assert_eq!(
            reached(&imports(&[("app", &["helper"], &[]), ("helper", &[], &["json"])])),
            ["json", "json.decoder", "_json"]
        );
    }

    #[test]
    fn of_the_stdlibs_functions_only_extensions_count() {
        assert_eq!(reached(&imports(&[("app", &["hashlib"], &[])])), ["hashlib", "_md5"]);
    }

    #[test]
    fn what_c_imports_counts() {
        assert_eq!(
            reached(&imports(&[("app", &["pickle"], &[])])),
            ["_compat_pickle", "pickle", "_pickle"]
        );
    }

    #[test]
    fn an_apps_module_hides_one_of_the_stdlib() {
        assert_eq!(
            reached(&imports(&[("app", &["json"], &[]), ("json", &[], &[])])),
            Vec::<String>::new()
        );
    }
}
