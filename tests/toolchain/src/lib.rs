//! What the tests of several crates share: golden files, random worlds, Python's tools, and the toolchain for the tests of single stages, built once, by the same actions as the driver's, into the cache that all tests share.
//!
//! The variables AMPOULE_TEST_SDK and AMPOULE_TEST_CPYTHON name folders to use instead.

pub mod golden;
mod python;
mod random;

pub use python::python_with;
pub use random::{PackageConfig, random_bytes, random_package};

use ampoule_action::{Console, Stage};
use ampoule_archive::Archive;
use ampoule_cache::{Cache, Outcome};
use ampoule_fetch::{Options, Pin, Pins};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The toolchain's stages with the tests' cache. What cannot be made is a panic: the test cannot run.
#[derive(Debug)]
pub struct Toolchain {
    cache: Cache,
    console: Console,
    pins: Pins,
    fetching: Options,
}

impl Toolchain {
    /// The toolchain in the cache of all tests. `scratch` is `env!("CARGO_TARGET_TMPDIR")` of the test.
    pub fn open(scratch: &str) -> Toolchain {
        Toolchain {
            cache: Cache::open(&Path::new(scratch).join("cache")).expect("the tests' cache can be opened"),
            console: Console::standard(),
            pins: Pins::embedded(),
            fetching: Options::default(),
        }
    }

    /// The SDK's folder.
    pub fn sdk(&self) -> PathBuf {
        given("AMPOULE_TEST_SDK").unwrap_or_else(|| {
            let stage = ampoule_sdk::MakeSdk {
                archives: self.archives("sdk"),
                output: "sdk".into(),
            };
            self.perform("sdk", &stage).path("sdk").to_path_buf()
        })
    }

    /// The folder of the stage `libcxx`.
    pub fn libcxx(&self, exceptions: bool) -> PathBuf {
        let stage = ampoule_libcxx::MakeLibcxx {
            sdk: self.sdk(),
            archives: vec![self.archive("clang")],
            exceptions,
            output: "libcxx".into(),
        };
        self.perform("sdk", &stage).path("libcxx").to_path_buf()
    }

    /// The folder of the stage `rust`.
    pub fn rust(&self) -> PathBuf {
        let pins = |groups: [&str; 2]| -> Vec<&Pin> {
            let is_part = |pin: &&Pin| groups.contains(&pin.group.as_str()) || pin.name == "clang";
            self.pins.all().iter().filter(is_part).collect()
        };
        let mut pins = [pins(["rust", "rust-system"]), pins(["rust-debian", "rust-system"])].into_iter();
        let pins = pins
            .find(|pins| self.fetch(pins).is_ok())
            .expect("Rust's compiler can be fetched");
        let stage = ampoule_rust::MakeRust {
            archives: pins.iter().map(|pin| self.archive(&pin.name)).collect(),
            output: "rust".into(),
        };
        self.perform_with(&pins, &stage).path("rust").to_path_buf()
    }

    /// The folder of the stage `cpython`.
    pub fn cpython(&self) -> PathBuf {
        given("AMPOULE_TEST_CPYTHON").unwrap_or_else(|| {
            let stage = ampoule_cpython::CPython {
                sdk: self.sdk(),
                archives: self.archives("cpython"),
                jobs: None,
                output: "cpython".into(),
                tests: Some("tests".into()),
            };
            self.perform("cpython", &stage).path("cpython").to_path_buf()
        })
    }

    /// An output of the stage `interpreter`, such as `initialised`.
    pub fn interpreter(&self, output: &str) -> PathBuf {
        let (sdk, cpython) = (self.sdk(), self.cpython());
        let stage = ampoule_interpreter::Interpreter {
            sdk,
            cpython,
            hash_seed: 0,
            python: Default::default(),
            output: "interpreter".into(),
        };
        self.perform("interpreter", &stage).path(output).to_path_buf()
    }

    /// The file of a pin, fetched.
    pub fn file(&self, name: &str) -> PathBuf {
        let fetched = self.fetch(&[self.pins.pin(name).expect("it is pinned")]);
        fetched.unwrap_or_else(|error| panic!("{error}"))[name].clone()
    }

    fn fetch(&self, pins: &[&Pin]) -> Result<BTreeMap<String, PathBuf>, ampoule_fetch::Error> {
        ampoule_fetch::fetch(pins, &self.cache.files(), &self.fetching, &self.console)
    }

    /// The archive of a pin, which need not be fetched yet.
    pub fn archive(&self, name: &str) -> Archive {
        let (platform, folder) = (&self.fetching.platform, self.cache.files());
        let archive = || {
            let pin = self.pins.pin(name)?;
            let file = pin.file(platform)?;
            self.cache.state(&file.path_in(&folder), file.digest);
            pin.archive(platform, &folder)
        };
        archive().unwrap_or_else(|error: ampoule_fetch::Error| panic!("{error}"))
    }

    /// The archives of a group of pins.
    fn archives(&self, group: &str) -> Vec<Archive> {
        let pins = self.pins.group(group).into_iter();
        pins.map(|pin| self.archive(&pin.name)).collect()
    }

    /// Runs a stage, with the pins of a group fetched if it has to run.
    fn perform(&self, group: &str, stage: &dyn Stage) -> Outcome {
        self.perform_with(&self.pins.group(group), stage)
    }

    fn perform_with(&self, pins: &[&Pin], stage: &dyn Stage) -> Outcome {
        let fetch = || match pins.is_empty() {
            true => Ok(()),
            false => Ok(self.fetch(pins).map(drop)?),
        };
        self.cache
            .perform(stage, fetch, &self.console)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}
