//! What is said of the keys of `[tool.ampoule]` elsewhere is what their fields say.

use ampoule::reference::{all_keys, attributes, bazel_attributes, for_bazel, for_nix, recipes_for_bazel};
use ampoule_support::{ampoule, root, succeed};
use ampoule_tests::golden;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;

/// What stands around the part of a page that is written from the source.
const BEGIN: &str = "--test cli settings`. -->\n";
const END: &str = "\n<!-- The end of what is written";

/// What the rules of Bazel take beside the settings.
const OF_BAZEL_ALONE: [&str; 5] = ["data", "deps", "srcs", "web", "world"];

fn read(file: &str) -> String {
    std::fs::read_to_string(root().join(file)).expect("the file can be read")
}

fn check(file: &str, found: &str) {
    golden::check(&root().join(file), found).unwrap_or_else(|difference| panic!("{difference}"));
}

/// Compares the part of a page that is written from the source.
fn check_part(file: &str, found: &str) {
    let page = read(file);
    let (before, rest) = page.split_once(BEGIN).expect("the page says where it begins");
    let (_, after) = rest.split_once(END).expect("the page says where it ends");
    check(file, &format!("{before}{BEGIN}\n{found}{END}{after}"));
}

#[test]
fn the_pages_of_settings_are_written_from_the_source() {
    check_part("docs/settings.md", &all_keys());
    check_part("docs/bazel-rules.md", &bazel_attributes());
}

#[test]
fn the_table_for_nix_is_written_from_the_source() {
    let table = serde_json::to_string_pretty(&for_nix()).expect("a table is JSON");
    check("nix/settings.json", &(table + "\n"));
}

#[test]
fn the_table_for_bazel_is_written_from_the_source() {
    check("bazel/private/settings_table.bzl", &for_bazel());
}

#[test]
fn the_recipes_for_bazel_are_written_from_the_recipes() {
    let table = recipes_for_bazel().expect("the recipes are as they must be");
    check("bazel/private/recipes.json", &table);
}

/// Each key is an attribute of the rule, in the table or in the rule itself, and each of these is a key.
#[test]
fn bazel_has_an_attribute_for_each_key() {
    let table = read("bazel/private/settings_table.bzl");
    let of_table = table
        .lines()
        .filter_map(|line| line.trim().strip_prefix("attribute = \""));
    let mut found: BTreeSet<String> = of_table.map(|rest| rest.trim_end_matches("\",").to_string()).collect();
    for file in ["bazel/private/component.bzl", "bazel/private/wit.bzl"] {
        found.extend(own_attributes(&read(file)));
    }
    let named = attributes().into_iter().chain(OF_BAZEL_ALONE.map(str::to_string));
    assert_eq!(found, named.collect());
}

/// The names of the attributes that a file of rules writes out.
fn own_attributes(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let (name, value) = line.trim().strip_prefix('"')?.split_once("\": ")?;
        value.starts_with("attr.").then(|| name.to_string())
    });
    names.collect()
}

fn schema(flags: &[&str]) -> Value {
    let printed = succeed(ampoule(&root()).arg("schema").args(flags));
    serde_json::from_str(&printed).expect("a schema is JSON")
}

#[test]
fn the_schema_explains_each_key_of_the_projects_here() {
    let schema = schema(&[]);
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let known = schema["properties"].as_object().expect("there are keys");
    for (key, schema) in known {
        assert!(!schema["description"].as_str().unwrap_or_default().is_empty(), "{key}");
    }
    let mut seen = BTreeSet::new();
    for file in ["examples", "tests", "nix/template"]
        .iter()
        .flat_map(|folder| projects(&root().join(folder)))
    {
        let text = std::fs::read_to_string(&file).expect("the file can be read");
        let project: toml::Table = match text.parse() {
            Ok(project) => project,
            // Some are mistakes on purpose.
            Err(_) => continue,
        };
        let table = project.get("tool").and_then(|tool| tool.get("ampoule")?.as_table());
        seen.extend(table.into_iter().flat_map(|table| table.keys().cloned()));
    }
    assert!(seen.remove("witt"), "a project with a key that is not known");
    assert!(seen.len() > 10, "{seen:?}");
    assert!(seen.iter().all(|key| known.contains_key(key)), "{seen:?}");
}

fn projects(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = walkdir::WalkDir::new(folder).into_iter();
    let files = entries.map(|entry| entry.expect("the folder can be read").into_path());
    files.filter(|file| file.ends_with("pyproject.toml")).collect()
}

#[test]
fn the_schema_of_the_whole_file_has_that_of_the_table() {
    assert_eq!(
        schema(&["--pyproject"])["properties"]["tool"]["properties"]["ampoule"],
        schema(&[])
    );
}
