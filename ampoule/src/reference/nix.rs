//! The table that `nix/settings.nix` reads.

use super::form;
use super::names::{self, Name};
use crate::settings::parts;
use clap::Arg;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What Nix needs to know of a key.
#[derive(Serialize)]
struct NixArgument<'a> {
    /// What `buildPyComponent` calls it.
    argument: String,
    /// The value where it is not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    /// The flag of the stages that read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    flag: Option<String>,
    /// How the value becomes flags.
    form: &'static str,
    /// These stages.
    stages: &'static [&'static str],
}

/// The table for Nix: of each key the argument, the stages that read it, and their flag.
pub fn for_nix() -> Value {
    let mut table = Map::new();
    for part in parts() {
        for (key, schema) in &part.keys {
            let entry = match names::nix(key) {
                Name::Is(argument) => json!(NixArgument {
                    argument,
                    default: schema.get("default"),
                    flag: part
                        .flags
                        .get(key)
                        .and_then(Arg::get_long)
                        .map(|long| format!("--{long}")),
                    form: form(schema),
                    stages: part.stages,
                }),
                Name::Needless(way) => json!({ "needless": way }),
            };
            table.insert(key.clone(), entry);
        }
    }
    Value::Object(table)
}
