//! What a user sees who made a mistake: each folder of `tests/suites/errors/` is a project that does not build.
//!
//! `expected.txt` holds the exit code, stdout and stderr. A file `command.txt` holds the arguments where they are not `build`.

use crate::support;

use libtest_mimic::{Failed, Trial};
use std::path::Path;

/// A test for each folder.
pub fn trials() -> Vec<Trial> {
    let folder = support::root().join("tests/suites/errors");
    let mut cases: Vec<_> = std::fs::read_dir(&folder)
        .expect("the cases can be read")
        .map(|entry| entry.expect("a case can be read").path())
        .filter(|path| path.is_dir())
        .collect();
    cases.sort();
    cases
        .into_iter()
        .map(|case| {
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("errors::{name}"), move || check(&case))
        })
        .collect()
}

fn check(case: &Path) -> Result<(), Failed> {
    let scratch = support::copy(case);
    for extra in ["expected.txt", "command.txt"] {
        let _ = std::fs::remove_file(scratch.path().join(extra));
    }
    let before = listing(scratch.path());
    let command = std::fs::read_to_string(case.join("command.txt")).unwrap_or_else(|_| "build".to_string());
    let output = support::ampoule(scratch.path())
        .args(command.split_whitespace())
        .output()?;
    if listing(scratch.path()) != before {
        return Err(format!("files were written: {:?}", listing(scratch.path())).into());
    }
    Ok(support::check_golden(
        &case.join("expected.txt"),
        &support::transcript(&output),
    )?)
}

fn listing(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    entries
        .into_iter()
        .map(|entry| entry.expect("the folder can be read").into_path())
        .collect()
}
