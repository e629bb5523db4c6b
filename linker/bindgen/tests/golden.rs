//! Worlds and their bindings, side by side: each folder of `cases` is one.
//!
//! `world.wit` (or a folder `wit`) is the input and `options`, if it is there, holds the stage's flags, a line each. A world that can be
//! bound has its files below `expected`, one that cannot has the message in `error.txt`. `BLESS=1` writes what is expected anew.

use crate::support;

use ampoule_action::{Console, sentence};
use ampoule_bindgen::Bindgen;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The suffix of expected stubs, which are not Python to run.
const STUB_SUFFIX: &str = ".txt";

#[test]
fn cases() {
    let mut failures = Vec::new();
    for folder in support::cases() {
        if let Err(difference) = check(&folder) {
            failures.push(format!("{}\n{difference}", folder.display()));
        }
    }
    assert!(
        failures.is_empty(),
        "{}\n\nIf this is as it should be: BLESS=1",
        failures.join("\n\n")
    );
}

/// Runs one case; an error says what is not as expected.
fn check(folder: &Path) -> Result<(), String> {
    let output = tempfile::tempdir().expect("a temporary folder");
    let stage = support::stage(folder, &output.path().join("bindings"));
    let (expected_error, expected_files) = (folder.join("error.txt"), folder.join("expected"));
    let (error, files) = match ampoule_action::run(&stage, None, &Console::quiet()) {
        Ok(_) => (String::new(), produced(&stage)),
        Err(error) => (sentence(&error) + "\n", BTreeMap::new()),
    };
    if std::env::var_os("BLESS").is_some() {
        bless(&expected_error, &expected_files, &error, &files);
    }
    let expected = std::fs::read_to_string(&expected_error).unwrap_or_default();
    if error != expected {
        return Err(format!("expected the error:\n{expected}\nfound:\n{error}"));
    }
    compare(&read_folder(&expected_files), &files)
}

/// The generated text files; the side module has a test of its own.
fn produced(stage: &Bindgen) -> BTreeMap<PathBuf, String> {
    let suffix = if stage.stubs { STUB_SUFFIX } else { "" };
    let files = read_folder(&stage.output).into_iter();
    let own = files.filter(|(path, _)| !path.ends_with("componentize_py_types.py") && !path.ends_with("world.so"));
    let name = |path: &Path| path.strip_prefix("python").unwrap_or(path).display().to_string() + suffix;
    own.map(|(path, text)| (PathBuf::from(name(&path)), text)).collect()
}

fn bless(expected_error: &Path, expected_files: &Path, error: &str, files: &BTreeMap<PathBuf, String>) {
    let _ = std::fs::remove_file(expected_error);
    let _ = std::fs::remove_dir_all(expected_files);
    if !error.is_empty() {
        std::fs::write(expected_error, error).expect("the error can be written");
    }
    for (path, text) in files {
        let path = expected_files.join(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

fn compare(expected: &BTreeMap<PathBuf, String>, found: &BTreeMap<PathBuf, String>) -> Result<(), String> {
    let missing = expected.keys().filter(|path| !found.contains_key(*path));
    let mut differences: Vec<String> = missing.map(|path| format!("{} is missing", path.display())).collect();
    for (path, text) in found {
        match expected.get(path) {
            Some(expected) if expected == text => {}
            Some(expected) => differences.push(difference(path, expected, text)),
            None => differences.push(format!("{} is not expected:\n{text}", path.display())),
        }
    }
    if differences.is_empty() {
        Ok(())
    } else {
        Err(differences.join("\n"))
    }
}

/// The first line that differs.
fn difference(path: &Path, expected: &str, found: &str) -> String {
    let same = expected
        .lines()
        .zip(found.lines())
        .take_while(|(expected, found)| expected == found)
        .count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_string();
    format!(
        "{}:{}:\n  expected: {}\n  found:    {}",
        path.display(),
        same + 1,
        line(expected),
        line(found)
    )
}

fn read_folder(folder: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            let entries = std::fs::read_dir(&path).expect("the folder can be read");
            waiting.extend(entries.map(|entry| entry.expect("the entry can be read").path()));
        } else if path.is_file() {
            let name = path
                .strip_prefix(folder)
                .expect("the file is in the folder")
                .to_path_buf();
            let text = std::fs::read(&path).expect("the file can be read");
            files.insert(name, String::from_utf8_lossy(&text).into_owned());
        }
    }
    files
}
