//! The world that an app is built for, and the Python names of what is in it.

use crate::forms::{OneOrMore, as_table, one_or_more, table};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::str::FromStr;

/// The WIT, its worlds and their names: flags that componentize-py has before the command.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct WorldSettings {
    /// Files and folders with WIT, as text or in the binary form [default: wit]
    #[arg(short = 'd', long = "wit-path", alias = "wit", value_name = "PATH")]
    // Files are inputs of an action, no parameters.
    #[serde(deserialize_with = "one_or_more", skip_serializing)]
    #[schemars(with = "OneOrMore<PathBuf>")]
    pub wit: Vec<PathBuf>,
    /// Worlds to target, such as `app` or `demo:echo/app@1.0.0`, of which the union is taken [default: the only one there is]
    #[arg(short, long, value_name = "WORLD")]
    #[serde(deserialize_with = "one_or_more")]
    #[schemars(with = "OneOrMore<String>")]
    pub world: Vec<String>,
    /// WIT features whose `@unstable` items are taken
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub features: Vec<String>,
    /// Take the `@unstable` items of all WIT features
    #[arg(long)]
    pub all_features: bool,
    /// Python names of imported interfaces, by WIT name, such as `ns:pkg/iface@1.2.3`
    #[arg(long = "import-interface-name", value_name = "INTERFACE=NAME")]
    #[serde(deserialize_with = "table", serialize_with = "as_table")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub import_interface_names: Vec<InterfaceName>,
    /// Python names of exported interfaces, by WIT name
    #[arg(long = "export-interface-name", value_name = "INTERFACE=NAME")]
    #[serde(deserialize_with = "table", serialize_with = "as_table")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub export_interface_names: Vec<InterfaceName>,
    /// Name all interface modules by package, interface and version, also where the short name is clear
    #[arg(long)]
    pub full_names: bool,
    /// What a list of numbers arrives as: a list of Python's numbers, or a buffer that `numpy.asarray` takes without a copy; `list<u8>` is always bytes
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    pub numeric_lists: NumericLists,
}

/// What a list of numbers arrives as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum NumericLists {
    /// A list of Python's numbers.
    #[default]
    List,
    /// An `array.array`.
    Array,
    /// A `memoryview` of the list as it came.
    Memoryview,
}

/// The Python name of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InterfaceName {
    /// The interface as WIT has it, such as `ns:pkg/iface@1.2.3`.
    pub interface: String,
    /// The name in Python.
    pub name: String,
}

impl FromStr for InterfaceName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<InterfaceName, &'static str> {
        match text.split_once('=') {
            Some((interface, name)) if !interface.is_empty() && !name.is_empty() => Ok(InterfaceName {
                interface: interface.to_string(),
                name: name.to_string(),
            }),
            _ => Err("expected INTERFACE=NAME, such as `ns:pkg/iface@1.2.3=name`"),
        }
    }
}

impl From<(String, String)> for InterfaceName {
    fn from((interface, name): (String, String)) -> InterfaceName {
        InterfaceName { interface, name }
    }
}

impl<'a> From<&'a InterfaceName> for (&'a str, &'a str) {
    fn from(name: &'a InterfaceName) -> (&'a str, &'a str) {
        (&name.interface, &name.name)
    }
}

/// Worlds beside those of the app.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct RelatedWorldSettings {
    /// Worlds of packages on the path that have WIT of their own, in the order in which the packages need each other
    #[arg(short, long, alias = "module-world", value_name = "MODULE=WORLD")]
    #[schemars(with = "Vec<String>")]
    pub module_worlds: Vec<ModuleWorld>,
    /// World to intersect with: only the imports and exports that it has too are kept
    #[arg(short, long, value_name = "WORLD")]
    pub intersect_world: Option<String>,
}

/// The world that is chosen for a package with WIT of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ModuleWorld {
    /// The package's module; empty for a folder of the Python path itself.
    pub module: String,
    /// The world.
    pub world: String,
}

impl FromStr for ModuleWorld {
    type Err = String;

    fn from_str(text: &str) -> Result<ModuleWorld, String> {
        match text.split_once('=') {
            Some((module, world)) if !world.is_empty() => Ok(ModuleWorld {
                module: module.to_string(),
                world: world.to_string(),
            }),
            _ => Err("write it as MODULE=WORLD, such as `my_sdk=my-world`".to_string()),
        }
    }
}

impl TryFrom<String> for ModuleWorld {
    type Error = String;

    fn try_from(text: String) -> Result<ModuleWorld, String> {
        text.parse()
    }
}

impl From<ModuleWorld> for String {
    fn from(ModuleWorld { module, world }: ModuleWorld) -> String {
        format!("{module}={world}")
    }
}
