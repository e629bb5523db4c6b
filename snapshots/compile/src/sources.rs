//! The files of an app's folders, with their places in the image.

use crate::Error;
use crate::places::places;
use crate::walk::{Found, Walk};
use ampoule_image::{EXTENSION_SUFFIX, app_path};
use ampoule_settings::CompileSettings;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

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
    /// Lists the files of the folders of the Python path, without what no app imports, what the settings exclude, and the given files.
    ///
    /// What cannot be read is listed as a file, so that reading it says why.
    ///
    /// # Errors
    /// When a folder is none, a pattern of the settings is none, or a link leads out of the folders and is not to be followed.
    pub fn list(paths: &[PathBuf], without: &[PathBuf], settings: &CompileSettings) -> Result<Sources, Error> {
        if let Some(path) = paths.iter().find(|path| !path.is_dir()) {
            return Err(Error::NoFolder(path.clone()));
        }
        let walk = Walk::new(paths, without, settings)?;
        let mut sources = Sources::default();
        for (path, place) in paths.iter().zip(places(paths, &walk)) {
            if place.is_outermost {
                sources.add(&place.image, walk.files(path)?);
            }
            if !sources.folders.contains(&place.image) {
                sources.folders.push(place.image);
            }
        }
        Ok(sources)
    }

    /// Lists the files of one folder, which is at this place in the image, as [`Sources::list`] does.
    ///
    /// # Errors
    /// As that.
    pub(crate) fn of_folder(place: &str, folder: &Path, settings: &CompileSettings) -> Result<Sources, Error> {
        let paths = [folder.to_path_buf()];
        let mut sources = Sources {
            folders: vec![place.to_string()],
            files: Vec::new(),
        };
        sources.add(place, Walk::new(&paths, &[], settings)?.files(folder)?);
        Ok(sources)
    }

    /// The place in the image of one of the folders of the Python path; none if it is inside of another, or not there.
    ///
    /// # Errors
    /// When a pattern of the settings is none.
    pub fn place_of(folder: &Path, paths: &[PathBuf], settings: &CompileSettings) -> Result<Option<String>, Error> {
        let walk = Walk::new(paths, &[], settings)?;
        let mut places = paths.iter().zip(places(paths, &walk));
        let found = places.find(|(path, place)| *path == folder && place.is_outermost);
        Ok(found.map(|(_, place)| place.image))
    }

    /// Adds the files of a folder that another stage has written, which a sandbox may have as links, at a place in the image.
    ///
    /// # Errors
    /// As [`Walk::files`].
    pub(crate) fn add_folder(&mut self, image: &str, folder: &Path) -> Result<(), Error> {
        self.add(image, Walk::default().files(folder)?);
        Ok(())
    }

    fn add(&mut self, image: &str, files: Vec<Found>) {
        let file = |found: Found| SourceFile {
            image: format!("{image}/{}", found.below),
            disk: found.disk,
        };
        self.files.extend(files.into_iter().map(file));
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
            self.add_folder(&image, &path)?;
        }
        Ok(())
    }

    /// Leaves out what stands where the bindings have a module: Python finds theirs first, so that it is no more than what
    /// `ampoule bindings` has written for editors.
    pub(crate) fn leave_out_stubs(&mut self, bindings: &Path) {
        let mut modules = Vec::new();
        top_modules(bindings, "", &mut modules);
        modules.push(RUNTIME_STUB.to_string());
        let folders = self.folders.clone();
        let is_stub = |image: &str| {
            let mut below = folders
                .iter()
                .filter_map(|folder| image.strip_prefix(folder.as_str())?.strip_prefix('/'));
            below.any(|path| modules.iter().any(|module| is_of_module(path, module)))
        };
        self.files.retain(|file| !is_stub(&file.image));
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

    /// The place in the image of a package: in the first folder that has its `__init__.py`, as Python finds it; or else in the first
    /// that has files of it, or the first of all.
    fn package_folder(&self, package: &[&str]) -> String {
        let below: String = package.iter().map(|part| format!("/{part}")).collect();
        let has = |folder: &str, is_it: &dyn Fn(&str) -> bool| {
            let start = format!("{folder}{below}/");
            self.files
                .iter()
                .any(|file| file.image.strip_prefix(&start).is_some_and(is_it))
        };
        let is_package = |folder: &&String| has(folder, &|rest| rest == "__init__.py");
        let has_files = |folder: &&String| has(folder, &|_| true);
        let mut folders = self.folders.iter();
        let found = folders.find(is_package).or_else(|| self.folders.iter().find(has_files));
        format!("{}{below}", found.unwrap_or(&app_path(0)))
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

/// The module that the guest brings, of which editors have a stub.
const RUNTIME_STUB: &str = "componentize_py_runtime";

/// The modules and packages of a folder by their paths; of a folder without `__init__.py`, which others may share, those in it.
fn top_modules(folder: &Path, above: &str, found: &mut Vec<String>) {
    for path in ampoule_action::read_folder(folder).unwrap_or_default() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{above}{name}");
        if path.is_dir() && !path.join("__init__.py").exists() {
            top_modules(&path, &format!("{name}/"), found);
        } else {
            found.push(name);
        }
    }
}

/// Whether a file is a module's, or in its package.
fn is_of_module(path: &str, module: &str) -> bool {
    path.strip_prefix(module)
        .is_some_and(|rest| rest.starts_with('/') || matches!(rest, ".py" | ".pyi"))
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

    fn listed(paths: &[PathBuf], without: &[PathBuf], settings: &CompileSettings) -> Sources {
        Sources::list(paths, without, settings).unwrap()
    }

    fn images(sources: &Sources) -> Vec<&str> {
        sources.files.iter().map(|file| file.image.as_str()).collect()
    }

    #[test]
    fn an_extension_goes_where_its_package_is() {
        let (one, other) = (folder(&["package/data.txt"]), folder(&["package/__init__.py"]));
        let paths = [one.path().to_path_buf(), other.path().to_path_buf()];
        let mut sources = listed(&paths, &[], &CompileSettings::default());
        sources.add_extension("package.module", Path::new("module.so")).unwrap();
        sources.add_extension("other.module", Path::new("other.so")).unwrap();
        let suffix = EXTENSION_SUFFIX;
        let expected = [
            format!("/app1/package/module{suffix}"),
            format!("/app/other/module{suffix}"),
        ];
        assert_eq!(images(&sources)[2..], expected);
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
        let sources = listed(
            std::slice::from_ref(&path),
            &[path.join("hello.wasm")],
            &CompileSettings::default(),
        );
        assert_eq!(images(&sources), ["/app/app.py", "/app/data/table.csv"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_nowhere_are_left_out() {
        let folder = folder(&["app.py"]);
        let link = |target: &str, name: &str| std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
        link("user@machine.1234", ".#app.py");
        link("nowhere", "data");
        link(".", "around");
        let paths = [folder.path().to_path_buf()];
        let sources = listed(&paths, &[], &CompileSettings::default());
        assert_eq!(images(&sources), ["/app/app.py"]);
        let refusal = || {
            let refused = Sources::list(&paths, &[], &CompileSettings::default());
            refused.unwrap_err().to_string()
        };
        link("missing.py", "helper.py");
        assert!(refusal().contains("helper.py is a link to missing.py, which cannot be read: "));
        std::fs::remove_file(folder.path().join("helper.py")).unwrap();
        std::fs::write(folder.path().join("two\nlines.py"), "").unwrap();
        assert!(refusal().contains(r"two\nlines.py"));
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_refused_by_name_and_followed_if_wanted() {
        use std::os::unix::fs::symlink;
        let folder = folder(&["app/app.py", "lib/code.py", "outside/secret", "outside/deep/file"]);
        let path = |name: &str| folder.path().join(name);
        let paths = [path("app"), path("lib")];
        let refusal = || {
            Sources::list(&paths, &[], &CompileSettings::default())
                .unwrap_err()
                .to_string()
        };
        // Links that stay in the folders of the path are as the files themselves.
        symlink(path("lib/code.py"), path("app/code.py")).unwrap();
        symlink("app.py", path("app/same.py")).unwrap();
        let sources = listed(&paths, &[], &CompileSettings::default());
        assert_eq!(
            images(&sources),
            ["/app/app.py", "/app/code.py", "/app/same.py", "/app1/code.py"]
        );
        for target in ["/etc/passwd", "../outside/secret", "../outside"] {
            symlink(target, path("app/link")).unwrap();
            let error = refusal();
            assert!(
                error.contains("app/link is a link to") && error.contains("follow-links"),
                "{error}"
            );
            let settings = CompileSettings {
                exclude: vec!["link".to_string()],
                ..CompileSettings::default()
            };
            assert_eq!(listed(&paths, &[], &settings).files.len(), 4);
            std::fs::remove_file(path("app/link")).unwrap();
        }
        symlink("../outside", path("app/link")).unwrap();
        let settings = CompileSettings {
            follow_links: true,
            ..CompileSettings::default()
        };
        let followed = listed(&paths, &[], &settings);
        assert!(images(&followed).contains(&"/app/link/deep/file"));
        std::fs::remove_file(path("app/link")).unwrap();
        symlink("../outside", path("app/bazel-out")).unwrap();
        symlink("../outside", path("app/result")).unwrap();
        // What would be left out here is left out there.
        std::fs::create_dir(path("environment")).unwrap();
        std::fs::write(path("environment/pyvenv.cfg"), "").unwrap();
        symlink("../environment", path("app/venv")).unwrap();
        assert_eq!(listed(&paths, &[], &CompileSettings::default()).files.len(), 4);
        // The folder itself may be a link.
        symlink("app", path("by-link")).unwrap();
        assert_eq!(
            listed(&[path("by-link"), path("lib")], &[], &CompileSettings::default())
                .files
                .len(),
            4
        );
    }

    #[test]
    fn what_is_excluded_is_left_out() {
        let folder = folder(&[
            "app.py",
            "tests/test_app.py",
            "a/tests/x.py",
            "id_rsa",
            "docs/a.md",
            "a/docs/b.md",
        ]);
        let settings = CompileSettings {
            exclude: ["tests", "id_*", "docs/*.md"].map(String::from).to_vec(),
            ..CompileSettings::default()
        };
        let sources = listed(&[folder.path().to_path_buf()], &[], &settings);
        assert_eq!(images(&sources), ["/app/a/docs/b.md", "/app/app.py"]);
    }

    #[test]
    fn a_folder_inside_another_is_listed_once() {
        let folder = folder(&["app.py", "deps/big/__init__.py"]);
        let paths = [folder.path().to_path_buf(), folder.path().join("deps")];
        let sources = listed(&paths, &[], &CompileSettings::default());
        assert_eq!(images(&sources), ["/app/app.py", "/app/deps/big/__init__.py"]);
        assert_eq!(sources.folders, ["/app", "/app/deps"]);
        let modules = sources.modules();
        assert_eq!(modules["big"].image, modules["deps.big"].image);
    }

    #[test]
    fn stubs_for_editors_are_left_out() {
        let app = folder(&[
            "app.py",
            "wit_world/__init__.py",
            "wit_world/py.typed",
            "componentize_py_types.py",
            "componentize_py_runtime.pyi",
            "sdk/__init__.py",
            "sdk/wit/imports/x.py",
            "wit_world_of_mine.py",
        ]);
        let bindings = folder(&[
            "wit_world/__init__.py",
            "componentize_py_types.py",
            "sdk/wit/__init__.py",
        ]);
        let mut sources = listed(&[app.path().to_path_buf()], &[], &CompileSettings::default());
        sources.leave_out_stubs(bindings.path());
        assert_eq!(
            images(&sources),
            ["/app/app.py", "/app/sdk/__init__.py", "/app/wit_world_of_mine.py"]
        );
    }

    #[test]
    fn components_are_left_out_and_core_modules_are_not() {
        let folder = folder(&["app.py"]);
        std::fs::write(folder.path().join("earlier.wasm"), b"\0asm\x0d\0\x01\0...").unwrap();
        std::fs::write(folder.path().join("earlier.component"), b"\0asm\x0d\0\x01\0...").unwrap();
        std::fs::write(folder.path().join("data.wasm"), b"\0asm\x01\0\0\0...").unwrap();
        let sources = listed(&[folder.path().to_path_buf()], &[], &CompileSettings::default());
        assert_eq!(images(&sources), ["/app/app.py", "/app/data.wasm"]);
    }

    #[test]
    fn an_extension_goes_to_its_package() {
        let one = folder(&["app.py"]);
        let two = folder(&["markupsafe/__init__.py"]);
        let mut sources = listed(
            &[one.path().into(), two.path().into()],
            &[],
            &CompileSettings::default(),
        );
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
