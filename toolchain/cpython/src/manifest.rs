//! The manifest: what a version of CPython consists of. See `3.13/manifest.toml`, which is part of the program.

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The folder of the version that this stage compiles.
static FOLDER: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/3.13");

/// What is compiled, with which flags, and into what.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The version.
    pub release: Release,
    /// The archives of sources, by name.
    pub archive: BTreeMap<String, Unpacked>,
    /// The changes to the sources.
    pub edit: Vec<Edit>,
    /// Flags of all files.
    pub compile: Compile,
    /// Flags of all programs.
    pub link: Link,
    /// The files of the core, beside the builtin modules.
    pub core: Vec<Group>,
    /// Macros of single files, by path.
    pub defines: BTreeMap<String, BTreeMap<String, String>>,
    /// The modules in the core, by name.
    pub builtin: BTreeMap<String, Module>,
    /// Modules in the core's own files: name and the function that makes the module.
    pub intrinsic: BTreeMap<String, String>,
    /// The program that freezes modules.
    pub freezer: Freezer,
    /// The modules whose code is in the core, in the order of their table.
    pub frozen: Vec<Frozen>,
    /// The modules that are linked on demand, by name.
    pub module: BTreeMap<String, Module>,
    /// The libraries that those are linked with, by name.
    pub library: BTreeMap<String, Library>,
    /// The modules in Python.
    pub stdlib: StandardLibrary,
    /// The licences of all this.
    pub licence: Vec<Licence>,
}

/// A version of CPython.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Such as `3.13.15`.
    pub version: String,
}

/// What is unpacked of an archive, to the folder of its name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpacked {
    /// Its files and folders that are used; all if there are none.
    #[serde(default)]
    pub parts: Vec<String>,
}

/// A change to a file of the sources.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The file.
    pub file: String,
    /// A text that is in it once.
    pub from: String,
    /// What stands there instead.
    pub to: String,
}

/// How files are compiled.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compile {
    /// For all files.
    pub flags: Vec<String>,
    /// The folders of headers of CPython's files.
    pub include: Vec<String>,
    /// The flags that the values of `optimize` stand for.
    pub optimize: BTreeMap<String, Vec<String>>,
    /// For the core's files.
    pub core: Vec<String>,
    /// For the files of builtin modules.
    pub builtin: Vec<String>,
    /// For the files of modules that are linked on demand.
    pub module: Vec<String>,
}

/// How programs are linked.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The libraries of the SDK that the core needs.
    pub libraries: Vec<String>,
    /// The size of the stack in bytes.
    pub stack_size: u32,
    /// Names of the C library that extensions use, though they are not its public ones.
    pub exported: Vec<String>,
    /// Public names of the C library that are not for extensions.
    pub unexported: Vec<String>,
}

/// Files of the core that are compiled in the same way.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Where the files are.
    pub folder: String,
    /// A key of [`Compile::optimize`].
    pub optimize: String,
    /// The files.
    pub sources: Vec<String>,
    /// Whether they include the headers that the freezer makes.
    #[serde(default)]
    pub late: bool,
}

/// A module in C.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    /// The files, below cpython/Modules.
    pub sources: Vec<String>,
    /// A key of [`Compile::optimize`].
    #[serde(default = "speed")]
    pub optimize: String,
    /// More folders of headers.
    #[serde(default)]
    pub include: Vec<String>,
    /// Macros.
    #[serde(default)]
    pub defines: BTreeMap<String, String>,
    /// The libraries that are linked into it, by their names in the manifest.
    #[serde(default)]
    pub libraries: Vec<String>,
}

