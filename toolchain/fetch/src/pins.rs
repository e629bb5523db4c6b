//! The pins: every input from outside, with its digest and where it comes from.

use crate::source::Source;
use crate::{Error, Platform};
use ampoule_action::Digest;
use ampoule_archive::{Archive, Limit, Unpacking};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The content of `pins.json`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pins {
    pins: Vec<Pin>,
}

/// One input: a source archive or a binary package.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pin {
    /// The name by which the stages know it.
    pub name: String,
    /// The stage that unpacks it, if it is an input of the toolchain; what else needs it; nothing for an input of a project's own.
    #[serde(default)]
    pub group: String,
    /// The version of the content.
    pub version: String,
    /// The licence, as an SPDX expression.
    pub license: String,
    /// The package URL of what is fetched.
    pub purl: String,
    /// How to unpack it.
    pub unpack: Unpacking,
    /// One file for all platforms, or one for each.
    pub files: Vec<PinnedFile>,
}

/// The groups of what every build needs, each named for the stage that unpacks it.
const TOOLCHAIN: [&str; 2] = ["sdk", "cpython"];

/// A file with its digest.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedFile {
    /// The platform that it is for, where that makes a difference.
    pub platform: Option<String>,
    /// The file's name.
    #[serde(deserialize_with = "plain_file_name")]
    pub file: String,
    /// The digest of its content.
    pub digest: Digest,
    /// Its size in bytes, if it is known.
    pub size: Option<u64>,
    /// What it may grow to when it is unpacked.
    pub limit: Limit,
    /// Where it comes from, best first.
    pub sources: Vec<Source>,
}

impl Pins {
    /// The pins that this program was built with.
    ///
    /// # Panics
    /// Never in a program that has passed its tests: the text is part of the program.
    pub fn embedded() -> Pins {
        Pins::parse(include_str!("../../pins.json"), Path::new("pins.json")).expect("the program's own pins are valid")
    }

    /// Reads pins from a file.
    ///
    /// # Errors
    /// When the file cannot be read or does not have the form of pins; the error names the line.
    pub fn open(path: &Path) -> Result<Pins, Error> {
        let text = ampoule_action::read_text(path)?;
        Pins::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Pins, Error> {
        let invalid = |reason: String| Error::InvalidPins {
            path: path.to_path_buf(),
            reason,
        };
        let pins: Pins = serde_json::from_str(text).map_err(|error| invalid(error.to_string()))?;
        pins.check().map_err(invalid)?;
        Ok(pins)
    }

    /// All pins, in the order of the file.
    pub fn all(&self) -> &[Pin] {
        &self.pins
    }

    /// The pin with a name.
    ///
    /// # Errors
    /// When there is none; the error lists the names.
    pub fn pin(&self, name: &str) -> Result<&Pin, Error> {
        let found = self.pins.iter().find(|pin| pin.name == name);
        found.ok_or_else(|| Error::UnknownPin {
            name: name.to_string(),
            known: self.pins.iter().map(|pin| pin.name.clone()).collect(),
        })
    }

    /// The pins of a group, in the order of the file.
    pub fn group(&self, name: &str) -> Vec<&Pin> {
        self.pins.iter().filter(|pin| pin.group == name).collect()
    }

    /// The pins of the toolchain, in the order of the file.
    pub fn toolchain(&self) -> Vec<&Pin> {
        self.pins.iter().filter(|pin| pin.is_of_toolchain()).collect()
    }

    /// What no single pin shows: names that are given twice, files that nothing tells apart.
    fn check(&self) -> Result<(), String> {
        let mut names = BTreeSet::new();
        let mut files = BTreeSet::new();
        for pin in &self.pins {
            if !names.insert(&pin.name) {
                return Err(format!("the pin {} is there twice", pin.name));
            }
            pin.check(&mut files)?;
        }
        Ok(())
    }
}

impl Pin {
    /// The file for a platform.
    ///
    /// # Errors
    /// When the input does not exist for that platform; the error lists those it exists for.
    pub fn file(&self, platform: &Platform) -> Result<&PinnedFile, Error> {
        let fits = |file: &&PinnedFile| file.platform.as_deref().is_none_or(|name| name == platform.name());
        self.files.iter().find(fits).ok_or_else(|| Error::NoFileForPlatform {
            name: self.name.clone(),
            platform: platform.clone(),
            known: self.files.iter().filter_map(|file| file.platform.clone()).collect(),
        })
    }

    /// Whether every build needs it.
    pub fn is_of_toolchain(&self) -> bool {
        TOOLCHAIN.contains(&self.group.as_str())
    }

    /// Whether only extension modules in Rust need it.
    pub fn is_of_rust(&self) -> bool {
        self.group.starts_with("rust")
    }

    /// The archive for a platform as a stage takes it, from a folder of fetched files.
    ///
    /// # Errors
    /// As [`Pin::file`].
    pub fn archive(&self, platform: &Platform, folder: &Path) -> Result<Archive, Error> {
        let file = self.file(platform)?;
        Ok(Archive {
            name: self.name.clone(),
            unpacking: self.unpack,
            limit: file.limit,
            file: file.path_in(folder),
        })
    }

