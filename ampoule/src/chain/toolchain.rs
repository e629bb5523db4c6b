//! The toolchain's stages: the same for every app.

use super::Chain;
use crate::error::Failure;
use ampoule_archive::Archive;
use ampoule_cache::Outcome;
use ampoule_fetch::Pin;
use ampoule_recipe::Description;
use ampoule_sdk::Sdk;
use ampoule_settings::PythonSettings;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// The toolchain: what the app's stages read.
#[derive(Clone)]
pub struct Toolchain {
    /// The SDK's folder.
    pub sdk: PathBuf,
    /// The folder of the stage `cpython`.
    pub cpython: PathBuf,
    /// The stage `interpreter`.
    pub interpreter: Rc<Outcome>,
}

/// The C++ libraries, by whether they have exceptions; none where those of the SDK are taken.
pub struct Libcxx(BTreeMap<bool, Option<PathBuf>>);

impl Libcxx {
    /// Those that a module links, which is in C++ or not.
    pub fn of(&self, module: &Description, has_cxx: bool) -> Option<PathBuf> {
        let made = self.0.get(&module.exceptions).filter(|_| has_cxx);
        made.cloned().flatten()
    }
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

    /// Builds all of the toolchain that a prefilled cache has: the C++ libraries, too, of both kinds.
    pub fn prefillable(&self) -> Result<(), Failure> {
        let toolchain = self.toolchain(&PythonSettings::default())?;
        for exceptions in [false, true] {
            self.libcxx(&toolchain.sdk, exceptions)?;
        }
        Ok(())
    }

    /// The toolchain, and all of it is here: what reads its files needs no stage for it.
    pub fn whole_toolchain(&self) -> Result<Toolchain, Failure> {
        let toolchain = self.toolchain(&PythonSettings::default())?;
        let interpreter = toolchain.interpreter.outputs.values();
        let outputs = interpreter.map(|output| &output.path);
        for part in outputs.chain([&toolchain.sdk, &toolchain.cpython]) {
            self.cache.verify(part)?;
        }
        Ok(toolchain)
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
        let pins = self.pins.group("sdk");
        let stage = ampoule_sdk::MakeSdk {
            archives: self.archives(&pins)?,
            output: "sdk".into(),
        };
        let done = self.perform(&pins, &stage)?;
        Ok(done.path("sdk").to_path_buf())
    }

    /// The C++ libraries that some modules in C++ need.
    pub(super) fn libcxx_for<'d>(
        &self,
        sdk: &Path,
        modules: impl Iterator<Item = &'d Description>,
    ) -> Result<Libcxx, Failure> {
        let kinds: BTreeSet<bool> = modules.map(|module| module.exceptions).collect();
        let made = kinds
            .into_iter()
            .map(|exceptions| Ok((exceptions, self.libcxx(sdk, exceptions)?)));
        Ok(Libcxx(made.collect::<Result<_, Failure>>()?))
    }

    /// The folder of the C++ libraries; none for an SDK that brings its own, which have no exceptions.
    fn libcxx(&self, sdk: &Path, exceptions: bool) -> Result<Option<PathBuf>, Failure> {
        if !exceptions && self.options.sdk.is_some() && Sdk::open(sdk)?.has_cxx_libraries() {
            return Ok(None);
        }
        let pins = [self.pins.pin("clang")?];
        let stage = ampoule_libcxx::MakeLibcxx {
            sdk: sdk.to_path_buf(),
            archives: self.archives(&pins)?,
            exceptions,
            output: "libcxx".into(),
        };
        let done = self.perform(&pins, &stage)?;
        Ok(Some(done.path("libcxx").to_path_buf()))
    }

    fn cpython(&self, sdk: &Path) -> Result<PathBuf, Failure> {
        let pins = self.pins.group("cpython");
        let stage = ampoule_cpython::CPython {
            sdk: sdk.to_path_buf(),
            archives: self.archives(&pins)?,
            jobs: None,
            output: "cpython".into(),
            tests: Some("tests".into()),
        };
        let done = self.perform(&pins, &stage)?;
        Ok(done.path("cpython").to_path_buf())
    }

    /// The version of CPython that goes into the components.
    pub(super) fn python_version(&self) -> Result<String, Failure> {
        Ok(self.pins.pin("cpython")?.version.clone())
    }

    pub(super) fn archives(&self, pins: &[&Pin]) -> Result<Vec<Archive>, Failure> {
        pins.iter().map(|pin| self.archive(pin)).collect()
    }
}

#[cfg(test)]
mod tests {
    use ampoule_fetch::Pins;
    use std::collections::BTreeSet;

    #[test]
    fn the_groups_of_the_pins_are_what_the_stages_need() {
        let pins = Pins::embedded();
        let group = |name| -> BTreeSet<String> { pins.group(name).into_iter().map(|pin| pin.name.clone()).collect() };
        assert_eq!(group("sdk"), ampoule_sdk::ARCHIVES.map(String::from).into());
        assert!(ampoule_libcxx::ARCHIVES.iter().all(|name| group("sdk").contains(*name)));
        let manifest = ampoule_cpython::manifest::Manifest::embedded();
        assert_eq!(group("cpython"), manifest.archive.into_keys().collect());
    }
}
