//! Compiles CPython and its modules for wasm32-wasip2, from a manifest: no configure, no make, no shell, no Python of the machine.
//!
//! The steps, each in its file: [`edit`] changes the sources where WASI asks for it; [`unit`] turns the [`manifest`] into files with flags; [`generate`] makes what CPython's build
//! would generate; the SDK's [`tools`] compile over all cores; the freezer, itself compiled to WebAssembly,
//! makes the headers of the frozen modules ([`freeze`]); then the core becomes an archive, each optional module a side module;
//! [`exports`] lists the names of the C library that side modules may use, and proves that they suffice; [`layout`] copies
//! the standard library, headers and licences.

pub mod edit;
pub mod exports;
pub mod freeze;
pub mod generate;
pub mod layout;
pub mod manifest;
pub mod sysconfig;
pub mod tools;
pub mod unit;

mod error;

pub use error::Error;

use ampoule_action::{
    Action, Console, Named, Outputs, Stage, StageError, absolute, make_folder, parallel, rename, write,
};
use ampoule_archive::Archive;
use ampoule_sdk::Sdk;
use manifest::Manifest;
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use tools::Tools;
use unit::Unit;

/// Compile CPython, its modules and the libraries in them for wasm32-wasip2.
#[derive(Clone, Debug, clap::Args)]
pub struct CPython {
    /// The SDK's folder
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// The source of CPython or of a library in its modules; given once for each that the manifest names
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// How many files to compile at the same time [default: one for each core]
    #[arg(long, value_name = "N")]
    pub jobs: Option<NonZero<usize>>,
    /// Where to put the compiled interpreter: its library, modules, headers and licences
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
    /// Where to put CPython's own tests, if they are wanted
    #[arg(long, value_name = "DIR")]
    pub tests: Option<PathBuf>,
}

impl Stage for CPython {
    fn name(&self) -> &'static str {
        "cpython"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            sdk,
            archives,
            // How fast it goes, and not what it gives.
            jobs: _,
            output,
            tests,
        } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .parameter("tests", tests.is_some())
            .input("sdk", sdk)
            .inputs(Archive::inputs(archives))
            .output("cpython", output)
            .outputs(tests.iter().map(|folder| Named::new("tests", folder)))
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        // Absolute: the SDK's programs run in the work folder.
        let output = absolute(&outputs.path("cpython"))?;
        // Beside the output, so that it is on a disk with room and goes away with it.
        let work = output.with_file_name("work");
        let tests = self.tests.is_some().then(|| outputs.path("tests"));
        self.build(&work, &output, tests.as_deref(), console)?;
        Ok(())
    }
}

impl CPython {
    fn build(&self, work: &Path, output: &Path, tests: Option<&Path>, console: &Console) -> Result<(), Error> {
        let manifest = Manifest::embedded();
        let names: Vec<&str> = manifest.archive.keys().map(String::as_str).collect();
        let archives = Archive::needed(&self.archives, &names)?.into_values().collect();
        let sdk = Sdk::open(&self.sdk)?;
        self.unpack(&manifest, archives, work, console)?;
        edit::apply(&manifest, work)?;
        write_generated(&manifest, work)?;
        let build = Build {
            manifest: &manifest,
            sdk: &sdk,
            work,
            jobs: self.jobs,
            console,
        };
        build.compile_all()?;
        let core = build.archive_core(output)?;
        let modules = build.link_side_modules(output)?;
        build.export_names(&core, &modules, output)?;
        layout::headers(work, output)?;
        layout::standard_library(&manifest, work, output)?;
        layout::licences(&manifest, work, output)?;
        if let Some(tests) = tests {
            layout::tests(&manifest, work, tests)?;
        }
        Ok(())
    }

    /// Unpacks what is used of the sources, each to the folder of its name.
    fn unpack(
        &self,
        manifest: &Manifest,
        archives: Vec<&Archive>,
        work: &Path,
        console: &Console,
    ) -> Result<(), Error> {
        let unpack = |archive: &&Archive| {
            let parts = manifest.archive[&archive.name].parts.iter();
            let parts: Vec<&str> = parts.map(String::as_str).collect();
            let unpacked = archive.unpack(&work.join(&archive.name), &parts);
            unpacked.map_err(|error| Error::Unpack {
                name: archive.name.clone(),
                path: archive.file.clone(),
                source: error.into(),
            })
        };
        parallel::map(self.jobs, &archives, unpack, |done, total| {
            console.step("unpacking", done, total)
        })?;
        Ok(())
    }
}

