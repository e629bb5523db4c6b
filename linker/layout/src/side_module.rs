//! The side modules of a link, as its command line gives them.

use ampoule_action::{FileError, Named, StageError};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use walkdir::WalkDir;

/// A side module as the command line gives it: `NAME=FILE` or `NAME=FILE@IMAGE_PATH`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModuleArgument {
    /// The name for messages and for `needed` lists.
    pub name: String,
    /// The file.
    pub file: PathBuf,
    /// The absolute path in the image, for an extension module.
    pub image_path: Option<String>,
}

/// A text that does not name a side module.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not of the form NAME=FILE or NAME=FILE@/PATH/IN/THE/IMAGE")]
pub struct ParseModuleError(String);

impl FromStr for ModuleArgument {
    type Err = ParseModuleError;

    fn from_str(text: &str) -> Result<ModuleArgument, ParseModuleError> {
        let (name, rest) = text.split_once('=').ok_or_else(|| ParseModuleError(text.to_string()))?;
        let (file, image_path) = match rest.rfind("@/") {
            Some(place) => (&rest[..place], Some(rest[place + 1..].to_string())),
            None => (rest, None),
        };
        if name.is_empty() || file.is_empty() {
            return Err(ParseModuleError(text.to_string()));
        }
        Ok(ModuleArgument {
            name: name.to_string(),
            file: PathBuf::from(file),
            image_path,
        })
    }
}

/// Two side modules with one name.
#[derive(Debug, thiserror::Error)]
#[error("two modules are called {0}: give each its own name")]
struct SameName(String);

impl ModuleArgument {
    /// What a stage's parameters say of its modules: all but their content.
    pub fn parameters(modules: &[ModuleArgument]) -> Vec<serde_json::Value> {
        let parameter = |module: &ModuleArgument| {
            let ModuleArgument {
                name,
                file: _,
                image_path,
            } = module;
            serde_json::json!({ "name": name, "image_path": image_path })
        };
        modules.iter().map(parameter).collect()
    }

    /// The modules as a stage's inputs.
    pub fn inputs(modules: &[ModuleArgument]) -> impl Iterator<Item = Named> {
        modules
            .iter()
            .map(|module| Named::new(format!("module:{}", module.name), &module.file))
    }

    /// The extension module at a path below the folder that stands for the image's root.
    fn in_folder(folder: &Path, file: &Path) -> ModuleArgument {
        let below = file.strip_prefix(folder).unwrap_or(file);
        let image_path: String = below
            .iter()
            .map(|name| format!("/{}", name.to_string_lossy()))
            .collect();
        ModuleArgument {
            name: image_path.clone(),
            file: file.to_path_buf(),
            image_path: Some(image_path),
        }
    }
}

/// The side modules of a link, in its order: those that are given one by one, then a folder's extension modules, sorted.
///
/// # Errors
/// When two have one name, or the folder cannot be read.
pub fn side_modules(modules: &[ModuleArgument], extensions: Option<&Path>) -> Result<Vec<ModuleArgument>, StageError> {
    let mut all = modules.to_vec();
    if let Some(folder) = extensions {
        let walk = WalkDir::new(folder).min_depth(1).sort_by_file_name();
        for entry in walk {
            let entry = entry.map_err(FileError::reading(folder))?;
            if !entry.file_type().is_dir() {
                all.push(ModuleArgument::in_folder(folder, entry.path()));
            }
        }
    }
    let mut names = BTreeSet::new();
    match all.iter().find(|module| !names.insert(&module.name)) {
        Some(module) => Err(SameName(module.name.clone()).into()),
        None => Ok(all),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_with_its_file_and_its_place() {
        let plain: ModuleArgument = "world=out/world.so".parse().unwrap();
        assert_eq!((plain.name.as_str(), plain.image_path), ("world", None));
        let extension: ModuleArgument = "m._speedups=x@y/z.so@/app/m/_speedups.so".parse().unwrap();
        assert_eq!(extension.file, PathBuf::from("x@y/z.so"));
        assert_eq!(extension.image_path.as_deref(), Some("/app/m/_speedups.so"));
        assert!("world.so".parse::<ModuleArgument>().is_err());
        assert!("=world.so".parse::<ModuleArgument>().is_err());
    }
}
