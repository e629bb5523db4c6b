//! The files of an app's folders, with their places in the image.

use crate::Error;
use crate::listed::is_name_left_out;
use ampoule_image::{EXTENSION_SUFFIX, app_path};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// A file of the disk and its path in the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path in the image, such as `/app/helper.py`.
    pub image: String,
    /// The file on the disk.
    pub disk: PathBuf,
}

/// The files of an app, in the order of their paths in the image.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The folders that go on `sys.path`, by their paths in the image.
    pub folders: Vec<String>,
    /// The files.
    pub files: Vec<SourceFile>,
}

impl Sources {
    /// Lists the files of the folders of the Python path, without what `is_left_out` and the given files.
    ///
    /// What cannot be read is listed as a file, so that reading it says why.
    pub fn list(paths: &[PathBuf], without: &[PathBuf]) -> Sources {
        let mut sources = Sources::default();
        for (position, path) in paths.iter().enumerate() {
            let image = app_path(position);
            sources.add_folder(&image, path, without);
            sources.folders.push(image);
        }
        sources
    }

    /// Adds the files of a folder at a place in the image.
    pub fn add_folder(&mut self, image: &str, folder: &Path, without: &[PathBuf]) {
        let walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .min_depth(1)
            .into_iter();
        for entry in walk.filter_entry(|entry| !is_left_out(entry, without)) {
            let (disk, is_file) = match entry {
                Ok(entry) => (entry.path().to_path_buf(), entry.file_type().is_file()),
                Err(error) => {
                    let path = error.path().unwrap_or(folder);
                    (path.to_path_buf(), !leads_nowhere(path, &error))
                }
            };
            if is_file {
                let below = disk.strip_prefix(folder).unwrap_or(&disk);
                let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
                self.files.push(SourceFile {
                    image: format!("{image}/{}", names.join("/")),
                    disk,
                });
            }
        }
    }

    /// Puts an extension module beside its package: into the first folder that has the package, or else into the first folder.
    ///
    /// # Errors
    /// When the name is not a dotted Python name.
    pub fn add_extension(&mut self, module: &str, file: &Path) -> Result<(), Error> {
        let parts: Vec<&str> = module.split('.').collect();
        if parts.iter().any(|part| part.is_empty() || part.contains(['/', '\\'])) {
            return Err(Error::ExtensionName(module.to_string()));
        }
        let (name, package) = parts
            .split_last()
            .ok_or_else(|| Error::ExtensionName(module.to_string()))?;
        let image = format!("{}/{name}{EXTENSION_SUFFIX}", self.package_folder(package));
        self.files.retain(|file| file.image != image);
        self.files.push(SourceFile {
            image,
            disk: file.to_path_buf(),
        });
        Ok(())
    }

    /// Puts bindings into the packages that they are for; each folder in `folder` has the dotted name of its module.
    ///
    /// What the packages themselves have there, such as bindings for editors, is left out.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn add_package_bindings(&mut self, folder: &Path) -> Result<(), Error> {
        for path in ampoule_action::read_folder(folder)? {
            let module = path.file_name().unwrap_or_default().to_string_lossy();
            let parts: Vec<&str> = module.split('.').collect();
            let (name, package) = parts.split_last().expect("a split has one part at least");
            let image = format!("{}/{name}", self.package_folder(package));
            self.files.retain(|file| !file.image.starts_with(&format!("{image}/")));
            self.add_folder(&image, &path, &[]);
        }
        Ok(())
    }

    /// Adds a folder of the image to the Python path, if there are files in it.
    pub(crate) fn search_also(&mut self, folder: String) {
        let is_there = self
            .files
            .iter()
            .any(|file| file.image.starts_with(&format!("{folder}/")));
        if is_there && !self.folders.contains(&folder) {
            self.folders.push(folder);
        }
    }

    /// The place in the image of a package: in the first folder that has it, or else in the first folder.
    fn package_folder(&self, package: &[&str]) -> String {
        let below: String = package.iter().map(|part| format!("/{part}")).collect();
        let has_package = |folder: &&String| {
            self.files
                .iter()
                .any(|file| file.image.starts_with(&format!("{folder}{below}/")))
        };
        let first = app_path(0);
        let folder = self.folders.iter().find(has_package).unwrap_or(&first);
        format!("{folder}{below}")
    }

    /// The Python modules among the files, by name; of two with one name, the one that Python finds first.
    pub fn modules(&self) -> BTreeMap<String, &SourceFile> {
        let mut modules = BTreeMap::new();
        for folder in &self.folders {
            for file in &self.files {
                if let Some(name) = file.image.strip_prefix(&format!("{folder}/")).and_then(module_name) {
                    modules.entry(name).or_insert(file);
                }
            }
        }
        modules
    }
}

