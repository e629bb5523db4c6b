//! The folder of the stdlib, and where what is in it is in the image.

use crate::Error;
use ampoule_action::read_folder;
use ampoule_image::{BYTECODE_SUFFIXES, EXTENSION_SUFFIX, EXTENSIONS, STDLIB_PATH};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The stdlib, by its folder on the disk.
pub(crate) struct Stdlib<'a>(pub(crate) &'a Path);

impl Stdlib<'_> {
    /// The extension modules, with their paths in the image.
    pub(crate) fn extensions(&self) -> Result<BTreeMap<String, String>, Error> {
        let mut found = BTreeMap::new();
        for path in read_folder(&self.0.join(EXTENSIONS))? {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            if let Some(name) = file.strip_suffix(EXTENSION_SUFFIX) {
                found.insert(name.to_string(), image_path(&format!("{EXTENSIONS}/{file}")));
            }
        }
        Ok(found)
    }

    /// The source of a module, below the folder.
    pub(crate) fn source(&self, module: &str) -> String {
        let path = module.replace('.', "/");
        let package = format!("{path}/__init__.py");
        if self.0.join(&package).exists() {
            package
        } else {
            format!("{path}.py")
        }
    }

    /// The bytecode of a source, both below the folder.
    pub(crate) fn bytecode(&self, source: &str) -> String {
        let stem = source.strip_suffix(".py").unwrap_or(source);
        let (folder, name) = stem.split_at(stem.rfind('/').map_or(0, |slash| slash + 1));
        let places = BYTECODE_SUFFIXES.map(|suffix| format!("{folder}__pycache__/{name}{suffix}"));
        let there = places.iter().find(|place| self.0.join(place).exists());
        there.unwrap_or(&places[0]).clone()
    }

    /// What is at a path in the image.
    pub(crate) fn file(&self, image: &str) -> PathBuf {
        let below = image.strip_prefix(STDLIB_PATH).unwrap_or(image);
        self.0.join(below.trim_start_matches('/'))
    }
}

/// The path in the image of what is below the folder.
pub(crate) fn image_path(below: &str) -> String {
    format!("{STDLIB_PATH}/{below}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytecode_is_found_at_whatever_level_of_optimisation() {
        let folder = tempfile::tempdir().unwrap();
        let places = [
            "json/__init__.py",
            "json/__pycache__/__init__.cpython-313.opt-2.pyc",
            "os.py",
        ];
        for place in places {
            ampoule_action::write(&folder.path().join(place), "").unwrap();
        }
        let stdlib = Stdlib(folder.path());
        assert_eq!(stdlib.source("json"), places[0]);
        assert_eq!(stdlib.bytecode(places[0]), places[1]);
        assert_eq!(stdlib.source("os"), "os.py");
        assert_eq!(stdlib.bytecode("os.py"), "__pycache__/os.cpython-313.pyc");
        assert_eq!(stdlib.file(&image_path("os.py")), folder.path().join("os.py"));
    }
}
