//! The build action.

use crate::names::unused_names;
use crate::{Error, Files, Naming, PACKAGE_FILE, Package, WitSource, bindings, names, resolve, side_module, stubs};
use ampoule_action::{Action, Console, FileError, Named, Outputs, Stage, StageError};
use ampoule_settings::{InterfaceName, ModuleSettings, ModuleWorld, RelatedWorldSettings, WorldSettings};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Generate the Python bindings of a WIT world and its side module.
///
/// The output folder has the bindings in `python/`, those for packages in `packages/`, in folders with the dotted names of their
/// modules, and the side module as `world.so`; with `--stubs` it has the modules for editors and type checkers alone.
#[derive(Clone, Debug, clap::Args)]
pub struct Bindgen {
    /// The WIT and its worlds.
    #[command(flatten)]
    pub world: WorldSettings,
    /// The module of the bindings.
    #[command(flatten)]
    pub module: ModuleSettings,
    /// Worlds beside these.
    #[command(flatten)]
    pub related: RelatedWorldSettings,
    /// A Python package that has WIT of its own: its dotted name and the folder with its componentize-py.toml. May be given several
    /// times, each after those that it needs
    #[arg(long, value_name = "MODULE=DIR", value_parser = parse_module)]
    pub package: Vec<(String, PathBuf)>,
    /// Write the modules for editors and type checkers only
    #[arg(long)]
    pub stubs: bool,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

/// Reads `module=folder`; the module is empty for a folder of the Python path itself.
fn parse_module(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((module, folder)) if !folder.is_empty() => Ok((module.to_string(), folder.into())),
        _ => Err("write it as MODULE=FOLDER, such as `my_sdk=lib/my_sdk`".to_string()),
    }
}

impl Bindgen {
    /// What the flags say about the WIT to read.
    ///
    /// # Errors
    /// When a package's file is not as it must be, or a world is chosen for what is no package.
    pub fn source(&self) -> Result<WitSource, Error> {
        Ok(WitSource {
            wit: self.world.wit.clone(),
            worlds: self.world.world.clone(),
            features: separated(&self.world.features),
            all_features: self.world.all_features,
            packages: self.packages()?,
            intersect_world: self.related.intersect_world.clone(),
        })
    }

    /// The packages: those with a chosen world first, in the order in which the worlds were chosen.
    fn packages(&self) -> Result<Vec<Package>, Error> {
        let read = self.package.iter().map(|(name, folder)| Package::read(name, folder));
        let mut waiting: Vec<Package> = read.collect::<Result<_, _>>()?;
        let mut packages: Vec<Package> = Vec::new();
        for ModuleWorld { module, world } in &self.related.module_worlds {
            if let Some(package) = packages.iter_mut().find(|package| package.name == *module) {
                package.worlds.push(world.clone());
                continue;
            }
            let found = waiting.iter().position(|package| package.name == *module);
            let Some(position) = found else {
                return Err(Error::UnknownPackage {
                    module: module.clone(),
                    known: self.package.iter().map(|(name, _)| name.clone()).collect(),
                });
            };
            packages.push(Package {
                worlds: vec![world.clone()],
                ..waiting.remove(position)
            });
        }
        packages.append(&mut waiting);
        Ok(packages)
    }

    /// What the flags and the packages say about names; the flags come first.
    pub fn naming(&self, packages: &[Package]) -> Naming {
        let given = |flags: &[InterfaceName], of: fn(&Package) -> &BTreeMap<String, String>| {
            let flags = flags.iter().map(|given| (given.interface.clone(), given.name.clone()));
            let mut names: BTreeMap<String, String> = flags.collect();
            for (interface, name) in packages.iter().flat_map(of) {
                names.entry(interface.clone()).or_insert_with(|| name.clone());
            }
            names
        };
        Naming {
            import_interface_names: given(&self.world.import_interface_names, |package| {
                &package.import_interface_names
            }),
            export_interface_names: given(&self.world.export_interface_names, |package| {
                &package.export_interface_names
            }),
            world_module: self.module.world_module.clone(),
            full_names: self.world.full_names,
            numeric_lists: self.world.numeric_lists,
        }
    }
}

/// The features; also those that one argument has with a blank between them.
fn separated(given: &[String]) -> BTreeSet<String> {
    let names = given.iter().flat_map(|names| names.split([',', ' ']));
    names.filter(|name| !name.is_empty()).map(str::to_string).collect()
}

impl Stage for Bindgen {
    fn name(&self) -> &'static str {
        "bindgen"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            world,
            module,
            related,
            package,
            stubs,
            output,
        } = self;
        let packages: Vec<&String> = package.iter().map(|(name, _)| name).collect();
        Action::default()
            .parameters(world)
            .parameters(module)
            .parameters(related)
            .parameter("packages", packages)
            .parameter("stubs", stubs)
            .inputs(inputs(&world.wit, package))
            .output("bindings", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let folder = outputs.path("bindings");
        let source = self.source()?;
        let naming = self.naming(&source.packages);
        let resolved = resolve(&source)?;
        let world = names(&resolved, &naming)?;
        for line in unused_names(&world, &naming) {
            console.line(&line);
        }
        if self.stubs {
            return Ok(write(&folder, &stubs(&world))?);
        }
        let side_module = side_module(&resolved)?;
        write(&folder, &bindings(&world, &side_module))?;
        Ok(ampoule_action::write(&folder.join("world.so"), &side_module.bytes)?)
    }
}

/// The WIT of the world and of the packages. A path that is not there is no input: reading the WIT says so, with the remedy.
fn inputs(wit: &[PathBuf], packages: &[(String, PathBuf)]) -> Vec<Named> {
    let paths = wit.iter().enumerate();
    let mut inputs: Vec<Named> = paths
        .map(|(index, path)| Named::new(format!("wit-{index}"), path))
        .collect();
    for (name, folder) in packages {
        inputs.push(Named::new(format!("package:{name}"), folder.join(PACKAGE_FILE)));
        let wit = Package::read(name, folder).ok().and_then(|package| package.wit);
        inputs.extend(wit.map(|wit| Named::new(format!("package-wit:{name}"), wit)));
    }
    inputs.retain(|input| input.path.exists());
    inputs
}

fn write(folder: &Path, files: &Files) -> Result<(), FileError> {
    files
        .iter()
        .try_for_each(|(name, text)| ampoule_action::write(&folder.join(name), text))
}