impl SourceFile {
    /// Whether it is Python source.
    pub fn is_python(&self) -> bool {
        self.image.ends_with(".py")
    }

    /// Whether it is an extension module.
    pub fn is_extension(&self) -> bool {
        self.image.ends_with(EXTENSION_SUFFIX)
    }

    /// Whether it is a package's `__init__.py`.
    pub fn is_package(&self) -> bool {
        self.image.ends_with("/__init__.py")
    }
}

/// The name of the module in a file, by the file's path below its folder of the Python path.
fn module_name(path: &str) -> Option<String> {
    let stem = path
        .strip_suffix(".py")
        .or_else(|| path.strip_suffix(EXTENSION_SUFFIX))?;
    let stem = stem.strip_suffix("/__init__").unwrap_or(stem);
    Some(stem.replace('/', "."))
}

/// What no app imports: hidden files, bytecode, virtual environments, node's packages, components, and the files named by the caller.
fn is_left_out(entry: &DirEntry, without: &[PathBuf]) -> bool {
    let name = entry.file_name().to_string_lossy();
    let path = entry.path();
    is_name_left_out(&name)
        || path.join("pyvenv.cfg").exists()
        // Such as an earlier build left beside the app: what is built must not depend on that.
        || path.extension().is_some_and(|extension| extension == "wasm") && is_component(path)
        || without.iter().any(|file| same_file(file, path))
}

/// Whether this is a link to what is not there, or to a folder above it, which no app reads. One that is called as Python source
/// is missed, though.
fn leads_nowhere(path: &Path, error: &walkdir::Error) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let is_source = name.ends_with(".py") && error.loop_ancestor().is_none();
    is_link && (is_name_left_out(&name) || !is_source)
}

/// Whether a file is a component, as the preamble of the component model's binary format says, which core modules do not have.
pub fn is_component(path: &Path) -> bool {
    const PREAMBLE: [u8; 8] = *b"\0asm\x0d\0\x01\0";
    let mut start = [0; PREAMBLE.len()];
    std::fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == PREAMBLE
}

fn same_file(one: &Path, other: &Path) -> bool {
    one.file_name() == other.file_name()
        && (one == other
            || one
                .canonicalize()
                .is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        folder
    }

    #[test]
    fn bytecode_hidden_files_and_environments_are_left_out() {
        let folder = folder(&[
            "app.py",
            "data/table.csv",
            "__pycache__/app.cpython-313.pyc",
            ".git/config",
            "venv/pyvenv.cfg",
            "venv/lib/x.py",
            "hello.wasm",
        ]);
        let path = folder.path().to_path_buf();
        let sources = Sources::list(std::slice::from_ref(&path), &[path.join("hello.wasm")]);
        let images: Vec<_> = sources.files.iter().map(|file| file.image.as_str()).collect();
        assert_eq!(images, ["/app/app.py", "/app/data/table.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_nowhere_are_left_out() {
        let folder = folder(&["app.py"]);
        let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        link("user@machine.1234", ".#app.py");
        link("nowhere", "data");
        link(".", "around");
        link("missing.py", "helper.py");
        let sources = Sources::list(&[folder.path().to_path_buf()], &[]);
        let images: Vec<_> = sources.files.iter().map(|file| file.image.as_str()).collect();
        assert_eq!(images, ["/app/app.py", "/app/helper.py"]);
    }

    #[test]
    fn components_are_left_out_and_core_modules_are_not() {
        let folder = folder(&["app.py"]);
        std::fs::write(folder.path().join("earlier.wasm"), b"\0asm\x0d\0\x01\0...").unwrap();
        std::fs::write(folder.path().join("data.wasm"), b"\0asm\x01\0\0\0...").unwrap();
        let sources = Sources::list(&[folder.path().to_path_buf()], &[]);
        let images: Vec<_> = sources.files.iter().map(|file| file.image.as_str()).collect();
        assert_eq!(images, ["/app/app.py", "/app/data.wasm"]);
    }

    #[test]
    fn an_extension_goes_to_its_package() {
        let one = folder(&["app.py"]);
        let two = folder(&["markupsafe/__init__.py"]);
        let mut sources = Sources::list(&[one.path().into(), two.path().into()], &[]);
        sources
            .add_extension("markupsafe._speedups", Path::new("x.so"))
            .unwrap();
        sources.add_extension("alone", Path::new("y.so")).unwrap();
        let modules = sources.modules();
        assert_eq!(
            modules["markupsafe._speedups"].image,
            "/app1/markupsafe/_speedups.cpython-313-wasm32-wasi.so"
        );
        assert_eq!(modules["alone"].image, "/app/alone.cpython-313-wasm32-wasi.so");
        assert!(sources.add_extension("a..b", Path::new("x.so")).is_err());
    }
}
