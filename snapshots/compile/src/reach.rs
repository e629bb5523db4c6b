//! What of the stdlib, and which extension modules, an app can reach by its import statements.

use crate::Imports;
use crate::hidden::{ALWAYS, OFFERED, hidden, is_followed, wanted_by_the_app};
use crate::selection::is_own;
use std::collections::{BTreeMap, BTreeSet};

/// What an app can reach beside its own Python files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reachable {
    /// Modules of the stdlib in Python.
    pub stdlib: BTreeSet<String>,
    /// Extension modules, by their paths in the image.
    pub extensions: BTreeSet<String>,
}

/// Finds what can be reached from an app's modules.
///
/// Every import statement counts, wherever it stands; what `hidden` lists is added or left out. `extensions` has the extension
/// modules that there are, by name, with their paths in the image; `compiled` what the app's own ones import; `selected` is what the user
/// adds.
pub fn reach(
    app: &Imports,
    selected: &[&String],
    stdlib: &Imports,
    extensions: &BTreeMap<String, String>,
    compiled: &BTreeMap<String, BTreeSet<&str>>,
) -> Reachable {
    let mut found = BTreeSet::new();
    let mut pending: Vec<&str> = ALWAYS.to_vec();
    pending.extend(selected.iter().map(|name| name.as_str()));
    let imported = app
        .iter()
        .filter(|(name, _)| !OFFERED.contains(&name.as_str()) || is_imported(app, name))
        .flat_map(|(_, imports)| imports.top.iter().chain(&imports.inner));
    for name in imported {
        pending.push(name);
        pending.extend(wanted_by_the_app(name));
    }
    while let Some(name) = pending.pop() {
        if app.contains_key(name) || !found.insert(name) {
            continue;
        }
        if let Some(imports) = stdlib.get(name) {
            pending.extend(followed(name, &imports.top, false));
            pending.extend(followed(name, &imports.inner, true));
        }
        pending.extend(compiled.get(name).into_iter().flatten().copied());
        pending.extend(hidden(name));
    }
    let is_reached = |(name, _): &(&String, &String)| found.contains(name.as_str());
    Reachable {
        extensions: extensions
            .iter()
            .filter(is_reached)
            .map(|(_, path)| path.clone())
            .collect(),
        stdlib: found
            .into_iter()
            .filter(|name| stdlib.contains_key(*name) && !is_own(name))
            .map(str::to_string)
            .collect(),
    }
}

/// Whether another of the app's modules imports this one.
fn is_imported(app: &Imports, module: &str) -> bool {
    let mut all = app.values();
    all.any(|imports| imports.top.contains(module) || imports.inner.contains(module))
}

fn followed<'a>(module: &'a str, imports: &'a BTreeSet<String>, in_functions: bool) -> impl Iterator<Item = &'a str> {
    let is_followed = move |import: &&str| is_followed(module, import, in_functions);
    imports.iter().map(String::as_str).filter(is_followed)
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
            ("digests", &[], &["_md5", "logging"]),
            ("logging", &[], &[]),
            ("pickle", &["_pickle"], &[]),
            ("_compat_pickle", &[], &[]),
        ]);
        let extensions = ["_json", "_md5", "_pickle", "own", "unicodedata"];
        let extensions = extensions.map(|name| (name.to_string(), name.to_string()));
        let compiled = [("own".to_string(), BTreeSet::from(["json", "_md5"]))];
        let reachable = reach(
            app,
            &[],
            &stdlib,
            &BTreeMap::from(extensions),
            &BTreeMap::from(compiled),
        );
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
    fn statements_in_the_stdlibs_functions_count_but_for_those_of_no_use() {
        assert_eq!(
            reached(&imports(&[("app", &["digests"], &[])])),
            ["digests", "logging", "_md5"]
        );
    }

    #[test]
    fn what_compiled_code_imports_counts_if_that_is_imported() {
        assert_eq!(
            reached(&imports(&[("app", &["own"], &[])])),
            ["json", "json.decoder", "_json", "_md5", "own"]
        );
    }

    #[test]
    fn what_no_statement_says_counts() {
        assert_eq!(
            reached(&imports(&[("app", &["pickle"], &[])])),
            ["_compat_pickle", "pickle", "_pickle"]
        );
    }

    #[test]
    fn tls_is_for_apps_that_talk_to_servers_themselves() {
        let stdlib = imports(&[
            ("urllib.request", &["ssl"], &[]),
            ("xml.sax", &["urllib.request"], &[]),
            ("ssl", &["_ssl"], &[]),
        ]);
        let extensions = BTreeMap::from([("_ssl".to_string(), "_ssl".to_string())]);
        let reached = |import| {
            let app = imports(&[("app", &[import], &[])]);
            reach(&app, &[], &stdlib, &extensions, &BTreeMap::new()).extensions
        };
        assert!(reached("xml.sax").is_empty());
        assert!(reached("urllib.request").contains("_ssl"));
        assert!(reached("ssl").contains("_ssl"));
    }

    #[test]
    fn an_apps_module_hides_one_of_the_stdlib() {
        assert_eq!(
            reached(&imports(&[("app", &["json"], &[]), ("json", &[], &[])])),
            Vec::<String>::new()
        );
    }
}
