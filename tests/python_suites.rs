//! CPython's own tests of the libraries that are compiled in, run inside a component.

mod support;

use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Builds the component once for all suites.
fn component() -> &'static Path {
    static COMPONENT: std::sync::OnceLock<(tempfile::TempDir, PathBuf)> = std::sync::OnceLock::new();
    let (_, path) = COMPONENT.get_or_init(|| {
        let scratch = support::copy(&support::root().join("tests/python_suites"));
        support::succeed(support::ampoule(scratch.path()).args(["build", "--output", "suites.wasm"]));
        let path = scratch.path().join("suites.wasm");
        (scratch, path)
    });
    path
}

/// The newest output of this name in the tests' cache.
fn output(name: &str) -> PathBuf {
    let entries = std::fs::read_dir(support::cache().join("entries")).expect("the cache has entries");
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|entry| entry.join("outputs").join(name).exists())
        .max_by_key(|entry| {
            entry
                .metadata()
                .and_then(|metadata| metadata.modified())
                .unwrap_or(SystemTime::UNIX_EPOCH)
        })
        .map(|entry| entry.join("outputs").join(name))
        .unwrap_or_else(|| panic!("an entry of the cache has {name}"))
}

/// Runs a test module and asserts that every test passes, and that there are at least so many.
fn passes(module: &str, at_least: u32) {
    let component = component();
    let scratch = tempfile::tempdir().unwrap();
    let mut run = support::ampoule(scratch.path());
    run.arg("run").arg(component).arg(format!("run(\"{module}\")"));
    let grants = [
        (output("tests"), "/tests"),
        (output("interpreter").join("lib/python3.13"), "/lib/python3.13"),
        (scratch.path().to_path_buf(), "/tmp"),
    ];
    for (host, guest) in grants {
        run.arg("--dir").arg(format!("{}::{guest}", host.display()));
    }
    let output = run.output().unwrap();
    let log = support::text(&output.stderr);
    assert!(output.status.success(), "{log}");
    // The tests print too: the call's own result is the last line.
    let printed = support::text(&output.stdout);
    let result = printed.lines().last().unwrap_or_default();
    let numbers: Vec<u32> = result
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|number| number.parse().ok())
        .collect();
    let [run, failed, _skipped] = numbers[..] else {
        panic!("expected three numbers, found {numbers:?}\n{log}")
    };
    assert!(failed == 0, "{failed} tests failed\n{log}");
    assert!(run >= at_least, "only {run} tests ran\n{log}");
}

#[test]
fn zlib() {
    passes("test_zlib", 60);
}

#[test]
fn bz2() {
    passes("test_bz2", 80);
}

#[test]
fn lzma() {
    passes("test_lzma", 100);
}

#[test]
fn mmap() {
    passes("test_mmap", 30);
}

#[test]
fn hashlib() {
    passes("test_hashlib", 60);
}

#[test]
fn hmac() {
    passes("test_hmac", 25);
}

/// Of the tests of `ssl`, those that need neither threads nor what OpenSSL has and AWS-LC has not.
#[test]
fn ssl() {
    passes("test_ssl.MemoryBIOTests", 4);
    passes("test_ssl.SSLObjectTests", 2);
    passes("test_ssl.SSLErrorTests.test_lib_reason", 1);
    passes("test_ssl.SSLErrorTests.test_str", 1);
}

#[test]
fn sqlite() {
    passes("test_sqlite3", 400);
}
