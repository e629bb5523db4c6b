//! Golden files: what a test expects, in files of the repository. The variable BLESS has what is found written there instead.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Texts by their paths below the folder of a case.
pub type Files = BTreeMap<PathBuf, String>;

/// The folders of cases in a folder, in the order of their names.
///
/// # Panics
/// When the folder cannot be read.
pub fn cases(folder: &Path) -> Vec<PathBuf> {
    let entries = walkdir::WalkDir::new(folder)
        .min_depth(1)
        .max_depth(1)
        .sort_by_file_name();
    let entries = entries.into_iter().map(|entry| entry.expect("the cases can be read"));
    entries
        .filter(|entry| entry.file_type().is_dir())
        .map(walkdir::DirEntry::into_path)
        .collect()
}

/// The texts of all files below a folder; none where there is no folder.
///
/// # Panics
/// When a file cannot be read.
pub fn files(folder: &Path) -> Files {
    texts(folder, folder).collect()
}

/// The texts of a file, or of all files below a folder, with their paths below a base.
fn texts(base: &Path, place: &Path) -> impl Iterator<Item = (PathBuf, String)> {
    let entries = walkdir::WalkDir::new(place).into_iter().flatten();
    let files = entries.filter(|entry| entry.file_type().is_file());
    files.map(move |entry| {
        let text = std::fs::read(entry.path()).expect("the file can be read");
        let name = entry.path().strip_prefix(base).expect("the file is below the base");
        (name.to_path_buf(), String::from_utf8_lossy(&text).into_owned())
    })
}

/// Whether what is expected is written anew.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some()
}

/// Compares with a file.
///
/// # Errors
/// When they differ; the error says where.
pub fn check(file: &Path, found: &str) -> Result<(), String> {
    let (case, name) = (file.parent(), file.file_name());
    let (case, name) = case.zip(name).expect("a golden file is in a folder");
    check_all(
        case,
        &[Path::new(name)],
        &Files::from([(name.into(), found.to_string())]),
    )
}

/// Compares with all that is expected in the folder of a case: the files at these places, and those in the folders at these places.
///
/// # Errors
/// When something differs, is missing or is there in addition; the error says where.
pub fn check_all(case: &Path, places: &[impl AsRef<Path>], found: &Files) -> Result<(), String> {
    if is_blessing() {
        bless(case, places, found);
    }
    let places = places.iter().map(|place| case.join(place));
    let expected: Files = places
        .flat_map(|place| texts(case, &place).collect::<Vec<_>>())
        .collect();
    let paths: BTreeSet<&PathBuf> = expected.keys().chain(found.keys()).collect();
    let wrong: Vec<String> = paths
        .into_iter()
        .filter_map(|path| {
            let difference = difference(expected.get(path), found.get(path))?;
            Some(format!("{}{difference}", case.join(path).display()))
        })
        .collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{}\nIf this is as it should be, BLESS=1 writes it.",
        wrong.join("\n")
    ))
}

fn bless(case: &Path, places: &[impl AsRef<Path>], found: &Files) {
    for path in places.iter().map(|place| case.join(place)) {
        let _ = std::fs::remove_file(&path);
        let _ = std::fs::remove_dir_all(&path);
    }
    for (path, text) in found {
        let path = case.join(path);
        std::fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("the folder can be made");
        std::fs::write(path, text).expect("the file can be written");
    }
}

fn difference(expected: Option<&String>, found: Option<&String>) -> Option<String> {
    match (expected, found) {
        (Some(expected), Some(found)) if expected != found => Some(first_difference(expected, found)),
        (None, Some(found)) => Some(format!(" is not expected:\n{found}")),
        (Some(_), None) => Some(" is expected, and not found".to_string()),
        _ => None,
    }
}

/// The first line that differs, and all that is found.
fn first_difference(expected: &str, found: &str) -> String {
    let lines = expected.lines().zip(found.lines());
    let same = lines.take_while(|(expected, found)| expected == found).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_string();
    let (number, expected, differing) = (same + 1, line(expected), line(found));
    format!(":{number}:\n  expected: {expected}\n  found:    {differing}\n--- all that is found:\n{found}")
}
