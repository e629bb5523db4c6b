//! A component that runs modules of CPython's test suite, and what is expected of each.

use crate::program::{Program, list};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use wasmtime::component::Val;

/// The suite in a component.
pub struct Suite {
    program: Program,
    /// Copies of the tests and of the stdlib's sources: some tests write beside themselves.
    files: tempfile::TempDir,
}

/// What a module did.
pub struct Run {
    /// How it ended.
    pub outcome: Outcome,
    /// The tests that failed.
    pub failed: BTreeSet<String>,
    /// What it printed.
    pub log: String,
}

/// How a module ended.
pub enum Outcome {
    /// Its tests ran: how many, and how many of them were skipped.
    Ran(u32, u32),
    /// It asked to be skipped, for this reason.
    Skipped(String),
    /// It ended the instance, or did not end in time.
    Broken(String),
}

impl Suite {
    /// Loads the component; `tests` has CPython's package `test`.
    pub fn new(component: &Path, tests: &Path, stdlib: &Path) -> Suite {
        let files = tempfile::tempdir().expect("a scratch folder");
        for (from, name) in [(tests, "tests"), (stdlib, "stdlib")] {
            ampoule_support::copy_into(from, &files.path().join(name));
        }
        Suite {
            program: Program::new(component),
            files,
        }
    }

    /// Runs a module but for the tests that cannot run.
    pub fn run(&self, module: &str, exceptions: &Exceptions) -> Run {
        let not_run = exceptions.not_run(module);
        let patterns = not_run.iter().flat_map(|pattern| ["--ignore", pattern]);
        let arguments: Vec<&str> = ["-W"].into_iter().chain(patterns).chain([module]).collect();
        let [tests, stdlib] = ["tests", "stdlib"].map(|name| self.files.path().join(name));
        let temporary = tempfile::tempdir().expect("a scratch folder");
        let folders = [
            (tests.as_path(), "/tests"),
            (stdlib.as_path(), ampoule_image::STDLIB_PATH),
            (temporary.path(), "/tmp"),
        ];
        let arguments = [list(&exceptions.without(module)), list(&arguments)];
        let (ended, log) = self.program.call("run", &arguments, &folders);
        Run {
            outcome: outcome(ended, &log, module),
            failed: failed(&log),
            log,
        }
    }
}

fn outcome(ended: wasmtime::Result<Val>, log: &str, module: &str) -> Outcome {
    let code = match ended {
        Ok(Val::S32(code)) => code,
        Ok(other) => panic!("{other:?} is no exit code"),
        Err(error) => return Outcome::Broken(format!("{error:#}")),
    };
    let line = |start: &str| log.lines().find_map(|line| line.strip_prefix(start));
    if let Some(reason) = line(&format!("{module} skipped -- ")) {
        return Outcome::Skipped(reason.to_string());
    }
    if line(&format!("test {module} crashed -- ")).is_some() {
        let missing = line("ModuleNotFoundError: ").filter(|reason| reason.ends_with("Python has none for WASI"));
        return missing.map_or_else(
            || Outcome::Broken("it ended before its tests".to_string()),
            |reason| Outcome::Skipped(reason.to_string()),
        );
    }
    match line("Total tests: ") {
        Some(totals) => Outcome::Ran(number(totals, "run="), number(totals, "skipped=")),
        None => Outcome::Broken(format!("it ended with the exit code {code} and no totals")),
    }
}

/// The number after a name in a line such as `run=1,234 failures=1 skipped=9`; 0 without it.
fn number(line: &str, name: &str) -> u32 {
    let word = line.split(' ').find_map(|word| word.strip_prefix(name));
    word.map_or(0, |digits| digits.replace(',', "").parse().expect("a number"))
}

/// The names in the lines that unittest begins each failure with, such as `FAIL: test_one (test.test_abc.TestABC.test_one)`.
fn failed(log: &str) -> BTreeSet<String> {
    let lines = log.lines();
    let failures = lines.filter_map(|line| line.strip_prefix("FAIL: ").or_else(|| line.strip_prefix("ERROR: ")));
    failures.map(name_of).collect()
}

fn name_of(failure: &str) -> String {
    let name = failure.split_once('(').and_then(|(_, rest)| rest.split_once(')'));
    name.map_or(failure, |(name, _)| name).to_string()
}

impl Run {
    /// What `results.txt` says of it.
    pub fn line(&self) -> String {
        match &self.outcome {
            Outcome::Ran(tests, skipped) => {
                let failed = self.failed.len();
                let others = if failed > 0 {
                    format!(", {failed} failed")
                } else {
                    String::new()
                };
                format!("{tests} run, {skipped} skipped{others}")
            }
            Outcome::Skipped(reason) => format!("skipped: {reason}"),
            Outcome::Broken(reason) => format!("broken: {reason}"),
        }
    }
}

/// What is not as in CPython on Linux, and which modules are slow.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exceptions {
    /// The modules that are left out unless they are asked for.
    pub slow: BTreeSet<String>,
    /// Tests that fail, with the reasons, by module.
    failures: BTreeMap<String, BTreeMap<String, String>>,
    /// Tests that cannot run, by patterns, with the reasons, by module.
    not_run: BTreeMap<String, BTreeMap<String, String>>,
    /// Modules of Python that are kept from a module of tests, with the reasons, by module of tests.
    without: BTreeMap<String, BTreeMap<String, String>>,
}

impl Exceptions {
    /// Reads the file.
    pub fn read(file: &Path) -> Exceptions {
        let text = std::fs::read_to_string(file).expect("the exceptions can be read");
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }

    /// The tests of a module that are expected to fail.
    pub fn failures(&self, module: &str) -> BTreeSet<String> {
        names(&self.failures, module).map(String::from).collect()
    }

    /// The patterns of the tests of a module that cannot run.
    fn not_run(&self, module: &str) -> Vec<&str> {
        names(&self.not_run, module).collect()
    }

    /// The modules of Python that are kept from a module of tests.
    fn without(&self, module: &str) -> Vec<&str> {
        names(&self.without, module).collect()
    }
}

/// What is listed for a module.
fn names<'a>(list: &'a BTreeMap<String, BTreeMap<String, String>>, module: &str) -> impl Iterator<Item = &'a str> {
    list.get(module).into_iter().flatten().map(|(name, _)| name.as_str())
}
