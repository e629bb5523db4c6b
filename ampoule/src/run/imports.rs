//! Whether `ampoule run` and `ampoule serve` have what a component imports.

use super::error::Error;
use wasmtime::Engine;
use wasmtime::component::Component;
use wasmtime::component::types::ComponentItem;

/// The WASI packages that the host has, each at 0.2.
const PROVIDED: [&str; 7] = [
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:http/",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// The interfaces that it has of packages without a version 0.2 of their own yet.
const DRAFTS: [&str; 4] = [
    "wasi:config/store@0.2.0-rc.1",
    "wasi:keyvalue/atomics@0.2.0-draft",
    "wasi:keyvalue/batch@0.2.0-draft",
    "wasi:keyvalue/store@0.2.0-draft",
];

/// Names every import that the host does not have.
pub fn check(engine: &Engine, component: &Component) -> Result<(), Error> {
    let names: Vec<String> = component
        .component_type()
        .imports(engine)
        .filter(|(name, import)| needs_host(engine, &import.ty) && !is_provided(name))
        .map(|(name, _)| name.to_string())
        .collect();
    match names.is_empty() {
        true => Ok(()),
        false => Err(Error::MissingImports { names }),
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
    let version = name.rsplit_once('@').map(|(_, version)| version).unwrap_or_default();
    DRAFTS.contains(&name) || version.starts_with("0.2.") && PROVIDED.iter().any(|package| name.starts_with(package))
}
