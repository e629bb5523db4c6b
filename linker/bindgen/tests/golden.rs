//! Worlds and their bindings, side by side: each folder of `cases` is one.
//!
//! `world.wit` (or a folder `wit`) is the input and `options`, if it is there, holds the stage's flags, a line each. A world that can be
//! bound has its files below `expected`, one that cannot has the message in `error.txt`. `BLESS=1` writes what is expected anew.

use crate::support;
use ampoule_action::{Console, sentence};
use ampoule_bindgen::Bindgen;
use ampoule_tests::golden::{self, Files};
use std::path::Path;

/// The suffix of expected stubs, which are not Python to run.
const STUB_SUFFIX: &str = ".txt";

#[test]
fn cases() {
    let mut failures = Vec::new();
    for folder in support::cases() {
        failures.extend(check(&folder).err());
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// Runs one case; an error says what is not as expected.
fn check(folder: &Path) -> Result<(), String> {
    let output = tempfile::tempdir().expect("a temporary folder");
    let stage = support::stage(folder, &output.path().join("bindings"));
    let found = match ampoule_action::run(&stage, None, &Console::quiet()) {
        Ok(_) => produced(&stage),
        Err(error) => Files::from([("error.txt".into(), sentence(&error) + "\n")]),
    };
    golden::check_all(folder, &["error.txt", "expected"], &found)
}

/// The generated text files; the side module has a test of its own.
fn produced(stage: &Bindgen) -> Files {
    let suffix = if stage.stubs { STUB_SUFFIX } else { "" };
    let files = golden::files(&stage.output).into_iter();
    let is_same_for_all = |path: &Path| {
        let of_async = path
            .components()
            .any(|name| name.as_os_str() == "componentize_py_async_support");
        of_async || path.ends_with("componentize_py_types.py")
    };
    let own = files.filter(|(path, _)| !is_same_for_all(path) && !path.ends_with("world.so"));
    let name = |path: &Path| path.strip_prefix("python").unwrap_or(path).display().to_string() + suffix;
    own.map(|(path, text)| (Path::new("expected").join(name(&path)), text))
        .collect()
}
