//! Python packages with WIT of their own: what their `componentize-py.toml` says.

use crate::Error;
use ampoule_action::said_of_toml;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};

/// The file that says where a package has its WIT.
pub const PACKAGE_FILE: &str = "componentize-py.toml";

/// A Python package with WIT of its own.
#[derive(Clone, Debug, Default)]
pub struct Package {
    /// Its dotted name; empty for a folder of the Python path itself.
    pub name: String,
    /// The file that was read.
    pub file: PathBuf,
    /// Its WIT.
    pub wit: Option<PathBuf>,
    /// The dotted name of the module for its bindings; without one they go to the world module.
    pub bindings: Option<String>,
    /// Names for imported interfaces.
    pub import_interface_names: BTreeMap<String, String>,
    /// Names for exported interfaces.
    pub export_interface_names: BTreeMap<String, String>,
    /// Whether the interfaces in its bindings have package and version in their names.
    pub full_names: bool,
    /// Imported interfaces that a component without sockets is made without.
    pub optional_imports: Vec<String>,
    /// Its worlds that come to the component's in any case.
    pub added_worlds: Vec<String>,
    /// The worlds that were chosen for it; without one, it takes those of the component's worlds that its WIT has.
    pub worlds: Vec<String>,
}

/// The keys of the file. Others are left to other tools.
#[derive(Deserialize)]
struct Settings {
    wit_directory: Option<String>,
    bindings: Option<String>,
    #[serde(default)]
    import_interface_names: BTreeMap<String, String>,
    #[serde(default)]
    export_interface_names: BTreeMap<String, String>,
    #[serde(default)]
    full_names: bool,
    #[serde(default)]
    optional_imports: Vec<String>,
    #[serde(default)]
    added_worlds: Vec<String>,
}

impl Package {
    /// Reads the file in a package's folder.
    ///
    /// # Errors
    /// When the file cannot be read, is no TOML, or names a folder outside the package.
    pub fn read(name: &str, folder: &Path) -> Result<Package, Error> {
        let file = folder.join(PACKAGE_FILE);
        let text = std::fs::read_to_string(&file).map_err(|error| Error::PackageFile {
            file: file.clone(),
            error: error.to_string(),
        })?;
        let settings: Settings = toml::from_str(&text).map_err(|error| Error::PackageFile {
            file: file.clone(),
            error: said_of_toml(error),
        })?;
        let wit = match &settings.wit_directory {
            Some(wit) => Some(folder.join(parts(&file, "wit_directory", wit)?.join("/"))),
            None => None,
        };
        let bindings = match &settings.bindings {
            Some(bindings) => Some(module(name, &parts(&file, "bindings", bindings)?, &file)?),
            None => None,
        };
        Ok(Package {
            name: name.to_string(),
            file,
            wit,
            bindings,
            import_interface_names: settings.import_interface_names,
            export_interface_names: settings.export_interface_names,
            full_names: settings.full_names,
            optional_imports: settings.optional_imports,
            added_worlds: settings.added_worlds,
            worlds: Vec::new(),
        })
    }
}

/// The parts of a path, which must stay below the package's folder.
fn parts<'a>(file: &Path, key: &'static str, path: &'a str) -> Result<Vec<&'a str>, Error> {
    let outside = || Error::PackagePath {
        file: file.to_path_buf(),
        key,
        path: path.to_string(),
    };
    let mut parts = Vec::new();
    for component in Path::new(path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_str().ok_or_else(outside)?),
            Component::CurDir => {}
            _ => return Err(outside()),
        }
    }
    Ok(parts)
}

/// The module of the bindings in a package.
fn module(package: &str, parts: &[&str], file: &Path) -> Result<String, Error> {
    if let Some(part) = parts.iter().find(|part| !crate::identifier::is_valid(part)) {
        return Err(Error::PackageBindings {
            file: file.to_path_buf(),
            part: part.to_string(),
        });
    }
    if parts.is_empty() {
        return Err(Error::PackageIsBindings {
            file: file.to_path_buf(),
        });
    }
    let package = package.split('.').filter(|part| !part.is_empty());
    Ok(package.chain(parts.iter().copied()).collect::<Vec<_>>().join("."))
}
