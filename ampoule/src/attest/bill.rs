//! What a component is made of.

use super::distributions;
use crate::chain::{Built, DEPENDENCIES};
use crate::error::Failure;
use ampoule_action::{Digest, FileError};
use ampoule_attestation::{Bill, Part, Scope};
use ampoule_cpython::manifest::Manifest;
use ampoule_fetch::Pin;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Pinned inputs that only help to build.
const TOOLS: [&str; 1] = ["clang"];

/// The bill of a component that has been built.
pub fn of(built: &Built) -> Result<Bill, Failure> {
    let project = built.resolved.project;
    let modules = linked_modules(built)?;
    let read: BTreeSet<&PathBuf> = built
        .steps
        .0
        .iter()
        .flat_map(|step| &step.inputs)
        .map(|input| &input.path)
        .collect();
    let installed = installed(built)?;
    let mut parts = vec![ampoule()];
    for (path, (pin, file)) in &built.pinned {
        if read.contains(path)
            && is_installed(pin, &installed)
            && let Some(scope) = scope(&pin.name, &modules)
        {
            parts.push(Part::of_pin(pin, file, scope));
        }
    }
    add(&mut parts, installed);
    for step in built.steps.of("unpack") {
        add(&mut parts, distributions::in_source(step.path("folder"))?);
    }
    let name = project
        .output
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let whole = Part {
        reference: format!("component:{name}"),
        name,
        version: project.version.clone(),
        license: None,
        purl: None,
        sha256: Some(Digest::of_file(&project.output)?.hexadecimal()),
        scope: Scope::Contained,
        made_of: parts
            .iter()
            .filter(|part| part.scope == Scope::Contained)
            .map(|part| part.reference.clone())
            .collect(),
    };
    Ok(Bill { whole, parts })
}

/// Ampoule itself: its guest runtime and the bindings that it writes are in every component.
fn ampoule() -> Part {
    let version = env!("CARGO_PKG_VERSION");
    Part {
        reference: "ampoule".to_string(),
        name: "ampoule".to_string(),
        version: Some(version.to_string()),
        license: Some(env!("CARGO_PKG_LICENSE").to_string()),
        purl: None,
        sha256: None,
        scope: Scope::Contained,
        made_of: Vec::new(),
    }
}

/// How a pinned input is part of a component with these modules; none for one whose module is not linked.
fn scope(pin: &str, modules: &BTreeSet<String>) -> Option<Scope> {
    if TOOLS.contains(&pin) {
        return Some(Scope::Tool);
    }
    match Manifest::embedded().users(pin) {
        Some(users) if !users.iter().any(|module| modules.contains(*module)) => None,
        _ => Some(Scope::Contained),
    }
}

/// The names of the extension modules that were linked: the stage `compile` gives a folder with their files.
fn linked_modules(built: &Built) -> Result<BTreeSet<String>, Failure> {
    let mut names = BTreeSet::new();
    for step in built.steps.of("compile") {
        let folder = step.path("extensions");
        for entry in walkdir::WalkDir::new(folder) {
            let entry = entry.map_err(FileError::reading(folder))?;
            let file = entry.file_name().to_string_lossy();
            if let (true, Some((name, _))) = (entry.file_type().is_file(), file.split_once('.')) {
                names.insert(name.to_string());
            }
        }
    }
    Ok(names)
}

/// The distributions on the Python path: in the project's own folders, and those that its lock has brought.
fn installed(built: &Built) -> Result<Vec<Part>, Failure> {
    let mut found = Vec::new();
    for folder in &built.resolved.paths {
        found.extend(distributions::in_folder(folder)?);
    }
    Ok(found)
}

/// Whether a pin is of the toolchain, or of a dependency that was installed: not all in a lock are for a component.
fn is_installed(pin: &Pin, installed: &[Part]) -> bool {
    pin.group != DEPENDENCIES || installed.iter().any(|part| part.purl.as_ref() == Some(&pin.purl))
}

/// Adds distributions; one that is pinned is there already, and only its licence is new.
fn add(parts: &mut Vec<Part>, distributions: impl IntoIterator<Item = Part>) {
    for distribution in distributions {
        match parts.iter_mut().find(|part| part.purl == distribution.purl) {
            Some(part) => part.license = part.license.take().or(distribution.license),
            None => parts.push(distribution),
        }
    }
}
