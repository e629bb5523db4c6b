//! Whether `ampoule run` and `ampoule serve` have what a component imports.

use super::error::Error;
use std::collections::BTreeSet;
use std::path::PathBuf;
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;
use wit_parser::decoding::{DecodedWasm, decode};
use wit_parser::{Resolve, TypeDefKind, WorldItem};

/// The versions of WASI that the host has, with their packages.
const VERSIONS: [(&str, &[&str]); 2] = [
    (
        "0.2",
        &["cli", "clocks", "filesystem", "http", "io", "random", "sockets"],
    ),
    ("0.3", &["cli", "clocks", "filesystem", "http", "random", "sockets"]),
];

/// Interfaces of these packages that the host does not have: components have them for each other.
const OF_COMPONENTS: [&str; 2] = ["wasi:http/handler", "wasi:http/incoming-handler"];

/// The interfaces that it has of packages without a version 0.2 of their own yet.
const DRAFTS: [&str; 4] = [
    "wasi:config/store@0.2.0-rc.1",
    "wasi:keyvalue/atomics@0.2.0-draft",
    "wasi:keyvalue/batch@0.2.0-draft",
    "wasi:keyvalue/store@0.2.0-draft",
];

/// The names of all that components export, which others may import.
///
/// # Errors
/// When one cannot be read.
pub fn provided_by(files: &[PathBuf]) -> Result<BTreeSet<String>, Error> {
    let mut names = BTreeSet::new();
    for file in files {
        if let Ok(DecodedWasm::Component(resolve, world)) = decode(&ampoule_action::read(file)?) {
            let exports = resolve.worlds[world].exports.keys();
            names.extend(exports.map(|key| resolve.name_world_key(key)));
        }
    }
    Ok(names)
}

/// Names every import that neither the host has nor others give, before a component is compiled, which takes seconds.
///
/// What cannot be read as a component is no error here: compiling it says why.
pub fn check_bytes(component: &[u8], given: &BTreeSet<String>) -> Result<(), Error> {
    let Ok(DecodedWasm::Component(resolve, world)) = decode(component) else {
        return Ok(());
    };
    let imports = resolve.worlds[world].imports.iter();
    let missing = imports.filter(|(_, item)| asks_for_functions(&resolve, item));
    let names = missing.map(|(key, _)| resolve.name_world_key(key));
    refuse(
        names
            .filter(|name| !given.contains(name) && !is_provided(name))
            .collect(),
    )
}

/// Names every import that neither the host has nor others give.
pub fn check(engine: &Engine, component: &Component, given: &BTreeSet<String>) -> Result<(), Error> {
    let component_type = component.component_type();
    let imports = component_type.imports(engine);
    let missing = imports.filter(|(name, import)| needs_host(engine, &import.ty) && !is_provided(name));
    let names = missing.map(|(name, _)| name.to_string());
    refuse(names.filter(|name| !given.contains(name)).collect())
}

fn refuse(names: Vec<String>) -> Result<(), Error> {
    match names.is_empty() {
        true => Ok(()),
        false => Err(Error::MissingImports {
            names,
            provided: provided(),
        }),
    }
}

/// Types alone need nothing from the host, unless they are resources.
fn asks_for_functions(resolve: &Resolve, item: &WorldItem) -> bool {
    match item {
        WorldItem::Function(_) => true,
        WorldItem::Interface { id, .. } => {
            let interface = &resolve.interfaces[*id];
            let mut types = interface.types.values();
            !interface.functions.is_empty() || types.any(|id| matches!(resolve.types[*id].kind, TypeDefKind::Resource))
        }
        WorldItem::Type { id, .. } => matches!(resolve.types[*id].kind, TypeDefKind::Resource),
    }
}

/// Types alone need nothing from the host.
fn needs_host(engine: &Engine, import: &ComponentItem) -> bool {
    match import {
        ComponentItem::Type(_) => false,
        ComponentItem::ComponentInstance(interface) => interface
            .exports(engine)
            .any(|(_, export)| needs_host(engine, &export.ty)),
        _ => true,
    }
}

fn is_provided(name: &str) -> bool {
    let (interface, _) = name.split_once('@').unwrap_or((name, ""));
    if OF_COMPONENTS.contains(&interface) {
        return false;
    }
    let is_there = |(version, packages): &(&str, &[&str])| {
        package_of_wasi(name, version).is_some_and(|package| packages.contains(&package))
    };
    DRAFTS.contains(&name) || VERSIONS.iter().any(is_there)
}

/// The package of an interface of this version of WASI, such as `clocks` of `wasi:clocks/wall-clock@0.2.3`.
fn package_of_wasi<'a>(name: &'a str, version: &str) -> Option<&'a str> {
    let (interface, found) = name.rsplit_once('@')?;
    let (package, _) = interface.strip_prefix("wasi:")?.split_once('/')?;
    let rest = found.strip_prefix(version)?;
    rest.starts_with('.').then_some(package)
}

/// All that the host has, for the user.
fn provided() -> String {
    let versions = VERSIONS.map(|(version, packages)| format!("WASI {version} ({})", packages.join(", ")));
    format!("{}, {}", versions.join(", "), DRAFTS.join(", "))
}
