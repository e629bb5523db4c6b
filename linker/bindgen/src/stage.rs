//! The build action.

use crate::names::unused_names;
use crate::{Error, Files, Naming, PACKAGE_FILE, Package, Source, bindings, names, resolve, side_module, stubs};
use ampoule_action::{Action, Console, FileError, Named, Outputs, Stage, StageError};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Generates the Python bindings of a WIT world and its side module.
///
/// The output folder has the bindings in `python/`, those for packages in `packages/`, in folders with the dotted names of their
/// modules, and the side module as `world.so`; with `--stubs` it has the modules for editors and type checkers alone.
#[derive(Clone, Debug, clap::Args)]
pub struct Bindgen {
    /// A file or folder of a WIT package, as text or in the binary form; may be given several times
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub wit: Vec<PathBuf>,
    /// A world, such as `app` or `demo:echo/app@1.0.0`; several are united. It may be left out if the WIT has only one
    #[arg(long, value_name = "WORLD")]
    pub world: Vec<String>,
    /// The features whose @unstable items are taken, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub features: Vec<String>,
    /// Take the @unstable items of all features
    #[arg(long)]
    pub all_features: bool,
    /// The Python name of an imported interface, such as `demo:echo/api@1.0.0=echo_api`
    #[arg(long, value_name = "INTERFACE=NAME", value_parser = parse_interface_name)]
    pub import_interface_name: Vec<(String, String)>,
    /// The Python name of an exported interface
    #[arg(long, value_name = "INTERFACE=NAME", value_parser = parse_interface_name)]
    pub export_interface_name: Vec<(String, String)>,
    /// The dotted name of the Python package of the world
    #[arg(long, value_name = "MODULE", default_value = "wit_world")]
    pub world_module: String,
    /// Name interfaces with package and version, also where the short name is clear
    #[arg(long)]
    pub full_names: bool,
    /// A Python package that has WIT of its own: its dotted name and the folder with its componentize-py.toml. May be given several
    /// times, each after those that it needs
    #[arg(long, value_name = "MODULE=DIR", value_parser = parse_module)]
    pub package: Vec<(String, PathBuf)>,
    /// The world of such a package, which may have several; without it, the package takes those of the given worlds that its WIT has
    #[arg(long, value_name = "MODULE=WORLD", value_parser = parse_module_world)]
    pub module_world: Vec<(String, String)>,
    /// Take only what this world has too
    #[arg(long, value_name = "WORLD")]
    pub intersect_world: Option<String>,
    /// Write the modules for editors and type checkers only
    #[arg(long)]
    pub stubs: bool,
    /// The folder to write
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

/// Reads `interface=name`.
///
/// # Errors
/// When there is no `=` or nothing beside it.
fn parse_interface_name(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((interface, name)) if !interface.is_empty() && !name.is_empty() => {
            Ok((interface.to_string(), name.to_string()))
        }
        _ => Err("write it as namespace:package/interface@1.2.3=name".to_string()),
    }
}

/// Reads `module=folder`; the module is empty for a folder of the Python path itself.
fn parse_module(text: &str) -> Result<(String, PathBuf), String> {
    match text.split_once('=') {
        Some((module, folder)) if !folder.is_empty() => Ok((module.to_string(), folder.into())),
        _ => Err("write it as MODULE=FOLDER, such as `my_sdk=lib/my_sdk`".to_string()),
    }
}

/// Reads `module=world`.
///
/// # Errors
/// When there is no `=` or no world after it.
pub fn parse_module_world(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((module, world)) if !world.is_empty() => Ok((module.to_string(), world.to_string())),
        _ => Err("write it as MODULE=WORLD, such as `my_sdk=my-world`".to_string()),
    }
}

impl Bindgen {
    /// What the flags say about the WIT to read.
    ///
    /// # Errors
    /// When a package's file is not as it must be, or a world is chosen for what is no package.
    pub fn source(&self) -> Result<Source, Error> {
        Ok(Source {
            wit: self.wit.clone(),
            worlds: self.world.clone(),
            features: separated(&self.features),
            all_features: self.all_features,
            packages: self.packages()?,
            intersect_world: self.intersect_world.clone(),
        })
    }

    /// The packages: those with a chosen world first, in the order in which the worlds were chosen.
    fn packages(&self) -> Result<Vec<Package>, Error> {
        let read = self.package.iter().map(|(name, folder)| Package::read(name, folder));
        let mut waiting: Vec<Package> = read.collect::<Result<_, _>>()?;
        let mut packages: Vec<Package> = Vec::new();
        for (module, world) in &self.module_world {
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
        let given = |flags: &[(String, String)], of: fn(&Package) -> &BTreeMap<String, String>| {
            let mut names: BTreeMap<String, String> = flags.iter().cloned().collect();
            for (interface, name) in packages.iter().flat_map(of) {
                names.entry(interface.clone()).or_insert_with(|| name.clone());
            }
            names
        };
        Naming {
            import_interface_names: given(&self.import_interface_name, |package| &package.import_interface_names),
            export_interface_names: given(&self.export_interface_name, |package| &package.export_interface_names),
            world_module: self.world_module.clone(),
            full_names: self.full_names,
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

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            wit,
            world,
            features,
            all_features,
            import_interface_name,
            export_interface_name,
            world_module,
            full_names,
            package,
            module_world,
            intersect_world,
            stubs,
            output,
        } = self;
        let table = |pairs: &[(String, String)]| pairs.iter().cloned().collect::<BTreeMap<_, _>>();
        let packages: Vec<&String> = package.iter().map(|(name, _)| name).collect();
        Action::default()
            .parameter("world", world)
            .parameter("features", separated(features))
            .parameter("all-features", all_features)
            .parameter("import-interface-name", table(import_interface_name))
            .parameter("export-interface-name", table(export_interface_name))
            .parameter("packages", packages)
            .parameter("module-world", module_world)
            .parameter("intersect-world", intersect_world)
            .parameter("world-module", world_module)
            .parameter("full-names", full_names)
            .parameter("stubs", stubs)
            .inputs(inputs(wit, package))
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
