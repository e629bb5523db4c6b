//! A release checked by what it says of itself: every file has its digest, every action's inputs come from a pin, from another action, or from the source.

use crate::{Error, provenance, sums};
use ampoule_action::Digest;
use ampoule_attestation::{Resource, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Checks the release in a folder; gives the number of its files and of the actions that made them.
///
/// # Errors
/// When something is not as it must be; the error lists all of it.
pub fn check(folder: &Path) -> Result<(usize, usize), Error> {
    let mut wrong = Vec::new();
    let files = digests(folder, &mut wrong)?;
    let mut statements = Vec::new();
    for name in files.keys().filter(|name| name.ends_with(".provenance.jsonl")) {
        statements.extend(provenance::read(&folder.join(name))?);
    }
    untraced_files(&files, &statements, &mut wrong);
    untraced_inputs(&statements, &mut wrong);
    if wrong.is_empty() {
        Ok((files.len(), statements.len()))
    } else {
        Err(Error::Untrue { wrong })
    }
}

/// The sha256 (hexadecimal) of each file, compared with the list of digests.
fn digests(folder: &Path, wrong: &mut Vec<String>) -> Result<BTreeMap<String, String>, Error> {
    let mut listed = sums::read(folder)?;
    let mut found = BTreeMap::new();
    for name in sums::files(folder)?.into_iter().filter(|name| name != sums::NAME) {
        let digest = Digest::of_file(&folder.join(&name))?.hexadecimal();
        match listed.remove(&name) {
            Some(expected) if expected == digest => {}
            Some(expected) => wrong.push(format!("{name} has the digest {digest} instead of {expected}")),
            None => wrong.push(format!("{name} is not listed in {}", sums::NAME)),
        }
        found.insert(name, digest);
    }
    wrong.extend(listed.into_keys().map(|name| format!("{name} is missing")));
    Ok(found)
}

/// Archives, wheels and components that no action gave.
fn untraced_files(files: &BTreeMap<String, String>, statements: &[Statement], wrong: &mut Vec<String>) {
    let subjects = statements.iter().flat_map(|statement| &statement.subject);
    let given: BTreeSet<&String> = subjects.filter_map(|subject| subject.digest.get("sha256")).collect();
    for (name, digest) in files {
        let is_made = [".tar.gz", ".tar", ".wasm", ".whl"]
            .iter()
            .any(|end| name.ends_with(end));
        if is_made && !given.contains(digest) {
            wrong.push(format!("no action is recorded that gave {name}"));
        }
    }
}

/// Inputs that are said to come from an action which is not there, or which gave something else.
fn untraced_inputs(statements: &[Statement], wrong: &mut Vec<String>) {
    let outputs: BTreeMap<String, &Resource> = statements
        .iter()
        .flat_map(|statement| {
            let name = |subject: &Resource| statement.output_uri(subject.name.as_deref().unwrap_or_default());
            statement.subject.iter().map(move |subject| (name(subject), subject))
        })
        .collect();
    for statement in statements {
        for input in &statement.predicate.build_definition.resolved_dependencies {
            let name = input.name.as_deref().unwrap_or_default();
            match input.uri.as_deref().filter(|uri| uri.starts_with(ACTION)) {
                Some(uri) if !comes_from(input, uri, &outputs) => {
                    wrong.push(format!(
                        "{name} is said to come from {uri}, and that action did not give it"
                    ));
                }
                _ if input.digest.is_empty() => wrong.push(format!("the input {name} has no digest")),
                _ => {}
            }
        }
    }
}

/// How the identities of actions' outputs begin.
const ACTION: &str = "ampoule:action/";

/// Whether an action gave the input, whole or as a part of a folder, whose digest the folder's covers.
fn comes_from(input: &Resource, uri: &str, outputs: &BTreeMap<String, &Resource>) -> bool {
    if let Some(output) = outputs.get(uri) {
        return output.digest == input.digest;
    }
    let (action, path) = uri.split_once('#').unwrap_or((uri, ""));
    let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
    folders
        .filter_map(|folder| outputs.get(&format!("{action}#{folder}")))
        .any(|output| output.digest.contains_key("narHash"))
}