/// Writes what CPython's own build would generate, and the manifest's own files in C.
fn write_generated(manifest: &Manifest, work: &Path) -> Result<(), Error> {
    let generated = work.join("generated");
    write(
        &generated.join("pyconfig.h"),
        generate::configuration_header(&manifest::configuration()),
    )?;
    write(&generated.join("config.c"), generate::builtin_table(manifest))?;
    write(&generated.join("frozen.c"), generate::frozen_table(manifest))?;
    for (name, content) in manifest::own_sources() {
        write(&work.join("manifest").join(name), content)?;
    }
    for folder in [
        work.join("objects/core"),
        work.join("objects/side"),
        generated.join("Python/frozen_modules"),
    ] {
        make_folder(&folder)?;
    }
    Ok(())
}

/// A build whose sources are in the work folder.
struct Build<'a> {
    manifest: &'a Manifest,
    sdk: &'a Sdk,
    work: &'a Path,
    jobs: Option<NonZero<usize>>,
    console: &'a Console,
}

impl Build<'_> {
    fn tools(&self) -> Tools<'_> {
        Tools::new(self.sdk, self.work)
    }

    /// Compiles everything: the freezer runs in between, for its headers are part of the core.
    fn compile_all(&self) -> Result<(), Error> {
        let (core, freezer) = (unit::core(self.manifest), unit::freezer(self.manifest));
        let side = unit::side_modules(self.manifest);
        self.compile([core.clone(), freezer.clone(), side].concat())?;
        let objects: Vec<String> = core.into_iter().chain(freezer).map(|unit| unit.object).collect();
        freeze::freeze(self.manifest, &self.tools(), self.work, &objects)?;
        self.compile(unit::late(self.manifest))
    }

    /// Compiles files, the largest first: then no worker is left with a long one at the end.
    fn compile(&self, units: Vec<Unit>) -> Result<(), Error> {
        let mut sized = Vec::new();
        for unit in units {
            let missing = |_| Error::MissingSource {
                file: unit.source.clone(),
                version: self.manifest.release.version.clone(),
            };
            let size = std::fs::metadata(self.work.join(&unit.source)).map_err(missing)?.len();
            sized.push((std::cmp::Reverse(size), unit));
        }
        sized.sort();
        let tools = self.tools();
        let work = |(_, unit): &(_, Unit)| tools.compile(unit);
        parallel::map(self.jobs, &sized, work, |done, total| {
            self.console.step("compiling", done, total)
        })?;
        Ok(())
    }

    /// Makes the core's library; gives its path.
    fn archive_core(&self, output: &Path) -> Result<PathBuf, Error> {
        let units = [unit::core(self.manifest), unit::late(self.manifest)].concat();
        let objects: Vec<&str> = units.iter().map(|unit| unit.object.as_str()).collect();
        let name = format!("objects/{}", ampoule_image::CORE_ARCHIVE);
        self.tools().archive(&objects, &name)?;
        self.publish(&name, &output.join("lib"))
    }

    /// Links the modules that are linked on demand; gives their paths by name.
    fn link_side_modules(&self, output: &Path) -> Result<BTreeMap<String, PathBuf>, Error> {
        let modules: Vec<_> = self.manifest.module.iter().collect();
        let tools = self.tools();
        let link = |(name, module): &(&String, &manifest::Module)| -> Result<_, Error> {
            let units = unit::side_module(self.manifest, module);
            let objects: Vec<&str> = units.iter().map(|unit| unit.object.as_str()).collect();
            let file = format!("objects/{name}{}", ampoule_image::EXTENSION_SUFFIX);
            tools.link_side_module(&objects, &file)?;
            Ok((
                (*name).clone(),
                self.publish(&file, &output.join(ampoule_image::EXTENSIONS))?,
            ))
        };
        let linked = parallel::map(self.jobs, &modules, link, |done, total| {
            self.console.step("linking", done, total)
        })?;
        Ok(linked.into_iter().collect())
    }

    /// Writes the list of the C library's names that a base exports, once it has been seen to suffice.
    fn export_names(&self, core: &Path, modules: &BTreeMap<String, PathBuf>, output: &Path) -> Result<(), Error> {
        let names = exports::library_names(self.manifest, self.sdk)?;
        exports::check(self.manifest, &self.tools(), self.work, core, &names, modules)?;
        let list: String = names.iter().map(|name| format!("{name}\n")).collect();
        Ok(write(&output.join("lib/exports.txt"), list)?)
    }

    /// Moves a file of the work folder to a folder of the output.
    fn publish(&self, file: &str, folder: &Path) -> Result<PathBuf, Error> {
        let from = self.work.join(file);
        let target = folder.join(from.file_name().unwrap_or_default());
        rename(&from, &target)?;
        Ok(target)
    }
}
