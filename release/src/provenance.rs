//! The provenance of what the release makes itself: the tools and the archives.

use crate::archive::Member;
use crate::source::SourceTree;
use crate::{Error, run};
use ampoule_action::{Digest, FileError, read_folder, read_text};
use ampoule_attestation::provenance::digests;
use ampoule_attestation::{BuildDefinition, Part, Resource, Statement};
use ampoule_fetch::Mirror;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// Reads statements, one a line.
///
/// # Errors
/// When the file cannot be read or holds something else.
pub fn read(path: &Path) -> Result<Vec<Statement>, Error> {
    let text = read_text(path)?;
    let parsed: Result<_, _> = text.lines().map(serde_json::from_str).collect();
    Ok(parsed.map_err(FileError::reading(path))?)
}

/// The provenance of the tools in `folder/bin`: source, crates, compiler, and the C library that is linked into them.
pub fn of_tools(
    folder: &Path,
    source: &SourceTree,
    crates: &[Part],
    host: &str,
    builder: &str,
) -> Result<Statement, Error> {
    let mut subject = Vec::new();
    for entry in walkdir::WalkDir::new(folder.join("bin")).sort_by_file_name() {
        let entry = entry.map_err(FileError::reading(folder))?;
        let name = entry.path().strip_prefix(folder).expect("an entry is below its folder");
        subject.push(resource(&name.to_string_lossy(), entry.path())?);
    }
    let mut dependencies = vec![Resource {
        name: Some("source".to_string()),
        digest: digests(&source.digest, true),
        ..Resource::default()
    }];
    dependencies.extend(crates.iter().filter_map(|part| {
        Some(Resource {
            name: Some(part.name.clone()),
            uri: part.purl.clone(),
            digest: BTreeMap::from([("sha256".to_string(), part.sha256.clone()?)]),
            ..Resource::default()
        })
    }));
    let libc = run::first_line("cc", &["-print-file-name=libc.a"])?;
    dependencies.push(resource("libc.a", Path::new(&libc))?);
    let definition = BuildDefinition {
        build_type: "ampoule:tools/v1".to_string(),
        external_parameters: json!({"target": host, "profile": "release", "static": true}),
        internal_parameters: json!({
            "rustc": run::first_line("rustc", &["--version"])?,
            "cc": run::first_line("cc", &["--version"])?,
        }),
        resolved_dependencies: dependencies,
    };
    let invocation = definition.digest();
    Ok(Statement::new(subject, definition, builder, invocation))
}

/// The provenance of an archive: its members, each with the statement that it is the subject of.
pub fn of_archive(
    path: &Path,
    format: &str,
    members: &[Member],
    statements: &[Statement],
    builder: &str,
) -> Result<Statement, Error> {
    let mut dependencies = Vec::new();
    for (from, to) in members {
        dependencies.extend(produced(&to.to_string_lossy(), from, statements)?);
    }
    statement_of_archive(path, format, dependencies, builder)
}

/// The provenance of the archive of pinned inputs: the files in it by their digests, which are those of the pins.
pub fn of_inputs(path: &Path, builder: &str) -> Result<Statement, Error> {
    let archive = Mirror::open(path)?;
    let mut dependencies = Vec::new();
    for name in archive.names() {
        dependencies.push(Resource {
            digest: digests(&archive.digest(&name)?, false),
            name: Some(name),
            ..Resource::default()
        });
    }
    statement_of_archive(path, "tar", dependencies, builder)
}

fn statement_of_archive(
    path: &Path,
    format: &str,
    dependencies: Vec<Resource>,
    builder: &str,
) -> Result<Statement, Error> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let definition = BuildDefinition {
        build_type: "ampoule:archive/v1".to_string(),
        external_parameters: json!({"name": name, "format": format}),
        internal_parameters: json!({"version": env!("CARGO_PKG_VERSION")}),
        resolved_dependencies: dependencies,
    };
    let invocation = definition.digest();
    Ok(Statement::new(
        vec![resource(&name, path)?],
        definition,
        builder,
        invocation,
    ))
}

/// What goes into an archive from a path, with the action that gave it. Where no action gave a folder as a whole, it is what is in it.
fn produced(name: &str, path: &Path, statements: &[Statement]) -> Result<Vec<Resource>, Error> {
    let mut whole = resource(name, path)?;
    whole.uri = producer(&whole, statements);
    if whole.uri.is_some() || !path.is_dir() {
        return Ok(vec![whole]);
    }
    let mut parts = Vec::new();
    for path in read_folder(path)? {
        let below = path.file_name().unwrap_or_default().to_string_lossy();
        let mut part = resource(&format!("{name}/{below}"), &path)?;
        part.uri = producer(&part, statements);
        parts.push(part);
    }
    Ok(parts)
}

/// The action that gave a resource.
fn producer(resource: &Resource, statements: &[Statement]) -> Option<String> {
    statements.iter().find_map(|statement| {
        let subject = statement
            .subject
            .iter()
            .find(|subject| subject.digest == resource.digest)?;
        Some(statement.output_uri(subject.name.as_deref()?))
    })
}

fn resource(name: &str, path: &Path) -> Result<Resource, Error> {
    Ok(Resource {
        name: Some(name.to_string()),
        digest: digests(&Digest::of_path(path)?, path.is_dir()),
        ..Resource::default()
    })
}
