//! What is written from the keys of `[tool.ampoule]`: the tables of `docs/settings.md`, and those that the rules of Nix and Bazel
//! read; and what these know of the recipes.

mod bazel;
mod markdown;
mod names;
mod nix;
mod recipes;

pub use bazel::{attributes, for_bazel};
pub use markdown::{all_keys, bazel_attributes};
pub use nix::for_nix;
pub use recipes::{recipes_for_bazel, table as table_of_recipes};

use serde_json::Value;

/// How the value of a key becomes flags.
fn form(schema: &Value) -> &'static str {
    let kinds = kinds(schema);
    let forms = [("array", "list"), ("object", "table"), ("boolean", "switch")];
    let form = forms.iter().find(|(kind, _)| kinds.contains(kind));
    form.map_or("value", |(_, form)| form)
}

/// The types of JSON that a value may have.
fn kinds(schema: &Value) -> Vec<&str> {
    match schema["anyOf"].as_array() {
        Some(choices) => choices.iter().flat_map(kinds).collect(),
        None => schema["type"].as_str().into_iter().collect(),
    }
}

/// A text without its line breaks.
fn one_line(text: &Value) -> String {
    let words = text.as_str().unwrap_or_default().split_whitespace();
    words.collect::<Vec<_>>().join(" ")
}