/// A library that is linked into a module.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Library {
    /// Where the files are.
    pub folder: String,
    /// The files.
    pub sources: Vec<String>,
    /// More files, below the work folder.
    #[serde(default)]
    pub extra: Vec<String>,
    /// The folders of headers of the modules that use it.
    pub headers: Vec<String>,
    /// A key of [`Compile::optimize`].
    #[serde(default = "speed")]
    pub optimize: String,
    /// The folders of headers of its own files.
    #[serde(default)]
    pub include: Vec<String>,
    /// Macros of its own files.
    #[serde(default)]
    pub defines: BTreeMap<String, String>,
    /// Flags of its own files.
    #[serde(default)]
    pub flags: Vec<String>,
}

/// The program that turns a module in Python into a header in C.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Freezer {
    /// Its files beside the core's.
    pub sources: Vec<String>,
}

/// A module whose code is in the core.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Frozen {
    /// The name of its file in the stdlib, which names the header.
    pub module: String,
    /// The name by which it is imported at the start; a header without it is included by a file of the core.
    pub name: Option<String>,
    /// The file in Python.
    pub source: String,
}

/// The modules in Python.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandardLibrary {
    /// Where they are.
    pub folder: String,
    /// Names of files and folders that are left out.
    pub excluded: Vec<String>,
    /// CPython's own tests.
    pub tests: String,
}

/// A licence of something that is compiled in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// The file's name in the output.
    pub name: String,
    /// The file that has the text.
    pub source: String,
    /// Whether the text is the first comment of the file.
    #[serde(default)]
    pub comment: bool,
}

fn speed() -> String {
    "speed".to_owned()
}

impl Manifest {
    /// The manifest that is part of the program.
    ///
    /// # Panics
    /// When it is not well-formed, which a test rules out.
    pub fn embedded() -> Manifest {
        toml::from_str(text("manifest.toml")).expect("the embedded manifest is well-formed")
    }

    /// The modules that the sources of an archive are linked into; none where these are part of the core.
    pub fn users(&self, archive: &str) -> Option<BTreeSet<&str>> {
        let is_of_archive = |library: &String| folder_at_top(&self.library[library].folder) == archive;
        let users = self.module.iter();
        let users = users.filter(|(_, module)| module.libraries.iter().any(is_of_archive));
        let has_libraries = self.library.keys().any(is_of_archive);
        has_libraries.then(|| users.map(|(name, _)| name.as_str()).collect())
    }
}

