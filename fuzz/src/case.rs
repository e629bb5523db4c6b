//! A seed's world, and the run that is planned for it.

use crate::asynchronous::package_of_host;
use crate::control::package_of_control;
use crate::plan::Plan;
use crate::python::{APP, Files, app};
use crate::{Error, host};
use ampoule_bindgen::{Naming, Resolved, WitSource, World, names, resolve};
use ampoule_tests::{PackageConfig, random_bytes, random_package};
use arbitrary::Unstructured;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use wit_component::WitPrinter;
use wit_parser::decoding::decode;
use wit_parser::{Resolve, WorldItem};

/// How many packages a seed makes. Of their worlds the one with the most functions is taken: most have hardly any.
const PACKAGES: u64 = 16;

/// The same of an asynchronous world.
const ASYNCHRONOUS_PACKAGES: u64 = 64;

/// How often each function is called.
const ROUNDS: usize = 6;

/// As many random bytes as a plan takes; where they end the values become small.
const PLAN_LENGTH: usize = 1 << 16;

/// The world that every app has beside its random one.
const DRIVER: &str = "ampoule:fuzz/driver";

/// The same for asynchronous ones.
const ASYNCHRONOUS_DRIVER: &str = "ampoule:fuzz/asynchronous-driver";

/// The file of the random package.
const PACKAGE: &str = "package.wasm";

/// The file of its text.
const TEXT: &str = "package.wit";

/// The file of the driver's package.
const PACKAGE_OF_DRIVER: &str = "driver.wit";

/// The file of the package as componentize-py takes it.
const PACKAGE_OF_CONTROL: &str = "package-of-control.wasm";

/// Which worlds are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Those without asynchronous functions, streams and futures.
    Synchronous,
    /// Those with them.
    Asynchronous,
}

/// What builds a case.
#[derive(Clone, Copy, Debug)]
pub enum Builder {
    /// Ampoule, from the package as it is and the driver's world.
    Ampoule,
    /// componentize-py, from a package that it can read.
    Control,
}

/// A random world in a folder of its own.
#[derive(Debug)]
pub struct Case {
    folder: PathBuf,
    worlds: [String; 2],
    resolved: Resolved,
    plan: Arc<Plan>,
}

impl Case {
    /// Writes the WIT and the app of a seed into a folder: `package.wasm`, its text to be read, `driver.wit`, `package-of-control.wasm` (of
    /// synchronous worlds), `app/`. None where the seed makes no world, or one that is refused.
    ///
    /// # Errors
    /// When the folder cannot be written, or the WIT is not bound for another reason than that it has what is not supported.
    pub fn new(seed: u64, style: Style, folder: &Path) -> Result<Option<Case>, Error> {
        let is_async = style == Style::Asynchronous;
        let config = PackageConfig {
            fixed_length_lists: seed.is_multiple_of(2),
            async_: is_async,
            streams: is_async,
            futures: is_async,
            ..PackageConfig::default()
        };
        let count = if is_async { ASYNCHRONOUS_PACKAGES } else { PACKAGES };
        let packages = (0..count).filter_map(|number| random_package(&config, seed * count + number));
        let Some(RandomWorld {
            package, name: world, ..
        }) = packages.flat_map(worlds).max_by_key(|world| world.size)
        else {
            return Ok(None);
        };
        let (wit, driver) = (folder.join(PACKAGE), folder.join(PACKAGE_OF_DRIVER));
        std::fs::write(&driver, include_str!("../driver.wit"))?;
        let worlds = match style {
            Style::Synchronous => {
                std::fs::write(folder.join(PACKAGE_OF_CONTROL), package_of_control(&package, &world))?;
                std::fs::write(&wit, package)?;
                [world, DRIVER.to_string()]
            }
            Style::Asynchronous => {
                std::fs::write(&wit, package_of_host(&package, seed))?;
                [world, ASYNCHRONOUS_DRIVER.to_string()]
            }
        };
        std::fs::write(folder.join(TEXT), text_of(&wit)?)?;
        let source = WitSource {
            wit: vec![wit, driver],
            worlds: worlds.to_vec(),
            all_features: true,
            ..WitSource::default()
        };
        let resolved = match resolve(&source) {
            Ok(resolved) => resolved,
            Err(ampoule_bindgen::Error::Unsupported(_)) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let random = random_bytes(!seed, PLAN_LENGTH);
        let named = names(&resolved, &Naming::default())?;
        let plan = Plan::new(&named, ROUNDS, &mut Unstructured::new(&random));
        write(&folder.join("app"), &app(&named, &plan))?;
        let (folder, plan) = (folder.to_path_buf(), Arc::new(plan));
        Ok(Some(Case {
            folder,
            worlds,
            resolved,
            plan,
        }))
    }

    /// How many calls its run has.
    pub fn calls(&self) -> usize {
        self.plan.calls()
    }

    /// Gives the command of a builder the arguments that build the app, as `out` in the folder.
    pub fn build(&self, builder: Builder, command: &mut Command, out: &str) {
        let (packages, worlds): (&[&str], &[String]) = match builder {
            Builder::Ampoule => (&[PACKAGE, PACKAGE_OF_DRIVER], &self.worlds),
            Builder::Control => (&[PACKAGE_OF_CONTROL], &self.worlds[..1]),
        };
        command.current_dir(&self.folder).args(["-q", "--all-features"]);
        for package in packages {
            command.args(["-d", package]);
        }
        for world in worlds {
            command.args(["-w", world]);
        }
        command.args(["componentize", APP, "-p", "app", "-o", out]);
    }

    /// Runs a component of the folder in Wasmtime.
    ///
    /// # Errors
    /// When it does not do what is planned.
    pub fn run(&self, out: &str) -> Result<(), Error> {
        let world = self.world()?;
        let component = std::fs::read(self.folder.join(out))?;
        let engine = host::engine().map_err(Error::Run)?;
        host::run(&engine, &world, &self.plan, &component).map_err(Error::Run)
    }

    fn world(&self) -> Result<World<'_>, Error> {
        Ok(names(&self.resolved, &Naming::default())?)
    }
}

/// A world with its package in binary form.
struct RandomWorld {
    package: Vec<u8>,
    name: String,
    /// How many functions it has.
    size: usize,
}

fn worlds(package: Vec<u8>) -> Vec<RandomWorld> {
    let Ok(decoded) = decode(&package) else {
        return Vec::new();
    };
    let resolve = decoded.resolve();
    let worlds = resolve.packages[decoded.package()].worlds.iter();
    let worlds = worlds.map(|(name, id)| RandomWorld {
        package: package.clone(),
        name: resolve.id_of_name(decoded.package(), name),
        size: functions(resolve, &resolve.worlds[*id]),
    });
    worlds.collect()
}

fn text_of(package: &Path) -> Result<String, Error> {
    let decoded = decode(&std::fs::read(package)?).expect("the package was made so");
    let others = decoded.resolve().packages.iter().map(|(id, _)| id);
    let others: Vec<_> = others.filter(|id| *id != decoded.package()).collect();
    let mut printer = WitPrinter::default();
    printer
        .print(decoded.resolve(), decoded.package(), &others)
        .expect("what was decoded is printed");
    Ok(printer.output.to_string())
}

fn functions(resolve: &Resolve, world: &wit_parser::World) -> usize {
    let items = world.imports.values().chain(world.exports.values());
    let functions = items.map(|item| match item {
        WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.len(),
        WorldItem::Function(_) => 1,
        WorldItem::Type { .. } => 0,
    });
    functions.sum()
}

fn write(folder: &Path, files: &Files) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    for (name, text) in files {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}
