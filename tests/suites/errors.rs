//! What a user sees who made a mistake: each folder of `tests/suites/errors/` is a project that does not build.
//!
//! `expected.txt` holds the exit code, stdout and stderr. A file `command.txt` holds the arguments where they are not `build`.

use ampoule_support::{ampoule, copy, root, transcript};
use ampoule_tests::golden;
use libtest_mimic::{Failed, Trial};
use std::path::Path;

/// A test for each folder.
pub fn trials() -> Vec<Trial> {
    let folder = root().join("tests/suites/errors");
    golden::cases(&folder)
        .into_iter()
        .map(|case| {
            let name = case.file_name().unwrap_or_default().to_string_lossy().into_owned();
            Trial::test(format!("errors::{name}"), move || check(&case))
        })
        .collect()
}

fn check(case: &Path) -> Result<(), Failed> {
    let scratch = copy(case);
    for extra in ["expected.txt", "command.txt"] {
        let _ = std::fs::remove_file(scratch.path().join(extra));
    }
    let before = listing(scratch.path());
    let command = std::fs::read_to_string(case.join("command.txt")).unwrap_or_else(|_| "build".to_string());
    let output = ampoule(scratch.path()).args(command.split_whitespace()).output()?;
    if listing(scratch.path()) != before {
        return Err(format!("files were written: {:?}", listing(scratch.path())).into());
    }
    Ok(golden::check(&case.join("expected.txt"), &transcript(&output))?)
}

fn listing(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = walkdir::WalkDir::new(folder).sort_by_file_name();
    entries
        .into_iter()
        .map(|entry| entry.expect("the folder can be read").into_path())
        .collect()
}
