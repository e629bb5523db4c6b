//! A component that runs modules of CPython's test suite, and what is expected of each.

use ampoule_support::component::{State, linker};
use ampoule_tests::golden;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;
use wasmtime::component::{Component, Val};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// How long a module may take, in seconds; on a loaded machine the slowest takes a few minutes.
const LIMIT: u64 = 1200;

/// How much a module may print.
const PRINTED: usize = 64 << 20;

/// The suite in a component.
pub struct Suite {
    component: Component,
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
        let mut configuration = Config::new();
        configuration.epoch_interruption(true);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, component).expect("the component is valid");
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                engine.increment_epoch();
            }
        });
        let files = tempfile::tempdir().expect("a scratch folder");
        for (from, name) in [(tests, "tests"), (stdlib, "stdlib")] {
            ampoule_support::copy_into(from, &files.path().join(name));
        }
        Suite { component, files }
    }

    /// Runs a module but for the tests that cannot run.
    pub fn run(&self, module: &str, exceptions: &Exceptions) -> Run {
        let not_run = exceptions.not_run(module);
        let patterns = not_run.iter().flat_map(|pattern| ["--ignore", pattern]);
        let arguments: Vec<&str> = ["-W"].into_iter().chain(patterns).chain([module]).collect();
        let output = MemoryOutputPipe::new(PRINTED);
        let ended = self.call(&exceptions.without(module), &arguments, &output);
        let log = String::from_utf8_lossy(&output.contents()).into_owned();
        Run {
            outcome: outcome(ended, &log, module),
            failed: failed(&log),
            log,
        }
    }

    fn call(&self, without: &[&str], arguments: &[&str], output: &MemoryOutputPipe) -> wasmtime::Result<i32> {
        let temporary = tempfile::tempdir()?;
        let mut context = WasiCtx::builder();
        context.stdout(output.clone()).stderr(output.clone());
        let folders = [
            (self.files.path().join("tests"), "/tests"),
            (self.files.path().join("stdlib"), ampoule_image::STDLIB_PATH),
            (temporary.path().to_path_buf(), "/tmp"),
        ];
        for (folder, path) in folders {
            context.preopened_dir(folder, path, FsPerms::ReadWrite)?;
        }
        let engine = self.component.engine();
        let mut store = Store::new(engine, State::new(context.build()));
        store.set_epoch_deadline(LIMIT);
        let instance = linker(engine)?.instantiate(&mut store, &self.component)?;
        let function = instance.get_func(&mut store, "run").expect("the world exports it");
        let list = |texts: &[&str]| Val::List(texts.iter().map(|text| Val::String(text.to_string())).collect());
        let mut results = [Val::Bool(false)];
        function.call(&mut store, &[list(without), list(arguments)], &mut results)?;
        match results {
            [Val::S32(code)] => Ok(code),
            other => panic!("{other:?} is no exit code"),
        }
    }
}

fn outcome(ended: wasmtime::Result<i32>, log: &str, module: &str) -> Outcome {
    let code = match ended {
        Ok(code) => code,
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

/// The file with a line for each module.
pub struct Results {
    file: PathBuf,
    lines: Mutex<BTreeMap<String, String>>,
}

impl Results {
    /// Reads the file.
    pub fn open(file: PathBuf) -> Results {
        let text = std::fs::read_to_string(&file).expect("the results can be read");
        let lines = text.lines().filter_map(|line| line.split_once(": "));
        let lines = lines.map(|(module, result)| (module.to_string(), result.to_string()));
        Results {
            lines: Mutex::new(lines.collect()),
            file,
        }
    }

    /// The modules.
    pub fn modules(&self) -> Vec<String> {
        self.lines.lock().unwrap().keys().cloned().collect()
    }

    /// Compares with a module's line, or writes it where the variable BLESS is set.
    pub fn check(&self, module: &str, found: &str) -> Result<(), String> {
        let mut lines = self.lines.lock().unwrap();
        if golden::is_blessing() {
            lines.insert(module.to_string(), found.to_string());
            let text: String = lines
                .iter()
                .map(|(module, result)| format!("{module}: {result}\n"))
                .collect();
            return std::fs::write(&self.file, text).map_err(|error| format!("{}: {error}", self.file.display()));
        }
        let expected = &lines[module];
        if expected == found {
            return Ok(());
        }
        Err(format!("expected {expected}\nfound {found}"))
    }
}
