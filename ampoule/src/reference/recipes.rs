//! What Bazel's rules know of the recipes, before any action reads one.

use crate::chain::tried;
use crate::error::Failure;
use crate::recipes::{self, KnownRecipe, Recipes};
use ampoule_fetch::{Pin, PinnedFile};
use ampoule_recipe::{Description, Kind, Recipe};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// The table of the program's recipes: for each the pins of what it takes, and the modules and libraries that it makes.
///
/// # Errors
/// When a recipe has a source that is none.
pub fn recipes_for_bazel() -> Result<String, Failure> {
    let list = Recipes::default();
    table(&list, list.all())
}

/// The same of some recipes among those that a command knows.
///
/// # Errors
/// As [`recipes_for_bazel`].
pub fn table<'r>(list: &Recipes, recipes: impl Iterator<Item = &'r Arc<KnownRecipe>>) -> Result<String, Failure> {
    let rows = recipes.map(|known| row(list, known));
    let table = Value::Array(rows.collect::<Result<_, _>>()?);
    Ok(format!("{table:#}\n"))
}

fn row(list: &Recipes, known: &KnownRecipe) -> Result<Value, Failure> {
    let recipe = &known.recipe;
    let mut versions = Map::new();
    for version in recipe.sdists.keys() {
        let package = tried(list, &recipe.package, version).expect("a recipe knows its own versions");
        let pins = package.archives()?;
        let of_version = json!({
            "crates": recipe.sdists[version].crates.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "pins": pins.iter().map(pin).collect::<Vec<_>>(),
            "sha256": pins[0].files[0].digest.hexadecimal(),
            "wheel": recipes::wheel_name(&recipe.package, version),
        });
        versions.insert(version.clone(), of_version);
    }
    Ok(json!({
        "package": recipe.package,
        "file": known.file,
        "needs": recipe.needs.iter().map(|need| (need.package.clone(), json!(need.version))).collect::<Map<_, _>>(),
        "generates": !recipe.generate.is_empty(),
        "libraries": recipe.libraries.iter().map(|library| part(recipe, library)).collect::<Vec<_>>(),
        "modules": recipe.modules.iter().map(|module| part(recipe, module)).collect::<Vec<_>>(),
        "versions": versions,
    }))
}

/// A module or a library: what decides which other files its action takes.
fn part(recipe: &Recipe, description: &Description) -> Value {
    let libraries = recipe.libraries_of(description);
    json!({
        "name": description.name,
        "cxx": recipe.has_cxx(description),
        "exceptions": description.exceptions,
        "rust": description.kind == Kind::Rust,
        "libraries": libraries.map(|library| library.name.as_str()).collect::<Vec<_>>(),
    })
}

/// A pin, in the form of `toolchain/pins.json`.
fn pin(pin: &Pin) -> Value {
    json!({
        "name": pin.name,
        "group": pin.group,
        "version": pin.version,
        "license": pin.license,
        "purl": pin.purl,
        "unpack": { "format": pin.unpack.format.name(), "strip": pin.unpack.strip },
        "files": pin.files.iter().map(file).collect::<Vec<_>>(),
    })
}

fn file(file: &PinnedFile) -> Value {
    json!({
        "file": file.file,
        "digest": file.digest.to_string(),
        "size": file.size,
        "limit": { "bytes": file.limit.bytes, "entries": file.limit.entries },
        "sources": file.sources.iter().map(ToString::to_string).collect::<Vec<_>>(),
    })
}
