//! The build action.

use crate::names::unused_names;
use crate::{Error, Files, Naming, Source, bindings, names, resolve, side_module, stubs};
use ampoule_action::{Console, Named, Outputs, Stage, StageError};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Generates the Python bindings of a WIT world and its side module.
///
/// The output folder has the bindings in `python/` and the side module as `world.so`; with `--stubs` it has the modules for
/// editors and type checkers alone.
#[derive(Clone, Debug, clap::Args)]
pub struct Bindgen {
    /// A file or folder of a WIT package, as text or in the binary form; may be given several times
    #[arg(long, value_name = "PATH", required = true, num_args = 1..)]
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

impl Bindgen {
    /// What the flags say about the WIT to read.
    pub fn source(&self) -> Source {
        Source {
            wit: self.wit.clone(),
            worlds: self.world.clone(),
            features: features(&self.features),
            all_features: self.all_features,
        }
    }

    /// What the flags say about names.
    pub fn naming(&self) -> Naming {
        Naming {
            import_interface_names: self.import_interface_name.iter().cloned().collect(),
            export_interface_names: self.export_interface_name.iter().cloned().collect(),
            world_module: self.world_module.clone(),
            full_names: self.full_names,
        }
    }
}

/// The features; also those that one argument has with a blank between them.
fn features(given: &[String]) -> BTreeSet<String> {
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

    fn parameters(&self) -> BTreeMap<String, Value> {
        let naming = self.naming();
        let parameters = [
            ("world", json!(self.world)),
            ("features", json!(features(&self.features))),
            ("all-features", json!(self.all_features)),
            ("import-interface-name", json!(naming.import_interface_names)),
            ("export-interface-name", json!(naming.export_interface_names)),
            ("world-module", json!(self.world_module)),
            ("full-names", json!(self.full_names)),
            ("stubs", json!(self.stubs)),
        ];
        parameters
            .into_iter()
            .map(|(name, value)| (name.to_string(), value))
            .collect()
    }

    fn inputs(&self) -> Vec<Named> {
        // A path that is not there is no input: reading the WIT says so, with the remedy.
        let paths = self.wit.iter().enumerate().filter(|(_, path)| path.exists());
        paths
            .map(|(index, path)| Named::new(format!("wit-{index}"), path))
            .collect()
    }

    fn outputs(&self) -> Vec<Named> {
        vec![Named::new("bindings", &self.output)]
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let folder = outputs.path("bindings");
        let resolved = resolve(&self.source())?;
        let naming = self.naming();
        let world = names(&resolved, &naming)?;
        for line in unused_names(&world, &naming) {
            console.line(&line);
        }
        if self.stubs {
            return Ok(write(&folder, &stubs(&world))?);
        }
        let side_module = side_module(&resolved)?;
        write(&folder.join("python"), &bindings(&world, &side_module))?;
        let path = folder.join("world.so");
        Ok(std::fs::write(&path, &side_module.bytes).map_err(Error::writing(&path))?)
    }
}

fn write(folder: &Path, files: &Files) -> Result<(), Error> {
    for (name, text) in files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        std::fs::create_dir_all(parent).map_err(Error::writing(parent))?;
        std::fs::write(&path, text).map_err(Error::writing(&path))?;
    }
    Ok(())
}
