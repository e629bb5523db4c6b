//! The table that `bazel/private/settings.bzl` reads.

use super::names::{self, Name};
use super::{form, one_line};
use crate::settings::{Part, parts};
use clap::Arg;
use serde_json::{Value, json};

/// What the file begins with.
const HEAD: &str = r#""""The settings of an app that are flags of stages.

Written from the source by `BLESS=1 cargo test --release --workspace --test cli settings`.
"""

SETTINGS = [
"#;

/// The attribute of each key that has one.
pub fn attributes() -> Vec<String> {
    let keys = parts().into_iter().flat_map(|part| part.keys.into_keys());
    keys.filter_map(|key| attribute(&key)).collect()
}

fn attribute(key: &str) -> Option<String> {
    match names::bazel(key) {
        Name::Is(attribute) => Some(attribute),
        Name::Needless(_) => None,
    }
}

/// The file, in Starlark: the keys with a flag, which have attributes and are given to stages without further ado.
pub fn for_bazel() -> String {
    let mut settings: Vec<String> = parts().iter().flat_map(of_part).collect();
    settings.sort();
    format!("{HEAD}{}]\n", settings.concat())
}

fn of_part(part: &Part) -> Vec<String> {
    let flags = part.flags.iter();
    let settings = flags.filter_map(|(key, flag)| {
        let attribute = attribute(key)?;
        Some(setting(&attribute, &part.keys[key], flag, part.stages))
    });
    settings.collect()
}

fn setting(attribute: &str, schema: &Value, flag: &Arg, stages: &[&str]) -> String {
    let fields = [
        ("attribute", json!(attribute)),
        ("default", json!(schema["default"].as_str().unwrap_or_default())),
        ("doc", json!(one_line(&schema["description"]) + ".")),
        ("flag", json!(format!("--{}", flag.get_long().unwrap_or_default()))),
        ("form", json!(form(schema))),
        ("stages", json!(stages)),
        ("values", json!(words(schema))),
    ];
    let lines = fields.map(|(name, value)| format!("        {name} = {},\n", spaced(&value)));
    format!("    struct(\n{}    ),\n", lines.concat())
}

/// The words that are the only values of a key, if it is of words.
fn words(schema: &Value) -> Vec<&str> {
    let choices = schema["oneOf"].as_array().into_iter().flatten();
    choices.filter_map(|choice| choice["const"].as_str()).collect()
}

/// A value of JSON in Starlark, which has the same literals for texts and lists of them.
fn spaced(value: &Value) -> String {
    match value.as_array() {
        Some(values) => format!(
            "[{}]",
            values.iter().map(Value::to_string).collect::<Vec<_>>().join(", ")
        ),
        None => value.to_string(),
    }
}
