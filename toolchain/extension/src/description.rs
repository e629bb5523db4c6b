//! The description of an extension module: a TOML file.

use crate::Error;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path};

/// How an extension module is made.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Description {
    /// The name under which Python imports it, such as `package._module`.
    pub name: String,
    /// The C and C++ sources, relative to the source folder.
    pub sources: Vec<String>,
    /// The folders of headers, relative to the source folder.
    #[serde(default)]
    pub include: Vec<String>,
    /// The macros to define.
    #[serde(default)]
    pub defines: BTreeMap<String, Define>,
    /// Archives of position-independent objects, relative to the source folder; or names of the C library's parts, such as `m`.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// The standard of the C sources, such as `c11`.
    pub c_standard: Option<String>,
    /// The standard of the C++ sources, such as `c++20`.
    pub cxx_standard: Option<String>,
    /// More flags for the compiler.
    #[serde(default)]
    pub flags: Vec<String>,
}

/// The value of a macro.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
        let text = ampoule_action::read_text(file)?;
        Description::parse(&text).map_err(|reason| Error::Description {
            file: file.to_path_buf(),
            reason,
        })
    }

    fn parse(text: &str) -> Result<Description, String> {
        let description: Description =
            toml::from_str(text).map_err(|error| error.to_string().trim_end().to_string())?;
        description.check()?;
        Ok(description)
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

    fn check(&self) -> Result<(), String> {
        if !self.name.split('.').all(is_identifier) {
            return Err(format!(
                "name = {:?} is not a dotted name of a Python module in ASCII",
                self.name
            ));
        }
        if self.sources.is_empty() {
            return Err("sources = [] names no source: add the .c or .cpp files".to_string());
        }
        for source in &self.sources {
            Language::of(source)
                .ok_or_else(|| format!("source {source:?} is neither C (.c) nor C++ (.cc, .cpp, .cxx)"))?;
        }
        let archives = self.libraries.iter().filter(|library| is_archive(library));
        for path in self.sources.iter().chain(&self.include).chain(archives) {
            if !is_inside(path) {
                return Err(format!(
                    "{path:?} leaves the source folder: give a path relative to it, without `..`"
                ));
            }
        }
        if let Some(name) = self.defines.keys().find(|name| !is_identifier(name)) {
            return Err(format!("{name:?} in defines is not the name of a macro"));
        }
        Ok(())
    }
}

/// The language of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    C,
    Cxx,
}

impl Language {
    /// The language by the file name's extension.
    pub(crate) fn of(source: &str) -> Option<Language> {
        match Path::new(source).extension()?.to_str()? {
            "c" => Some(Language::C),
            "cc" | "cpp" | "cxx" | "C" => Some(Language::Cxx),
            _ => None,
        }
    }
}

/// Whether a library is a file of the source folder, not a part of the C library.
pub(crate) fn is_archive(library: &str) -> bool {
    library.ends_with(".a")
}

fn is_identifier(name: &str) -> bool {
    let mut characters = name.chars();
    characters
        .next()
        .is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && characters.all(|character| character.is_ascii_alphanumeric() || character == '_')
}

fn is_inside(path: &str) -> bool {
    Path::new(path)
        .components()
        .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
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
    }

    #[test]
    fn what_is_wrong_is_named() {
        let error = |text: &str| Description::parse(text).unwrap_err();
        assert!(error("name = 'm'\nsources = ['m.c']\nincludes = []").contains("unknown field `includes`"));
        assert!(error("name = 'm'\nsources = []").contains("names no source"));
        assert!(error("name = 'a-b'\nsources = ['m.c']").contains("not a dotted name"));
        assert!(error("name = 'm'\nsources = ['m.rs']").contains("neither C"));
        assert!(error("name = 'm'\nsources = ['../m.c']").contains("leaves the source folder"));
        assert!(
            error("name = 'm'\nsources = ['m.c']\ninclude = ['/usr/include']").contains("leaves the source folder")
        );
        assert!(error("sources = ['m.c']").contains("missing field `name`"));
    }
}