/// The first folder of a path.
fn folder_at_top(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// The macros of `pyconfig.h` with their values as they stand in C.
///
/// # Panics
/// When the embedded file is not well-formed, which a test rules out.
pub fn configuration() -> BTreeMap<String, String> {
    let table: BTreeMap<String, toml::Value> =
        toml::from_str(text("configuration.toml")).expect("the embedded configuration is well-formed");
    table
        .into_iter()
        .map(|(name, value)| match value {
            toml::Value::String(value) => (name, value),
            value => (name, value.to_string()),
        })
        .collect()
}

/// The C files of the manifest's folder, with their paths in it.
pub fn own_sources() -> Vec<(&'static str, &'static [u8])> {
    let mut sources: Vec<_> = FOLDER
        .dirs()
        .flat_map(Dir::files)
        .map(|file| {
            (
                file.path().to_str().expect("the manifest's files have plain names"),
                file.contents(),
            )
        })
        .collect();
    sources.sort();
    sources
}

fn text(name: &str) -> &'static str {
    FOLDER
        .get_file(name)
        .and_then(|file| file.contents_utf8())
        .unwrap_or_else(|| panic!("the program holds {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_image::{MULTIARCH, PLATFORM, SERIES, SOABI};

    #[test]
    fn the_manifest_is_consistent() {
        let manifest = Manifest::embedded();
        let levels: BTreeSet<_> = manifest.compile.optimize.keys().collect();
        for module in manifest.builtin.values().chain(manifest.module.values()) {
            assert!(levels.contains(&module.optimize), "{module:?}");
            assert!(!module.sources.is_empty(), "{module:?}");
            for library in &module.libraries {
                assert!(manifest.library.contains_key(library), "{library}");
            }
        }
        for group in &manifest.core {
            assert!(levels.contains(&group.optimize), "{group:?}");
        }
    }

    #[test]
    fn the_manifest_is_of_the_series() {
        let manifest = Manifest::embedded();
        assert!(manifest.release.version.starts_with(&format!("{SERIES}.")));
        let macros: BTreeMap<_, _> = manifest.defines.into_values().flatten().collect();
        for (name, value) in [("PLATFORM", PLATFORM), ("MULTIARCH", MULTIARCH), ("SOABI", SOABI)] {
            assert_eq!(macros[name], format!("\"{value}\""));
        }
    }

    #[test]
    fn every_archive_is_used_and_every_path_is_in_one() {
        let manifest = Manifest::embedded();
        let folders = manifest.core.iter().map(|group| &group.folder);
        let folders = folders.chain(manifest.library.values().map(|library| &library.folder));
        let licences = manifest.licence.iter().map(|licence| &licence.source);
        let mut used: BTreeSet<&str> = folders.chain(licences).map(|path| folder_at_top(path)).collect();
        used.remove("manifest");
        used.remove("generated");
        let archives: BTreeSet<&str> = manifest.archive.keys().map(String::as_str).collect();
        assert_eq!(used, archives);
    }

    #[test]
    fn a_library_is_in_a_component_with_its_modules() {
        let manifest = Manifest::embedded();
        let users = |archive| {
            manifest
                .users(archive)
                .map(|users| users.into_iter().collect::<Vec<_>>())
        };
        assert_eq!(users("bzip2"), Some(vec!["_bz2"]));
        assert_eq!(users("aws-lc"), Some(vec!["_hashlib", "_ssl"]));
        assert_eq!(users("cpython"), None);
        assert_eq!(users("libdeflate"), None);
    }

    #[test]
    fn no_module_is_both_builtin_and_linked_on_demand() {
        let manifest = Manifest::embedded();
        for name in manifest.module.keys() {
            assert!(
                !manifest.builtin.contains_key(name) && !manifest.intrinsic.contains_key(name),
                "{name}"
            );
        }
    }

    #[test]
    fn no_file_is_compiled_twice() {
        let manifest = Manifest::embedded();
        let mut seen = BTreeSet::new();
        for group in &manifest.core {
            for source in &group.sources {
                assert!(seen.insert(format!("{}/{source}", group.folder)), "{source}");
            }
        }
        for module in manifest.builtin.values().chain(manifest.module.values()) {
            for source in &module.sources {
                assert!(seen.insert(format!("cpython/Modules/{source}")), "{source}");
            }
        }
    }

    #[test]
    fn macros_of_single_files_belong_to_files_of_the_core() {
        let manifest = Manifest::embedded();
        for path in manifest.defines.keys() {
            let known = manifest.core.iter().any(|group| {
                path.strip_prefix(&group.folder)
                    .is_some_and(|rest| group.sources.iter().any(|source| rest == format!("/{source}")))
            });
            assert!(known, "{path}");
        }
    }

    #[test]
    fn the_configuration_is_for_a_32_bit_target() {
        let configuration = configuration();
        assert_eq!(configuration["SIZEOF_VOID_P"], "4");
        assert_eq!(
            configuration["PY_BUILTIN_HASHLIB_HASHES"],
            "\"md5,sha1,sha2,sha3,blake2\""
        );
    }

    #[test]
    fn the_folder_holds_the_own_sources() {
        let names: Vec<_> = own_sources().into_iter().map(|(name, _)| name).collect();
        assert_eq!(
            names,
            [
                "aws-lc/random.c",
                "calls/side.c",
                "ctypes/ffi.c",
                "ctypes/ffi.h",
                "descriptors/duplicate.c",
                "mmap/held.c",
                "mmap/held.h",
                "mmap/mapping.c",
                "sockets/options.c",
                "sqlite/file_locks.c"
            ]
        );
    }
}
