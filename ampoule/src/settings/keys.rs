//! All keys, with what their fields say of them.

use super::{DriverSettings, HashSeedSettings};
use ampoule_settings::{
    AppSettings, CompileSettings, LinkSettings, ModuleSettings, PythonSettings, RelatedWorldSettings, SnapshotSettings,
    WebSettings, WheelsSettings, WorldSettings,
};
use clap::{Arg, Args, Command};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Keys that have one struct.
pub struct Part {
    /// What they are about.
    pub title: String,
    /// The stages that read them.
    pub stages: &'static [&'static str],
    /// Their JSON schemas, by key.
    pub keys: BTreeMap<String, Value>,
    /// The flags of these stages, by key.
    pub flags: BTreeMap<String, Arg>,
}

/// All parts of `[tool.ampoule]`.
pub fn parts() -> [Part; 12] {
    [
        with_flags::<AppSettings>(&["compile", "snapshot"]),
        part::<DriverSettings>(&[]),
        with_flags::<WheelsSettings>(&["wheels"]),
        with_flags::<WebSettings>(&["web"]),
        with_flags::<WorldSettings>(&["bindgen"]),
        with_flags::<ModuleSettings>(&["bindgen", "compile"]),
        with_flags::<RelatedWorldSettings>(&["bindgen"]),
        with_flags::<CompileSettings>(&["compile"]),
        with_flags::<LinkSettings>(&["link"]),
        with_flags::<SnapshotSettings>(&["snapshot"]),
        with_flags::<PythonSettings>(&["interpreter"]),
        part::<HashSeedSettings>(&[]),
    ]
}

fn part<T: JsonSchema>(stages: &'static [&'static str]) -> Part {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    let keys = schema["properties"]
        .as_object_mut()
        .map(std::mem::take)
        .unwrap_or_default();
    Part {
        title: schema["description"].as_str().unwrap_or_default().to_string(),
        stages,
        keys: keys
            .into_iter()
            .map(|(key, schema)| (key, without_null(schema)))
            .collect(),
        flags: BTreeMap::new(),
    }
}

fn with_flags<T: JsonSchema + Args>(stages: &'static [&'static str]) -> Part {
    let command = T::augment_args(Command::new(""));
    let flags = command.get_arguments();
    Part {
        flags: flags
            .map(|flag| (flag.get_id().as_str().replace('_', "-"), flag.clone()))
            .collect(),
        ..part::<T>(stages)
    }
}

/// TOML has no null: what is optional is left out.
fn without_null(mut schema: Value) -> Value {
    if let Some(object) = schema.as_object_mut() {
        object.retain(|word, value| word != "default" || !value.is_null());
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [kind] = types.as_slice() {
                let kind = kind.clone();
                object.insert("type".to_string(), kind);
            }
        }
        if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
            choices.retain(|choice| choice["type"] != "null");
        }
        object
            .values_mut()
            .for_each(|value| *value = without_null(value.take()));
    } else if let Some(values) = schema.as_array_mut() {
        values.iter_mut().for_each(|value| *value = without_null(value.take()));
    }
    schema
}

/// The JSON schema of `[tool.ampoule]`.
pub fn schema() -> Value {
    let keys: BTreeMap<String, Value> = parts().into_iter().flat_map(|part| part.keys).collect();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "[tool.ampoule]",
        "type": "object",
        "properties": keys,
        "additionalProperties": false,
    })
}

/// How alike a key must be to be the one that is meant, from 0 to 1.
const ALIKE: f64 = 0.8;

/// What is said of a key that no part has.
pub fn complaint(key: &str) -> Option<String> {
    let known: BTreeSet<String> = parts().into_iter().flat_map(|part| part.keys.into_keys()).collect();
    if known.contains(key) {
        return None;
    }
    let alike = known.iter().map(|other| (strsim::jaro_winkler(key, other), other));
    let alike = alike.filter(|(likeness, _)| *likeness > ALIKE);
    let meant = alike.max_by(|(one, _), (other, _)| one.total_cmp(other));
    let hint = meant
        .map(|(_, meant)| format!(" (did you mean `{meant}`?)"))
        .unwrap_or_default();
    let known: Vec<String> = known.iter().map(|key| format!("`{key}`")).collect();
    Some(format!(
        "unknown key `{key}`{hint}, expected one of {}",
        known.join(", ")
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_parts_have_a_key() {
        let keys: Vec<String> = parts().into_iter().flat_map(|part| part.keys.into_keys()).collect();
        let distinct: BTreeSet<&String> = keys.iter().collect();
        assert_eq!(distinct.len(), keys.len());
    }

    #[test]
    fn what_is_meant_is_guessed_only_where_it_is_alike() {
        assert!(complaint("world").is_none());
        assert!(
            complaint("worlds")
                .unwrap()
                .starts_with("unknown key `worlds` (did you mean `world`?), expected")
        );
        assert!(
            complaint("banana")
                .unwrap()
                .starts_with("unknown key `banana`, expected one of `all-features`, `app`,")
        );
    }

    #[test]
    fn a_stage_has_a_flag_for_each_key_that_it_reads() {
        for part in parts().iter().filter(|part| !part.stages.is_empty()) {
            assert!(part.keys.keys().eq(part.flags.keys()), "{}", part.title);
        }
    }
}
