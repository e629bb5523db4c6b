//! What several stages know of an app.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The app.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(rename_all = "kebab-case")]
pub struct AppSettings {
    /// Module of the app, which is imported at build time
    #[arg(long, value_name = "MODULE", default_value_t = app())]
    #[serde(default = "app")]
    pub app: String,
}

impl AppSettings {
    /// An app by the name of its module.
    pub fn of(module: &str) -> AppSettings {
        AppSettings {
            app: module.to_string(),
        }
    }
}

fn app() -> String {
    "app".to_string()
}

/// The module of the bindings.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema, clap::Args)]
#[serde(rename_all = "kebab-case")]
pub struct ModuleSettings {
    /// Python module of the bindings
    #[arg(long, value_name = "MODULE", default_value_t = world_module())]
    #[serde(default = "world_module")]
    pub world_module: String,
}

fn world_module() -> String {
    "wit_world".to_string()
}

impl Default for ModuleSettings {
    fn default() -> ModuleSettings {
        ModuleSettings {
            world_module: world_module(),
        }
    }
}
