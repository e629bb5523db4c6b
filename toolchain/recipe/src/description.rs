//! The description of an extension module, or of a library of its own that several share.

use crate::recipe::Compile;
use crate::{Error, inside};
use ampoule_action::said_of_toml;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// How an extension module is made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Description {
    /// The name under which Python imports it, such as `package._module`; a library's name is one by which modules call it.
    pub name: String,
    /// What it is written in.
    #[serde(default, skip_serializing_if = "is_default")]
    pub kind: Kind,
    /// The C and C++ sources, relative to the source folder.
    #[serde(default)]
    pub sources: Vec<String>,
    /// The folders of headers, relative to the source folder.
    #[serde(default)]
    pub include: Vec<String>,
    /// The macros to define.
    #[serde(default)]
    pub defines: BTreeMap<String, Define>,
    /// Archives of position-independent objects, relative to the source folder; or names of the C library's parts, such as `m`; or
    /// of the recipe's libraries.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// The standard of the C sources, such as `c11`.
    pub c_standard: Option<String>,
    /// The standard of the C++ sources, such as `c++20`.
    pub cxx_standard: Option<String>,
    /// Whether C++ has exceptions, and C has setjmp and longjmp: the component then needs a host with WebAssembly's exceptions.
    #[serde(default)]
    pub exceptions: bool,
    /// More flags for the compiler.
    #[serde(default)]
    pub flags: Vec<String>,
    /// What some of the sources have beside that, by their paths.
    #[serde(default)]
    pub units: BTreeMap<String, UnitFlags>,
    /// Modules that its compiled code imports.
    #[serde(default)]
    pub imports: Vec<String>,
    /// Of a crate: its manifest, relative to the source folder; `Cargo.toml` if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub manifest: Option<String>,
    /// Of a crate: the features to compile it with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// Of a crate: whether it has its default features.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub default_features: bool,
    /// Of a crate: its lock, relative to the source folder; the Cargo.lock beside the manifest, or above it, if nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock: Option<String>,
}

/// What an extension module is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// C or C++, as each source's name says.
    #[default]
    C,
    /// Rust: a crate with PyO3.
    Rust,
}

fn is_default(kind: &Kind) -> bool {
    *kind == Kind::default()
}

fn yes() -> bool {
    true
}

fn is_yes(value: &bool) -> bool {
    *value
}

/// What one source has beside what its module says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct UnitFlags {
    /// The macros to define.
    pub defines: BTreeMap<String, Define>,
    /// More flags for the compiler.
    pub flags: Vec<String>,
}

/// The value of a macro.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Define {
    /// `true`: the macro is 1; `false`: it is not defined.
    Switch(bool),
    /// A number.
    Number(i64),
    /// A text that stands in the code as it is.
    Text(String),
}

impl Description {
    /// Reads a description.
    ///
    /// # Errors
    /// When the file cannot be read, has unknown keys, or names something that cannot be.
    pub fn read(file: &Path) -> Result<Description, Error> {
        Description::parse(&ampoule_action::read_text(file)?).map_err(|reason| Error::Invalid {
            file: file.to_path_buf(),
            reason,
        })
    }

    /// The text of a description: one of a recipe as a file of its own.
    ///
    /// # Panics
    /// Never: all that it has is TOML.
    pub fn text(&self) -> String {
        toml::to_string(self).expect("a description is TOML")
    }

    /// The name of the file that has its text.
    pub fn text_file(&self) -> String {
        format!("{}.toml", self.name)
    }

    fn parse(text: &str) -> Result<Description, String> {
        let description: Description = toml::from_str(text).map_err(said_of_toml)?;
        description.check()?;
        Ok(description)
    }

    /// With what all modules of a recipe in C and C++ have before its own.
    pub(crate) fn after(self, all: &Compile) -> Description {
        if self.kind == Kind::Rust {
            return self;
        }
        let mut defines = all.defines.clone();
        defines.extend(self.defines);
        Description {
            include: [all.include.clone(), self.include].concat(),
            defines,
            c_standard: self.c_standard.or_else(|| all.c_standard.clone()),
            cxx_standard: self.cxx_standard.or_else(|| all.cxx_standard.clone()),
            flags: [all.flags.clone(), self.flags].concat(),
            ..self
        }
    }

    /// The function by which Python initialises the module (PEP 489).
    pub fn initializer(&self) -> String {
        format!("PyInit_{}", self.last_name())
    }

    /// Where the module is below the folder of its top-level package: `package/_module`, with the suffix of extension modules.
    pub fn file_name(&self) -> String {
        self.name.replace('.', "/") + ampoule_image::EXTENSION_SUFFIX
    }

    fn last_name(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or(&self.name)
    }

    /// Whether some source is C++.
    pub fn has_cxx(&self) -> bool {
        let is_cxx = |source: &String| Language::of(source) == Some(Language::Cxx);
        self.sources.iter().any(is_cxx)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if !self.name.split('.').all(is_identifier) {
            return Err(format!(
                "name = {:?} is not a dotted name of a Python module in ASCII",
                self.name
            ));
        }
        match self.kind {
            Kind::C => self.check_no_crate().and_then(|()| self.check_sources()),
            Kind::Rust => self.check_crate(),
        }
    }

    pub(crate) fn check_library(&self) -> Result<(), String> {
        if !is_identifier(&self.name) {
            return Err(format!("name = {:?} is no plain name of a library", self.name));
        }
        if !self.libraries.is_empty() {
            return Err(format!(
                "the library {:?} links no other libraries: name them in the modules",
                self.name
            ));
        }
        self.check_sources()
    }

