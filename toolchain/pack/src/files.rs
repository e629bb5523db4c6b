//! The files of a wheel: what the recipe takes of the sources, and the modules.

use crate::Error;
use ampoule_recipe::{PythonFiles, Recipe};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The Python files and the modules, by their paths in the wheel.
pub(crate) fn collect(
    recipe: &Recipe,
    sources: &Path,
    modules: &[(String, PathBuf)],
) -> Result<BTreeMap<String, PathBuf>, Error> {
    let mut files = BTreeMap::new();
    let listed = listed(sources)?;
    for python in &recipe.python {
        files.extend(installed(python, sources, &listed)?);
    }
    files.extend(compiled(recipe, modules)?);
    Ok(files)
}

/// The paths of all files of the sources; in Bazel's sandbox they are links.
fn listed(sources: &Path) -> Result<Vec<String>, Error> {
    let mut paths = Vec::new();
    for entry in walkdir::WalkDir::new(sources).follow_links(true).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(sources).unwrap_or(entry.path());
            paths.push(path.to_string_lossy().into_owned());
        }
    }
    Ok(paths)
}

fn installed(python: &PythonFiles, sources: &Path, listed: &[String]) -> Result<Vec<(String, PathBuf)>, Error> {
    let place = |path: &String| Some((python.place(path)?.to_string(), sources.join(path)));
    let found: Vec<_> = listed.iter().filter_map(place).collect();
    if found.is_empty() {
        let patterns: Vec<String> = python.include.iter().map(|pattern| format!("`{pattern}`")).collect();
        let pattern = match python.from.as_str() {
            "" => patterns.join(", "),
            from => format!("{} of {from}", patterns.join(", ")),
        };
        return Err(Error::NoFile { pattern });
    }
    Ok(found)
}

/// The modules, each where Python finds it.
fn compiled(recipe: &Recipe, modules: &[(String, PathBuf)]) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut given: Vec<&str> = modules.iter().map(|(name, _)| name.as_str()).collect();
    let mut expected: Vec<&str> = recipe.modules.iter().map(|module| module.name.as_str()).collect();
    given.sort_unstable();
    expected.sort_unstable();
    if given != expected {
        return Err(Error::Modules {
            expected: expected.join(", "),
            given: given.join(", "),
        });
    }
    let place = |(name, file): &(String, PathBuf)| {
        let place = name.replace('.', "/") + ampoule_image::EXTENSION_SUFFIX;
        (place, file.clone())
    };
    Ok(modules.iter().map(place).collect())
}
