//! What a source distribution says of itself, and what of that is in the wheel's `.dist-info`.

use crate::Error;
use ampoule_action::read_text;
use ampoule_image::BUILD_FILE;
use ampoule_native::normalised;
use ampoule_recipe::{OtherSource, Recipe};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// The file of a source distribution with its core metadata.
const PKG_INFO: &str = "PKG-INFO";

/// How the names of files of licences begin.
const LICENCES: [&str; 4] = ["COPYING", "LICENCE", "LICENSE", "NOTICE"];

/// The metadata of a source distribution.
pub(crate) struct Metadata {
    text: String,
    name: String,
    version: String,
    /// The files of licences that it names.
    licences: Vec<String>,
}

impl Metadata {
    /// Reads that of the sources of a recipe.
    pub(crate) fn read(sources: &Path, recipe: &Recipe) -> Result<Metadata, Error> {
        let file = sources.join(PKG_INFO);
        let text = read_text(&file)?;
        let field = |name: &'static str| {
            let missing = || Error::Metadata {
                file: file.clone(),
                field: name,
            };
            fields(&text, name).next().map(str::to_string).ok_or_else(missing)
        };
        let (name, version) = (field("Name")?, field("Version")?);
        if normalised(&name) != recipe.package {
            return Err(Error::Package {
                file,
                found: name,
                expected: recipe.package.clone(),
            });
        }
        let licences = fields(&text, "License-File").map(str::to_string).collect();
        Ok(Metadata {
            text,
            name,
            version,
            licences,
        })
    }

    /// The name of the folder: name and version, as file names have them.
    pub(crate) fn folder(&self) -> String {
        let name = normalised(&self.name).replace('-', "_");
        format!("{name}-{}.dist-info", self.version.replace('-', "_"))
    }

    /// The files of the folder, by their paths in it. Licences that the metadata names and the sources lack are left out, as those of
    /// old versions of the format, which has them elsewhere.
    pub(crate) fn files(&self, sources: &Path, build: &Build<'_>) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        let mut files = BTreeMap::from([
            ("METADATA".to_string(), self.text.clone().into_bytes()),
            ("WHEEL".to_string(), wheel_file().into_bytes()),
            (BUILD_FILE.to_string(), build.text()),
        ]);
        for licence in &self.licences {
            let path = sources.join(licence);
            if path.is_file() {
                files.insert(format!("licenses/{licence}"), ampoule_action::read(&path)?);
            }
        }
        for source in &build.recipe.sources {
            files.extend(licences(sources, &source.name)?);
        }
        if let Some(path) = entry_points(sources) {
            files.insert("entry_points.txt".to_string(), ampoule_action::read(&path)?);
        }
        Ok(files)
    }
}

/// The licences of another source, which lie at its root or in a folder there.
fn licences(sources: &Path, source: &str) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut found = BTreeMap::new();
    for entry in WalkDir::new(sources.join(source))
        .follow_links(true)
        .max_depth(2)
        .sort_by_file_name()
    {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if entry.file_type().is_file() && LICENCES.iter().any(|start| name.starts_with(start)) {
            let path = entry.path().strip_prefix(sources).unwrap_or(entry.path());
            let content = ampoule_action::read(entry.path())?;
            found.insert(format!("licenses/{}", path.to_string_lossy()), content);
        }
    }
    Ok(found)
}

/// The entry points that setuptools has left in a source distribution.
fn entry_points(sources: &Path) -> Option<PathBuf> {
    let folders = [sources.to_path_buf(), sources.join("src"), sources.join("lib")];
    let mut found = folders.iter().flat_map(|folder| {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        paths
    });
    found.find_map(|folder| {
        let is_metadata = folder.extension().is_some_and(|end| end == "egg-info");
        Some(folder.join("entry_points.txt")).filter(|file| is_metadata && file.is_file())
    })
}

/// The values of a field; the header ends with the first empty line.
fn fields<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let header = text.lines().take_while(|line| !line.trim().is_empty());
    header.filter_map(move |line| {
        let (key, value) = line.split_once(':')?;
        (key == name).then_some(value.trim())
    })
}

fn wheel_file() -> String {
    let tag = ampoule_image::WHEEL_TAGS.join("-");
    format!("Wheel-Version: 1.0\nGenerator: ampoule\nRoot-Is-Purelib: false\nTag: {tag}\n")
}

/// How the modules of a wheel were made.
pub(crate) struct Build<'b> {
    /// The recipe.
    pub(crate) recipe: &'b Recipe,
    /// The versions of what they were compiled with, by name.
    pub(crate) built_with: &'b [(String, String)],
}

impl Build<'_> {
    fn text(&self) -> Vec<u8> {
        let with_imports = self.recipe.modules.iter().filter(|module| !module.imports.is_empty());
        let imports: BTreeMap<&str, &[String]> = with_imports
            .map(|module| (module.name.as_str(), module.imports.as_slice()))
            .collect();
        let source = |source: &OtherSource| {
            let OtherSource { version, license, .. } = source;
            (source.name.clone(), json!({ "version": version, "license": license }))
        };
        let sources: BTreeMap<_, _> = self.recipe.sources.iter().map(source).collect();
        let build = json!({
            "python": ampoule_image::SERIES,
            "wasi": "0.2",
            "built-with": self.built_with.iter().cloned().collect::<BTreeMap<_, _>>(),
            "imports": imports,
            "not-followed": self.recipe.not_followed,
            "sources": sources,
        });
        format!("{build:#}\n").into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_in_the_header() {
        let text = "Metadata-Version: 2.4\nName: A_b\nLicense-File: X\nLicense-File: Y\n\nName: other\n";
        assert_eq!(fields(text, "Name").collect::<Vec<_>>(), ["A_b"]);
        assert_eq!(fields(text, "License-File").collect::<Vec<_>>(), ["X", "Y"]);
    }
}