    /// What only a crate has.
    fn check_no_crate(&self) -> Result<(), String> {
        let given = [
            ("manifest", self.manifest.is_some()),
            ("features", !self.features.is_empty()),
            ("default-features", !self.default_features),
            ("lock", self.lock.is_some()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((key, _)) => Err(format!("`{key}` is for crates: write `kind = \"rust\"` for one")),
            None => Ok(()),
        }
    }

    /// A crate says in its manifest what others say here, but for the libraries in C that it is linked with.
    fn check_crate(&self) -> Result<(), String> {
        let given = [
            ("sources", !self.sources.is_empty()),
            ("include", !self.include.is_empty()),
            ("defines", !self.defines.is_empty()),
            ("c-standard", self.c_standard.is_some()),
            ("cxx-standard", self.cxx_standard.is_some()),
            ("exceptions", self.exceptions),
            ("flags", !self.flags.is_empty()),
            ("units", !self.units.is_empty()),
        ];
        match given.into_iter().find(|(_, is_given)| *is_given) {
            Some((key, _)) => Err(format!(
                "`{key}` is for C and C++: of a crate, Cargo.toml says all of that"
            )),
            None => inside::check(self.manifest.iter().chain(&self.lock)),
        }?;
        match self.libraries.iter().find(|library| is_archive(library)) {
            Some(library) => Err(format!(
                "a crate is linked with libraries of its recipe, not with files such as {library:?}"
            )),
            None => Ok(()),
        }
    }

    /// Of a crate: its manifest, relative to the source folder.
    pub fn manifest(&self) -> &str {
        self.manifest.as_deref().unwrap_or("Cargo.toml")
    }

    /// Of a crate: the folders from that of its manifest up to the source folder.
    pub fn folders(&self, source: &Path) -> Vec<PathBuf> {
        let manifest = source.join(self.manifest());
        let folders = manifest.ancestors().skip(1);
        let folders = folders.take_while(|folder| folder.starts_with(source));
        folders.map(Path::to_path_buf).collect()
    }

    /// Of a crate: the lock that the description names, or the first beside its manifest or above it.
    pub fn lock_in(&self, source: &Path) -> Option<PathBuf> {
        if let Some(lock) = &self.lock {
            return Some(source.join(lock));
        }
        let mut locks = self.folders(source).into_iter().map(|folder| folder.join("Cargo.lock"));
        locks.find(|lock| lock.is_file())
    }

    fn check_sources(&self) -> Result<(), String> {
        if self.sources.is_empty() && !self.libraries.iter().any(|library| is_archive(library)) {
            return Err(
                "sources = [] names no source: add the .c or .cpp files, or a library (.a) that has it all".to_string(),
            );
        }
        for source in &self.sources {
            Language::of(source)
                .ok_or_else(|| format!("source {source:?} is neither C (.c) nor C++ (.cc, .cpp, .cxx)"))?;
        }
        let archives = self.libraries.iter().filter(|library| is_archive(library));
        inside::check(self.sources.iter().chain(&self.include).chain(archives))?;
        if let Some(source) = self.units.keys().find(|source| !self.sources.contains(source)) {
            return Err(format!("units has {source:?}, which is none of the sources"));
        }
        let of_units = self.units.values().flat_map(|unit| unit.defines.keys());
        match self.defines.keys().chain(of_units).find(|name| !is_identifier(name)) {
            Some(name) => Err(format!("{name:?} in defines is not the name of a macro")),
            None => Ok(()),
        }
    }
}

/// The language of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// C.
    C,
    /// C++.
    Cxx,
}

impl Language {
    /// The language by the file name's extension.
    pub fn of(source: &str) -> Option<Language> {
        match Path::new(source).extension()?.to_str()? {
            "c" => Some(Language::C),
            "cc" | "cpp" | "cxx" | "C" => Some(Language::Cxx),
            _ => None,
        }
    }
}

/// Whether a library is a file of the source folder, not a part of the C library or of a recipe.
pub fn is_archive(library: &str) -> bool {
    library.ends_with(".a")
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_has_names_and_paths() {
        let text = "name = 'package._module'\nsources = ['src/a.c', 'src/b.cpp']\ndefines = { A = 1, B = 'x', C = true }\ncxx-standard = 'c++20'";
        let description = Description::parse(text).unwrap();
        assert_eq!(description.initializer(), "PyInit__module");
        assert_eq!(description.file_name(), "package/_module.cpython-313-wasm32-wasi.so");
        assert_eq!(description.defines["A"], Define::Number(1));
        assert_eq!(description.defines["C"], Define::Switch(true));
        assert!(description.has_cxx());
        assert_eq!(Description::parse(&description.text()).unwrap(), description);
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text: &str| Description::parse(text).unwrap_err();
        assert!(error("name = 'm'\nsources = ['m.c']\nincludes = []").contains("unknown key `includes`"));
        assert!(error("name = 'm'\nsources = []").contains("names no source"));
        assert!(error("name = 'a-b'\nsources = ['m.c']").contains("not a dotted name"));
        assert!(error("name = 'm'\nsources = ['m.rs']").contains("neither C"));
        assert!(error("name = 'm'\nsources = ['../m.c']").contains("leaves the source folder"));
        assert!(
            error("name = 'm'\nsources = ['m.c']\ninclude = ['/usr/include']").contains("leaves the source folder")
        );
        assert!(error("name = 'm'\nsources = ['m.c']\n[units.'n.c']\nflags = ['-O3']").contains("none of the sources"));
        assert!(error("sources = ['m.c']").contains("missing key `name`"));
        assert!(error("name = 'm'\nkind = 'rust'\nsources = ['m.c']").contains("`sources` is for C and C++"));
        assert!(error("name = 'm'\nkind = 'rust'\nlibraries = ['m.a']").contains("not with files such as"));
        assert!(Description::parse("name = 'm'\nkind = 'rust'\nlibraries = ['shared']").is_ok());
    }
}
