//! What is done with sources before anything is compiled.

use crate::inside;
use ampoule_action::Digest;
use ampoule_archive::Format;
use serde::Deserialize;

/// Another source that a package is compiled with, such as a library that it wraps.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherSource {
    /// Its name, which is that of its folder in the prepared sources.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    pub license: String,
    /// The archive's file name.
    pub file: String,
    /// The digest of the archive.
    pub digest: Digest,
    /// The size of the archive in bytes.
    pub size: u64,
    /// How many bytes its files may have.
    pub unpacked: u64,
    /// How it is packed.
    pub format: Format,
    /// How many folders at its root are left out.
    #[serde(default = "one")]
    pub strip: usize,
    /// The files and folders of it that are taken, without the folders at its root; all if there are none.
    #[serde(default)]
    pub only: Vec<String>,
    /// Where it comes from, best first: `https://...`, `crate:NAME@VERSION`, `debian:PATH`,
    /// `debian:SNAPSHOT/PATH`, `pypi:NAME==VERSION/FILE`.
    pub sources: Vec<String>,
}

/// Source archives hold one folder, named after package and version.
fn one() -> usize {
    1
}

/// A change of a source.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patch {
    /// The file.
    pub file: String,
    /// The text that is there, once.
    pub from: String,
    /// The text in its place.
    pub to: String,
    /// Why.
    pub reason: String,
}

/// A step that generates sources, run in the interpreter of the components, in a host that has nothing but the sources. One of
/// `cython`, `script`, `module` and `python` says what is run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Files of Cython, each compiled to a file beside it.
    #[serde(default)]
    pub cython: Vec<String>,
    /// A Python file of the sources, run as a program.
    pub script: Option<String>,
    /// A module that is run as a program, as by `python -m`.
    pub module: Option<String>,
    /// Python code.
    pub python: Option<String>,
    /// The arguments of the script, of the module or of Cython.
    #[serde(default)]
    pub arguments: Vec<String>,
    /// The folder that it runs in; the sources' own if there is none.
    pub folder: Option<String>,
    /// Folders from which Python imports, beside the one that it runs in.
    #[serde(default)]
    pub path: Vec<String>,
}

impl Step {
    /// What it runs, for people.
    pub fn title(&self) -> String {
        match (self.script.as_ref().or(self.module.as_ref()), self.cython.as_slice()) {
            (Some(script), _) => script.clone(),
            (None, [file]) => format!("cython {file}"),
            (None, [file, ..]) => format!("cython {file} ..."),
            (None, []) => "a step of the recipe".to_string(),
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        let programs = [&self.script, &self.module, &self.python].into_iter().flatten().count();
        if programs + usize::from(!self.cython.is_empty()) != 1 {
            return Err("a step of `generate` has one of `cython`, `script`, `module` and `python`".to_string());
        }
        inside::check(
            self.cython
                .iter()
                .chain(&self.script)
                .chain(&self.folder)
                .chain(&self.path),
        )
    }
}
