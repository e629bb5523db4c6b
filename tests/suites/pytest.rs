//! Packages' own tests, each file by pytest in an instance of its own.
//!
//! In the package's folder `results.txt` has a line for each file: what becomes of it, which a run with `BLESS=1` writes anew, and
//! `exceptions.toml` has each test that passes on Linux and fails here, or that cannot run, with the reason.

use crate::program::{Program, list};
use crate::results::Results;
use ampoule_support::{ampoule, copy, root, succeed};
use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use wasmtime::component::Val;

/// A package with tests of its own.
pub struct Package {
    /// Its name, and that of its folder.
    pub name: &'static str,
    /// How pytest names a file that the app lists.
    pub node: fn(&str) -> String,
    /// Lays out beside the app what the folder does not have.
    pub prepare: fn(&Path),
    /// The component with the package, its tests and pytest, built and compiled once.
    pub program: OnceLock<Program>,
}

/// A test for each file, and one for the list of them.
pub fn trials(package: &'static Package) -> Vec<Trial> {
    let folder = package.folder();
    let exceptions = Arc::new(Exceptions::read(&folder.join("exceptions.toml")));
    let results = Arc::new(Results::open(folder.join("results.txt")));
    let files = results.parts();
    let trials = files.clone().into_iter().map(|file| {
        let (exceptions, results) = (exceptions.clone(), results.clone());
        Trial::test(format!("{}::{file}", package.name), move || {
            package.check(&file, &exceptions, &results)
        })
    });
    let all = Trial::test(format!("{}::files", package.name), move || package.check_files(&files));
    trials.chain([all]).map(|trial| trial.with_ignored_flag(true)).collect()
}

impl Package {
    fn folder(&self) -> std::path::PathBuf {
        root().join("tests/suites").join(self.name)
    }

    /// Runs a file and compares with its line.
    fn check(&self, file: &str, exceptions: &Exceptions, results: &Results) -> Result<(), Failed> {
        let not_run: Vec<String> = names(&exceptions.not_run, file)
            .map(|name| format!("--deselect={}::{name}", (self.node)(file)))
            .collect();
        let arguments: Vec<&str> = not_run.iter().map(String::as_str).collect();
        let (ended, log) = self
            .program()
            .call("run", &[Val::String(file.to_string()), list(&arguments)], &[]);
        let numbers = log.lines().find_map(|line| line.strip_prefix("numbers: "));
        let Some(numbers) = numbers else {
            let reason = ended.map_or_else(|error| format!("{error:#}"), |code| format!("no numbers, and {code:?}"));
            return Err(format!("{reason}\n{log}").into());
        };
        let failed = failed(&log, &(self.node)(file));
        let expected: Vec<&str> = names(&exceptions.failures, file).collect();
        let is_expected = |test: &str| expected.iter().any(|name| covers(name, test));
        let unexpected: Vec<&String> = failed.iter().filter(|test| !is_expected(test)).collect();
        let passing: Vec<&&str> = expected
            .iter()
            .filter(|name| !failed.iter().any(|test| covers(name, test)))
            .collect();
        if !unexpected.is_empty() || !passing.is_empty() {
            let message = format!("failed: {unexpected:?}\nexpected to fail, but did not: {passing:?}\n{log}");
            return Err(message.into());
        }
        Ok(results.check(file, numbers)?)
    }

    /// Each file of tests has a line.
    fn check_files(&self, expected: &[String]) -> Result<(), Failed> {
        let (found, log) = self.program().call("files", &[], &[]);
        let found = found.map_err(|error| format!("{error:#}\n{log}"))?;
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        if found == list(&expected) {
            return Ok(());
        }
        Err(format!("results.txt has lines for {expected:?}\nthere are {found:?}").into())
    }

    fn program(&self) -> &Program {
        self.program.get_or_init(|| {
            let scratch = copy(&self.folder().join("app"));
            let lines = "pytest_lines.py";
            let place = scratch.path().join("python").join(lines);
            std::fs::copy(root().join("tests/suites").join(lines), place).expect("what the apps share");
            (self.prepare)(scratch.path());
            succeed(ampoule(scratch.path()).arg("build"));
            Program::new(&scratch.path().join("suites.wasm"))
        })
    }
}

/// The tests of a file, as pytest names it, that failed, in lines such as `failed: tests/test_helper.py::TestFFTShift::test_definition`.
fn failed(log: &str, file: &str) -> BTreeSet<String> {
    let start = format!("failed: {file}");
    let failures = log.lines().filter_map(|line| line.strip_prefix(&start));
    failures
        .map(|test| test.strip_prefix("::").unwrap_or(test).to_string())
        .collect()
}

/// Whether a name stands for a test: its own, without the parameters that are in brackets, or that of its class.
fn covers(name: &str, test: &str) -> bool {
    test.strip_prefix(name)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('[') || rest.starts_with("::"))
}

/// What is not as on Linux.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Exceptions {
    /// Tests that fail, with the reasons, by file.
    failures: BTreeMap<String, BTreeMap<String, String>>,
    /// Tests that cannot run, with the reasons, by file.
    not_run: BTreeMap<String, BTreeMap<String, String>>,
}

impl Exceptions {
    fn read(file: &Path) -> Exceptions {
        let text = std::fs::read_to_string(file).expect("the exceptions can be read");
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

/// What is listed for a file.
fn names<'a>(list: &'a BTreeMap<String, BTreeMap<String, String>>, file: &str) -> impl Iterator<Item = &'a str> {
    list.get(file).into_iter().flatten().map(|(name, _)| name.as_str())
}
