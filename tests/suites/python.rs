//! CPython's own test suite, each module by `python -m test` in an instance of its own.
//!
//! `tests/suites/python/results.txt` has a line for each module: what becomes of it, which a run with `BLESS=1` writes anew.
//! `exceptions.toml` has the slow modules, which are `--ignored`, and each test that is expected to fail or that cannot run, with the
//! reason.

mod suite;

use crate::results::Results;
use ampoule_support::{ampoule, cache, copy, copy_into, pinned, root, succeed};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use suite::{Exceptions, Outcome, Suite};

/// A test for each module.
pub fn trials() -> Vec<Trial> {
    let folder = root().join("tests/suites/python");
    let exceptions = Arc::new(Exceptions::read(&folder.join("exceptions.toml")));
    let results = Arc::new(Results::open(folder.join("results.txt")));
    let trials = results.parts().into_iter().map(|module| {
        let is_slow = exceptions.slow.contains(&module);
        let (exceptions, results) = (exceptions.clone(), results.clone());
        let name = format!("python::{module}");
        Trial::test(name, move || check(&module, &exceptions, &results)).with_ignored_flag(is_slow)
    });
    trials.collect()
}

/// Runs a module and compares with its line.
fn check(module: &str, exceptions: &Exceptions, results: &Results) -> Result<(), Failed> {
    let run = suite().run(module, exceptions);
    let expected = exceptions.failures(module);
    if run.failed != expected {
        let message = format!("expected to fail: {expected:?}\nfailed: {:?}\n{}", run.failed, run.log);
        return Err(message.into());
    }
    if let Outcome::Broken(reason) = &run.outcome {
        return Err(format!("{reason}\n{}", run.log).into());
    }
    Ok(results.check(module, &run.line())?)
}

/// The component with the whole stdlib and CPython's modules for tests in C, built and compiled once.
fn suite() -> &'static Suite {
    static SUITE: OnceLock<Suite> = OnceLock::new();
    SUITE.get_or_init(|| {
        let scratch = copy(&root().join("tests/suites/python/app"));
        let source = pinned(&root().join("toolchain/pins.json"), "cpython", "cpython");
        for folder in ["Include", "Modules"] {
            copy_into(&source.join(folder), &scratch.path().join("cpython").join(folder));
        }
        let arguments = ["build", "--output", "suites.wasm", "--records", "records"];
        succeed(ampoule(scratch.path()).args(arguments));
        let records = scratch.path().join("records");
        let tests = output(&records.join("01-cpython.json"), "tests");
        let stdlib = output(&records.join("02-interpreter.json"), "interpreter").join(ampoule_image::STDLIB);
        Suite::new(&scratch.path().join("suites.wasm"), &tests, &stdlib)
    })
}

/// An output in the cache of the action with this record.
fn output(record: &Path, name: &str) -> PathBuf {
    let json = |file: &Path| -> Value {
        let text = std::fs::read(file).expect("the record is there");
        serde_json::from_slice(&text).expect("a record is JSON")
    };
    let record = json(record);
    let entries = std::fs::read_dir(cache().join("entries")).expect("the cache has entries");
    entries
        .map(|entry| entry.unwrap().path())
        .find(|entry| json(&entry.join("record.json"))["record"] == record)
        .map(|entry| entry.join("outputs").join(name))
        .expect("the cache has what was just built")
}
