//! Whose the files in the component are: the standard library's, an installed package's, or the project's own.

use super::parts::{Way, way};
use super::sizes::{APP, DEPENDENCIES, STDLIB, WORLD};
use crate::attest::distributions;
use crate::chain::Resolved;
use crate::error::Failure;
use ampoule_action::{read_folder, read_text};
use ampoule_compile::Sources;
use ampoule_image::{BINDINGS_PATH, EXTENSIONS, STDLIB_PATH, app_position};
use std::collections::BTreeMap;
use std::path::Path;

/// The part with the native modules of the standard library.
pub const NATIVE: &str = "native modules";

/// What the stages call the world's side module.
const WORLD_MODULE: &str = "world";

/// The packages in a component, and their files.
#[derive(Debug, Default)]
pub struct Owners {
    /// The name of the package that each file belongs to, by its path in the image.
    files: BTreeMap<String, String>,
    /// The packages by name, as package URLs.
    pub packages: BTreeMap<String, String>,
}

impl Owners {
    /// Reads what the installed packages say of themselves: names in METADATA, files in RECORD.
    ///
    /// # Errors
    /// When one of these files cannot be read.
    pub fn read(resolved: &Resolved) -> Result<Owners, Failure> {
        let mut owners = Owners::default();
        for folder in &resolved.paths {
            let place = Sources::place_of(folder, &resolved.paths, &resolved.project.compile)?;
            if let Some(place) = place {
                owners.add_folder(&place, folder)?;
            }
        }
        Ok(owners)
    }

    fn add_folder(&mut self, place: &str, folder: &Path) -> Result<(), Failure> {
        for metadata in read_folder(folder)? {
            let record = metadata.join("RECORD");
            let Some(package) = distributions::in_metadata(&metadata)?.filter(|_| record.is_file()) else {
                continue;
            };
            for line in read_text(&record)?.lines() {
                let path = line.split(',').next().unwrap_or_default();
                self.files.insert(format!("{place}/{path}"), package.name.clone());
            }
            self.packages.insert(package.name, package.purl.unwrap_or_default());
        }
        Ok(())
    }

    /// The way to a file, by its path in the image.
    pub fn file(&self, path: &str) -> Way {
        if let Some(below) = below(path, STDLIB_PATH) {
            return [way([STDLIB]), names(below)].concat();
        }
        if let Some(below) = below(path, BINDINGS_PATH) {
            return [way([WORLD, "bindings"]), names(below)].concat();
        }
        let below = below_app(path).unwrap_or(path);
        match self.files.get(path).or_else(|| self.files.get(&source_of(path))) {
            Some(package) => [way([DEPENDENCIES, package]), names(below)].concat(),
            None => [way([APP]), names(below)].concat(),
        }
    }

    /// The way to the file that code was compiled from. What has no file has a name of its own, such as `<frozen importlib._bootstrap>`.
    pub fn code(&self, path: &str) -> Way {
        match path.starts_with('/') {
            true => self.file(path),
            false => way([path]),
        }
    }

    /// The way to a side module, by the name that it has in the link: its path in the image, or the world's.
    pub fn module(&self, name: &str) -> Way {
        let native = format!("{STDLIB_PATH}/{EXTENSIONS}");
        if name == WORLD_MODULE {
            return way([WORLD, "adapters of types"]);
        }
        match below(name, &native) {
            Some(file) => way([STDLIB, NATIVE, module_of(file)]),
            None => self.file(name),
        }
    }
}

/// The name of the module in a native module's file.
pub fn module_of(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    path.strip_prefix(folder)?.strip_prefix('/')
}

/// The path below one of the app's folders.
fn below_app(path: &str) -> Option<&str> {
    let (folder, below) = path.strip_prefix('/')?.split_once('/')?;
    app_position(&format!("/{folder}")).map(|_| below)
}

fn names(path: &str) -> Way {
    path.split('/').map(str::to_string).collect()
}

/// The source of a bytecode file, which no RECORD lists; any other path as it is.
fn source_of(path: &str) -> String {
    match path.rsplit_once("/__pycache__/") {
        Some((folder, file)) => format!("{folder}/{}.py", module_of(file)),
        None => path
            .strip_suffix('c')
            .filter(|path| path.ends_with(".py"))
            .unwrap_or(path)
            .to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_has_an_owner() {
        let owners = Owners {
            files: BTreeMap::from([("/app1/mistune/core.py".to_string(), "mistune".to_string())]),
            packages: BTreeMap::new(),
        };
        let owner = |path: &str| owners.file(path).join(" > ");
        assert_eq!(owner("/app/app.py"), "App > app.py");
        assert_eq!(
            owner("/app1/mistune/core.py"),
            "Dependencies > mistune > mistune > core.py"
        );
        assert_eq!(
            owner("/app1/mistune/__pycache__/core.cpython-313.pyc"),
            "Dependencies > mistune > mistune > __pycache__ > core.cpython-313.pyc"
        );
        assert_eq!(owner("/app1/other.py"), "App > other.py");
        assert_eq!(
            owner("/lib/python3.13/json/decoder.pyc"),
            "Standard library > json > decoder.pyc"
        );
        assert_eq!(
            owner("/bindings/wit_world/__init__.py"),
            "World > bindings > wit_world > __init__.py"
        );
        let module = |name: &str| owners.module(name).join(" > ");
        assert_eq!(
            module("/lib/python3.13/lib-dynload/math.cpython-313-wasm32-wasi.so"),
            "Standard library > native modules > math"
        );
        assert_eq!(module("world"), "World > adapters of types");
    }
}
