//! The tables of `docs/settings.md` and `docs/bazel-rules.md`.

use super::names::{self, Name};
use super::one_line;
use crate::command_line::CommandLine;
use crate::settings::{Part, parts};
use clap::{Arg, Command, CommandFactory};
use serde_json::Value;

/// The tables of all keys, a section for each part, as Markdown.
pub fn all_keys() -> String {
    let command = CommandLine::command();
    let sections: Vec<String> = parts().iter().map(|part| section(part, &command)).collect();
    format!("{}\n{}", sections.join("\n"), nameless())
}

/// The attributes of Bazel's rule that stand for flags of stages, as a table in Markdown.
pub fn bazel_attributes() -> String {
    let mut rows = Vec::new();
    for part in parts() {
        for key in part.flags.keys().filter(|key| *key != "wit") {
            if let Name::Is(attribute) = names::bazel(key) {
                let (what, default) = described(&part.keys[key]);
                rows.push(format!(
                    "| `{attribute}` | {what}. | {} | {default} |\n",
                    kind(&part.keys[key])
                ));
            }
        }
    }
    rows.sort();
    format!(
        "| Name | Description | Type | Default |\n|---|---|---|---|\n{}",
        rows.concat()
    )
}

/// The section of a part.
fn section(part: &Part, command: &Command) -> String {
    let mut lines = vec![
        format!("### {}\n", part.title.trim_end_matches('.')),
        "| key | type | default | what it does | flag | Nix | Bazel |".to_string(),
        "|---|---|---|---|---|---|---|".to_string(),
    ];
    for (key, schema) in &part.keys {
        let (what, default) = described(schema);
        let cells = [
            format!("`{key}`"),
            kind(schema),
            default,
            what,
            flags(key, command),
            name(names::nix(key)),
            name(names::bazel(key)),
        ];
        lines.push(format!("| {} |", cells.join(" | ")));
    }
    lines.join("\n") + "\n"
}

/// What a key does, and its default: that of its type, or the one that its text ends with, as it does in the help.
fn described(schema: &Value) -> (String, String) {
    let text = one_line(&schema["description"]);
    let of_type = schema
        .get("default")
        .map(|value| format!("`{value}`"))
        .unwrap_or_default();
    match text.strip_suffix(']').and_then(|text| text.split_once(" [default: ")) {
        Some((what, default)) => (what.to_string(), default.to_string()),
        None => (text, of_type),
    }
}

/// What values a key has, in words.
fn kind(schema: &Value) -> String {
    if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
        let choices: Vec<String> = choices.iter().map(kind).collect();
        return choices.join(" or ");
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
        return words.join(" or ");
    }
    if let Some(word) = schema.get("const") {
        return format!("`{word}`");
    }
    match schema["type"].as_str() {
        Some("array") => format!("list of {}s", kind(&schema["items"])),
        Some("object") if schema["additionalProperties"].is_object() => {
            format!("table of {}s", kind(&schema["additionalProperties"]))
        }
        Some("object") => "table".to_string(),
        Some("integer") => "number".to_string(),
        other => other.unwrap_or_default().to_string(),
    }
}

/// The flags of the commands that stand for a key.
fn flags(key: &str, command: &Command) -> String {
    let id = key.replace('-', "_");
    let commands = std::iter::once(command).chain(command.get_subcommands().filter(|command| is_build(command)));
    let mut found = commands
        .flat_map(Command::get_arguments)
        .filter(|argument| *argument.get_id() == *id);
    found.next().map(flag).unwrap_or_default()
}

/// Whether it is a command that builds an app.
fn is_build(command: &Command) -> bool {
    ["build", "componentize"].contains(&command.get_name())
}

fn flag(argument: &Arg) -> String {
    let short = argument.get_short().map(|short| format!("`-{short}`"));
    let long = argument.get_long().map(|long| format!("`--{long}`"));
    let names: Vec<String> = short.into_iter().chain(long).collect();
    if names.is_empty() {
        format!("`{argument}`")
    } else {
        names.join(", ")
    }
}

fn name(name: Name) -> String {
    match name {
        Name::Is(name) => format!("`{name}`"),
        Name::Needless(_) => "–".to_string(),
    }
}

/// Why a key has no name in a build system.
fn nameless() -> String {
    let mut lines = String::new();
    for part in parts() {
        for key in part.keys.keys() {
            for (system, name) in [("Nix", names::nix(key)), ("Bazel", names::bazel(key))] {
                if let Name::Needless(why) = name {
                    lines += &format!("* `{key}` with {system}: {why}.\n");
                }
            }
        }
    }
    lines
}
