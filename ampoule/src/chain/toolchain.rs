//! The toolchain's stages: the same for every app.

use super::{Chain, Done};
use crate::error::Failure;
use ampoule_fetch::Pin;
use ampoule_interpreter::CommandLine;
use std::path::{Path, PathBuf};

/// The toolchain: what the app's stages read.
pub struct Toolchain<'a> {
    /// The SDK's folder.
    pub sdk: PathBuf,
    /// The folder of the stage `cpython`.
    pub cpython: PathBuf,
    /// The stage `interpreter`.
    pub interpreter: Done<'a>,
}

impl Chain<'_> {
    /// Builds the toolchain with Python started in this way, or finds it in the cache.
    pub fn toolchain(&self, command_line: &CommandLine) -> Result<Toolchain<'_>, Failure> {
        let sdk = match &self.options.sdk {
            Some(folder) => folder.clone(),
            None => self.make_sdk()?,
        };
        let cpython = self.cpython(&sdk)?;
        let interpreter = self.interpreter(&sdk, &cpython, command_line, 0)?;
        Ok(Toolchain {
            sdk,
            cpython,
            interpreter,
        })
    }

    /// The toolchain whose interpreter has another seed for its hashes.
    pub fn reseeded<'a>(
        &'a self,
        toolchain: Toolchain<'a>,
        command_line: &CommandLine,
        hash_seed: u32,
    ) -> Result<Toolchain<'a>, Failure> {
        if hash_seed == 0 {
            return Ok(toolchain);
        }
        let interpreter = self.interpreter(&toolchain.sdk, &toolchain.cpython, command_line, hash_seed)?;
        Ok(Toolchain {
            interpreter,
            ..toolchain
        })
    }

    fn interpreter(
        &self,
        sdk: &Path,
        cpython: &Path,
        command_line: &CommandLine,
        hash_seed: u32,
    ) -> Result<Done<'_>, Failure> {
        self.perform(
            &[],
            &ampoule_interpreter::Interpreter {
                sdk: sdk.to_path_buf(),
                cpython: cpython.to_path_buf(),
                hash_seed,
                command_line: command_line.clone(),
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
        Ok(done.path("sdk"))
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
        Ok(done.path("cpython"))
    }

    /// The version of CPython that goes into the components.
    pub fn python_version(&self) -> Result<String, Failure> {
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
