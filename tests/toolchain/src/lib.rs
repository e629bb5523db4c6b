//! What the tests of several crates share: golden files, random worlds, Python's tools, and the toolchain for the tests of single stages, built once, by the same actions as the driver's, into the cache that all tests share.
//!
//! The variables AMPOULE_TEST_SDK and AMPOULE_TEST_CPYTHON name folders to use instead.

pub mod golden;
mod python;
mod random;

pub use python::python_with;
pub use random::{PackageConfig, random_bytes, random_package};

use ampoule_action::{Console, Stage};
use ampoule_cache::{Cache, Outcome};
use ampoule_fetch::{Options, Pin, Pins};
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
            let names = ["clang", "wasi-libc", "compiler-rt"];
            let [clang, wasi_libc, compiler_rt] = self.pinned(names);
            let made = self.perform(
                &names,
                &ampoule_sdk::MakeSdk {
                    clang,
                    wasi_libc,
                    compiler_rt,
                    output: "sdk".into(),
                },
            );
            made.path("sdk").to_path_buf()
        })
    }

    /// The folder of the stage `cpython`.
    pub fn cpython(&self) -> PathBuf {
        given("AMPOULE_TEST_CPYTHON").unwrap_or_else(|| {
            let sdk = self.sdk();
            let names = ["cpython", "libdeflate", "zlib", "bzip2", "xz", "sqlite", "aws-lc"];
            let [source, libdeflate, zlib, bzip2, xz, sqlite, aws_lc] = self.pinned(names);
            let made = self.perform(
                &names,
                &ampoule_cpython::CPython {
                    sdk,
                    source,
                    libdeflate,
                    zlib,
                    bzip2,
                    xz,
                    sqlite,
                    aws_lc,
                    jobs: None,
                    output: "cpython".into(),
                    tests: Some("tests".into()),
                },
            );
            made.path("cpython").to_path_buf()
        })
    }

    /// An output of the stage `interpreter`, such as `initialised`.
    pub fn interpreter(&self, output: &str) -> PathBuf {
        let (sdk, cpython) = (self.sdk(), self.cpython());
        let made = self.perform(
            &[],
            &ampoule_interpreter::Interpreter {
                sdk,
                cpython,
                hash_seed: 0,
                python: Default::default(),
                output: "interpreter".into(),
            },
        );
        made.path(output).to_path_buf()
    }

    /// The file of a pin, fetched.
    pub fn file(&self, name: &str) -> PathBuf {
        let [file] = self.pinned([name]);
        ampoule_fetch::fetch(&[self.pin(name)], &self.cache.files(), &self.fetching, &self.console)
            .unwrap_or_else(|error| panic!("{error}"));
        file
    }

    fn pin(&self, name: &str) -> &Pin {
        self.pins.pin(name).unwrap_or_else(|error| panic!("{error}"))
    }

    /// Where pinned files are, or will be when they are fetched.
    fn pinned<const COUNT: usize>(&self, names: [&str; COUNT]) -> [PathBuf; COUNT] {
        names.map(|name| {
            let file = self
                .pin(name)
                .file(&self.fetching.platform)
                .unwrap_or_else(|error| panic!("{error}"));
            let path = file.path_in(&self.cache.files());
            self.cache.state(&path, file.digest);
            path
        })
    }

    fn perform(&self, pins: &[&str], stage: &dyn Stage) -> Outcome {
        let fetch = || {
            let pins: Vec<&Pin> = pins.iter().map(|name| self.pin(name)).collect();
            if !pins.is_empty() {
                ampoule_fetch::fetch(&pins, &self.cache.files(), &self.fetching, &self.console)?;
            }
            Ok(())
        };
        self.cache
            .perform(stage, fetch, &self.console)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

fn given(variable: &str) -> Option<PathBuf> {
    std::env::var_os(variable).map(PathBuf::from)
}
