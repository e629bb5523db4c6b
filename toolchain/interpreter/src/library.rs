//! The stdlib: its sources with the guest's package, compiled by the interpreter itself.

use crate::Error;
use crate::start::started;
use ampoule_action::{FileError, read};
use ampoule_host::{Captured, Files, Outcome};
use ampoule_image::{EXTENSIONS, STDLIB_PATH};
use ampoule_settings::PythonSettings;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Where the interpreter writes what it compiles.
const OUTPUT: &str = "/compiled";

/// Files by their path below [`STDLIB_PATH`].
pub(crate) type Sources = BTreeMap<String, Vec<u8>>;

/// Reads the stdlib of the cpython stage and adds the guest's package.
pub(crate) fn sources(cpython: &Path) -> Result<Sources, Error> {
    let folder = cpython.join(ampoule_image::STDLIB);
    let mut sources = Sources::new();
    // A sandbox gives the files of a folder as links.
    let walk = walkdir::WalkDir::new(&folder).follow_links(true).sort_by_file_name();
    for entry in walk {
        let entry = entry.map_err(|error| Error::Input {
            path: folder.clone(),
            reason: error.to_string(),
        })?;
        let name = entry.path().strip_prefix(&folder).unwrap_or(entry.path());
        let name = name.to_string_lossy().into_owned();
        // No stage before the link can import from the side modules.
        if entry.file_type().is_file() && !name.contains("__pycache__") && !name.starts_with(EXTENSIONS) {
            sources.insert(name, read(entry.path())?);
        }
    }
    add_package(&mut sources, &ampoule_guest::PYTHON);
    Ok(sources)
}

fn add_package(sources: &mut Sources, folder: &include_dir::Dir<'_>) {
    for file in folder.files() {
        let name = file.path().to_string_lossy().into_owned();
        if name.ends_with(".py") {
            sources.insert(name, file.contents().to_vec());
        }
    }
    folder.dirs().for_each(|inner| add_package(sources, inner));
}

/// The image that the interpreter sees: sources and, once there is any, bytecode.
pub(crate) fn image(sources: &Sources, bytecode: &Sources) -> Result<Files, Error> {
    let mut files = Files::new();
    for (name, bytes) in sources.iter().chain(bytecode) {
        files.add(&format!("{STDLIB_PATH}/{name}"), bytes.clone())?;
    }
    Ok(files)
}

/// What the interpreter makes of the stdlib.
pub(crate) struct Compiled {
    /// The `.pyc` files by their path below [`STDLIB_PATH`].
    pub(crate) bytecode: Sources,
    /// What each module imports, as JSON.
    pub(crate) imports: Vec<u8>,
}

/// Compiles all modules of the stdlib. `base` is the base, precompiled.
pub(crate) fn compile(base: &[u8], sources: &Sources, python: &PythonSettings) -> Result<Compiled, Error> {
    let output = Captured::new();
    let files = image(sources, &Sources::new())?.writable();
    let mut interpreter = started(base, files, &output, python, 0)?;
    if interpreter.execute(&script(sources))? != Outcome::Done {
        return Err(Error::Python {
            what: "the stdlib cannot be compiled",
            output: output.take_text(),
        });
    }
    let mut compiled = Compiled {
        bytecode: Sources::new(),
        imports: Vec::new(),
    };
    for (path, bytes) in interpreter.store.into_data().into_files().written() {
        if let Some(name) = path.strip_prefix(&format!("{OUTPUT}{STDLIB_PATH}/")) {
            compiled.bytecode.insert(name.to_owned(), bytes);
        } else if path == format!("{OUTPUT}/imports.json") {
            compiled.imports = bytes;
        }
    }
    Ok(compiled)
}

/// The Python that compiles the stdlib.
fn script(sources: &Sources) -> String {
    let mut script = String::from("from _ampoule.compiling import compile_files\nfiles = [\n");
    for (path, module, is_package) in sources.keys().filter_map(|name| module(name)) {
        let flag = if is_package { "True" } else { "False" };
        let _ = writeln!(
            script,
            "    ({:?}, {module:?}, {flag}),",
            format!("{STDLIB_PATH}/{path}")
        );
    }
    let _ = writeln!(script, "]\nproblems = compile_files(files, {OUTPUT:?})");
    script.push_str("for path, line, message in problems:\n    raise SyntaxError(f'{path}:{line}: {message}')\n");
    script
}

/// Path, name and whether it is a package, of a file that can be imported. Only a module's own name may have a hyphen, which
/// `sysconfig` imports by its text.
fn module(path: &str) -> Option<(&str, String, bool)> {
    let stem = path.strip_suffix(".py")?;
    let is_package = stem.ends_with("/__init__");
    let name = stem.strip_suffix("/__init__").unwrap_or(stem).replace('/', ".");
    let package = name.rsplit_once('.').map_or("", |(package, _)| package);
    let importable = name.split('.').all(|part| !part.is_empty()) && !package.contains('-');
    importable.then_some((path, name, is_package))
}

/// Writes sources and bytecode to the folder that becomes the stdlib.
pub(crate) fn write_folder(folder: &Path, sources: &Sources, compiled: &Compiled) -> Result<(), FileError> {
    let mut files = sources.iter().chain(&compiled.bytecode);
    files.try_for_each(|(name, bytes)| ampoule_action::write(&folder.join(name), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The package is taken as it is: its bytes are in the memory of each component.
    #[test]
    fn the_package_knows_where_the_stdlib_is() {
        let mut sources = Sources::new();
        add_package(&mut sources, &ampoule_guest::PYTHON);
        let text = sources.into_values().map(|bytes| String::from_utf8(bytes).unwrap());
        let text: String = text.collect();
        let places: Vec<&str> = text.split("/lib/python").skip(1).collect();
        assert!(!places.is_empty());
        for place in places {
            assert!(place.starts_with(&format!("{}/", ampoule_image::SERIES)), "{place}");
        }
    }

    #[test]
    fn modules_have_the_names_that_import_knows() {
        assert_eq!(
            module("json/__init__.py"),
            Some(("json/__init__.py", "json".to_owned(), true))
        );
        assert_eq!(
            module("json/decoder.py"),
            Some(("json/decoder.py", "json.decoder".to_owned(), false))
        );
        assert_eq!(module("ctypes/macholib/fetch_macholib"), None);
        assert_eq!(module("a-b/c.py"), None);
        assert_eq!(module("a-b.py"), Some(("a-b.py", "a-b".to_owned(), false)));
    }
}
