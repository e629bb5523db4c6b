//! What a user sees who gives the wrong inputs.

use ampoule_action::{Console, run, sentence};
use ampoule_cpython::CPython;
use std::path::{Path, PathBuf};

/// A stage whose inputs are all in `folder`, where a test has put what it wants them to be.
fn stage(folder: &Path) -> CPython {
    let file = |name: &str| -> PathBuf { folder.join(name) };
    CPython {
        sdk: file("sdk"),
        source: file("cpython.tar.xz"),
        libdeflate: file("libdeflate.crate"),
        zlib: file("zlib.crate"),
        bzip2: file("bzip2.crate"),
        xz: file("xz.crate"),
        sqlite: file("sqlite.crate"),
        aws_lc: file("aws-lc.crate"),
        jobs: None,
        output: file("output"),
        tests: None,
    }
}

fn message(stage: &CPython) -> String {
    let error = run(stage, None, &Console::quiet()).expect_err("the inputs are wrong");
    assert!(!stage.output.exists(), "nothing is left behind");
    sentence(&error)
}

#[test]
fn a_missing_input_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sdk")).unwrap();
    let message = message(&stage(folder.path()));
    assert!(message.contains("cpython.tar.xz"), "{message}");
}

#[test]
fn a_folder_that_is_no_sdk_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("sdk")).unwrap();
    for archive in [
        "cpython.tar.xz",
        "libdeflate.crate",
        "zlib.crate",
        "bzip2.crate",
        "xz.crate",
        "sqlite.crate",
        "aws-lc.crate",
    ] {
        std::fs::write(folder.path().join(archive), "").unwrap();
    }
    let message = message(&stage(folder.path()));
    assert!(message.contains("the SDK cannot be used"), "{message}");
    assert!(message.contains("sdk"), "{message}");
}