    fn check<'a>(&'a self, files: &mut BTreeSet<&'a str>) -> Result<(), String> {
        let mut platforms = BTreeSet::new();
        if self.files.is_empty() {
            return Err(format!("the pin {} has no files", self.name));
        }
        for file in &self.files {
            let name = Path::new(&file.file);
            if name.file_name() != Some(name.as_os_str()) {
                return Err(format!(
                    "{} of the pin {} is not a plain file name",
                    file.file, self.name
                ));
            }
            if !files.insert(&file.file) {
                return Err(format!("the file name {} is there twice", file.file));
            }
            if !platforms.insert(&file.platform) || (file.platform.is_none() && self.files.len() > 1) {
                return Err(format!("two files of the pin {} are for the same platform", self.name));
            }
            if file.sources.is_empty() {
                return Err(format!("the file {} has no sources", file.file));
            }
        }
        Ok(())
    }
}

impl PinnedFile {
    /// The crate that it is, by name and version.
    pub(crate) fn as_crate(&self) -> Option<(&str, &str)> {
        self.sources.iter().find_map(|source| match source {
            Source::Crate { name, version } => Some((name.as_str(), version.as_str())),
            _ => None,
        })
    }

    /// Where the file is in a folder of fetched files.
    pub fn path_in(&self, folder: &Path) -> PathBuf {
        folder.join(&self.file)
    }
}

/// A file name that cannot lead to another folder.
fn plain_file_name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let name = String::deserialize(deserializer)?;
    let path = Path::new(&name);
    if path.file_name() == Some(path.as_os_str()) {
        return Ok(name);
    }
    Err(D::Error::custom(format!("{name:?} is not a plain file name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Pins, String> {
        Pins::parse(text, Path::new("test.json")).map_err(|error| error.to_string())
    }

    fn pin(name: &str, file: &str, more: &str) -> String {
        format!(
            r#"{{"name": "{name}", "group": "sdk", "version": "1", "license": "MIT", "purl": "pkg:generic/{name}@1",
            "unpack": {{"format": "zip", "strip": 0}}, "files": [{{"file": "{file}", "size": 1,
            "digest": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", "limit": {{"bytes": 1, "entries": 1}},
            "sources": ["https://example.com/{file}"]}}]{more}}}"#
        )
    }

    #[test]
    fn what_a_pool_may_drop_has_a_second_source() {
        for pin in Pins::embedded().all() {
            for file in &pin.files {
                let is_of_pool = |source: &Source| matches!(source, Source::Debian { snapshot: None, .. });
                assert!(!file.sources.iter().all(is_of_pool), "{} of {}", file.file, pin.name);
            }
        }
    }

    #[test]
    fn the_embedded_pins_name_all_parts_of_the_toolchain() {
        let pins = Pins::embedded();
        let names = |pins: Vec<&Pin>| -> Vec<String> { pins.iter().map(|pin| pin.name.clone()).collect() };
        assert_eq!(names(pins.group("sdk")), ["clang", "wasi-libc", "compiler-rt"]);
        assert_eq!(
            names(pins.group("cpython")),
            ["cpython", "zlib", "libdeflate", "sqlite", "bzip2", "xz", "aws-lc"]
        );
        assert_eq!(pins.toolchain().len(), 10);
        for platform in ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"] {
            // Of Rust's compiler a part is for one system only.
            for pin in pins.all().iter().filter(|pin| !pin.group.starts_with("rust-")) {
                pin.file(&Platform::named(platform)).unwrap();
            }
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = parse(&format!(
            r#"{{"pins": [{}]}}"#,
            pin("a", "a.zip", ",\n\"sha1\": \"00\"")
        ))
        .unwrap_err();
        assert!(
            error.starts_with("test.json is not a list of pins: unknown field `sha1`"),
            "{error}"
        );
        assert!(error.contains("at line 5"), "{error}");
    }

    #[test]
    fn a_name_given_twice_is_refused() {
        let text = format!(r#"{{"pins": [{}, {}]}}"#, pin("a", "a.zip", ""), pin("a", "b.zip", ""));
        assert!(parse(&text).unwrap_err().contains("the pin a is there twice"));
    }

    #[test]
    fn a_file_name_that_is_a_path_is_refused() {
        for name in ["../a.zip", "/a.zip", "a/b.zip", ".."] {
            let error = parse(&format!(r#"{{"pins": [{}]}}"#, pin("a", name, ""))).unwrap_err();
            assert!(error.contains("is not a plain file name"), "{error}");
        }
    }

    #[test]
    fn a_missing_pin_and_a_missing_platform_list_what_there_is() {
        let error = Pins::embedded().pin("gcc").unwrap_err().to_string();
        assert!(
            error.contains("no pin named gcc") && error.contains("cpython"),
            "{error}"
        );
        let riscv = Platform::named("riscv64-linux");
        let error = Pins::embedded()
            .pin("clang")
            .unwrap()
            .file(&riscv)
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("clang") && error.contains("riscv64-linux") && error.contains("x86_64-linux"),
            "{error}"
        );
    }
}
