//! Python packages with WIT of their own, found in the folders of the Python path.

use ampoule_bindgen::PACKAGE_FILE;
use ampoule_compile::{Error, Sources};
use ampoule_settings::CompileSettings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Their dotted names and their folders. The name is empty for a folder of the path itself.
///
/// A package that lies below two folders of the path has the shorter of its names.
///
/// # Errors
/// When the files cannot be listed, as links lead out of the folders.
pub fn packages(paths: &[PathBuf], settings: &CompileSettings) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut found: BTreeMap<PathBuf, (String, PathBuf)> = BTreeMap::new();
    let sources = Sources::list(paths, &[], settings)?;
    for file in &sources.files {
        let Some(folder) = package_folder(&file.disk) else {
            continue;
        };
        for path in &sources.folders {
            let Some(name) = name_below(&file.image, path) else {
                continue;
            };
            let real = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
            let known = found.get(&real).map(|(known, _)| known.len());
            if known.is_none_or(|known| name.len() < known) {
                found.insert(real, (name, folder.to_path_buf()));
            }
        }
    }
    let mut packages: Vec<_> = found.into_values().collect();
    packages.sort();
    Ok(packages)
}

fn package_folder(file: &Path) -> Option<&Path> {
    file.file_name().filter(|name| *name == PACKAGE_FILE)?;
    file.parent()
}

/// The dotted name of the package with this file, from a folder of the image on.
fn name_below(file: &str, folder: &str) -> Option<String> {
    let below = file.strip_prefix(folder)?.strip_suffix(PACKAGE_FILE)?;
    let below = below.strip_prefix('/')?.trim_end_matches('/');
    Some(below.replace('/', "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_has_the_name_by_which_it_is_imported() {
        let folder = tempfile::tempdir().unwrap();
        for package in ["lib/sdk", "lib/group/other", "."] {
            let package = folder.path().join(package);
            std::fs::create_dir_all(&package).unwrap();
            std::fs::write(package.join(PACKAGE_FILE), "").unwrap();
        }
        let names = |paths: &[PathBuf]| -> Vec<String> {
            let packages = packages(paths, &CompileSettings::default()).unwrap();
            packages.into_iter().map(|(name, _)| name).collect()
        };
        let root = folder.path().to_path_buf();
        assert_eq!(names(&[root.join("lib")]), ["group.other", "sdk"]);
        assert_eq!(names(&[root.clone(), root.join("lib")]), ["", "group.other", "sdk"]);
    }
}
