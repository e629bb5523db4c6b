//! The toolchain's stages: the same for every app.

use super::Chain;
use crate::error::Failure;
use ampoule_cache::Outcome;
use ampoule_fetch::Pin;
use ampoule_settings::PythonSettings;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The toolchain: what the app's stages read.
pub struct Toolchain {
    /// The SDK's folder.
    pub sdk: PathBuf,
    /// The folder of the stage `cpython`.
    pub cpython: PathBuf,
    /// The stage `interpreter`.
    pub interpreter: Rc<Outcome>,
}

impl Chain<'_> {
    /// Builds the toolchain with Python started in this way, or finds it in the cache.
    pub fn toolchain(&self, python: &PythonSettings) -> Result<Toolchain, Failure> {
        let sdk = match &self.options.sdk {
            Some(folder) => folder.clone(),
            None => self.make_sdk()?,
        };
        let cpython = self.cpython(&sdk)?;
        let interpreter = self.interpreter(&sdk, &cpython, python, 0)?;
        Ok(Toolchain {
            sdk,
            cpython,
            interpreter,
        })
    }

    /// The toolchain whose interpreter has another seed for its hashes.
    pub(super) fn reseeded(
        &self,
        toolchain: Toolchain,
        python: &PythonSettings,
        hash_seed: u32,
    ) -> Result<Toolchain, Failure> {
        if hash_seed == 0 {
            return Ok(toolchain);
        }
        let interpreter = self.interpreter(&toolchain.sdk, &toolchain.cpython, python, hash_seed)?;
        Ok(Toolchain {
            interpreter,
            ..toolchain
        })
    }

    fn interpreter(
        &self,
        sdk: &Path,
        cpython: &Path,
        python: &PythonSettings,
        hash_seed: u32,
    ) -> Result<Rc<Outcome>, Failure> {
        self.perform(
            &[],
            &ampoule_interpreter::Interpreter {
                sdk: sdk.to_path_buf(),
                cpython: cpython.to_path_buf(),
                hash_seed,
                python: python.clone(),
                output: "interpreter".into(),
            },
        )
    }

    fn make_sdk(&self) -> Result<PathBuf, Failure> {
        let pins = self.pins_named(["clang", "wasi-libc", "compiler-rt"])?;
        let [clang, wasi_libc, compiler_rt] = self.pinned(&pins)?;
        let done = self.perform(
            &pins,
            &ampoule_sdk::MakeSdk {
                clang,
                wasi_libc,
                compiler_rt,
                output: "sdk".into(),
            },
        )?;
        Ok(done.path("sdk").to_path_buf())
    }

    fn cpython(&self, sdk: &Path) -> Result<PathBuf, Failure> {
        let pins = self.pins_named(["cpython", "libdeflate", "zlib", "bzip2", "xz", "sqlite", "aws-lc"])?;
        let [source, libdeflate, zlib, bzip2, xz, sqlite, aws_lc] = self.pinned(&pins)?;
        let done = self.perform(
            &pins,
            &ampoule_cpython::CPython {
                sdk: sdk.to_path_buf(),
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
        )?;
        Ok(done.path("cpython").to_path_buf())
    }

    /// The version of CPython that goes into the components.
    pub(super) fn python_version(&self) -> Result<String, Failure> {
        Ok(self.pins.pin("cpython")?.version.clone())
    }

    fn pins_named<const COUNT: usize>(&self, names: [&str; COUNT]) -> Result<[&Pin; COUNT], Failure> {
        let mut pins = Vec::with_capacity(COUNT);
        for name in names {
            pins.push(self.pins.pin(name)?);
        }
        Ok(pins.try_into().expect("there is a pin for each name"))
    }
}
