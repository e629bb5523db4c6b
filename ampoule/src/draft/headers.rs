//! The headers that sources include: where they are, and which are nowhere.

use super::modules::Module;
use super::tree::Tree;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What including needs.
#[derive(Debug, Default)]
pub struct Includes {
    /// The folders of headers of each module, by its name.
    pub folders: BTreeMap<String, BTreeSet<String>>,
    /// The headers that are nowhere, each with a file that includes it.
    pub missing: BTreeMap<String, String>,
}

/// Headers of other systems, which sources include where these are.
const ELSEWHERE: [&str; 10] = [
    "windows",
    "winsock",
    "ws2",
    "io.h",
    "intrin",
    "immintrin",
    "emmintrin",
    "mach/",
    "arm_",
    "x86intrin",
];

/// Looks for all headers that the sources of modules include, and these in turn.
pub fn resolve(tree: &Tree, modules: &[Module], system: &[PathBuf]) -> Includes {
    let include = Regex::new(r#"(?m)^\s*#\s*include\s*["<]([^">]+)[">]"#).expect("the pattern is one");
    let mut includes = Includes::default();
    for module in modules {
        let folders = includes.folders.entry(module.name.clone()).or_default();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut open: Vec<String> = module.sources.clone();
        while let Some(file) = open.pop() {
            if !seen.insert(file.clone()) {
                continue;
            }
            let text = tree.text(&file);
            for header in include.captures_iter(&text).map(|captures| captures[1].to_string()) {
                match place(tree, &file, &header, folders) {
                    Some(found) => open.push(found),
                    None if is_of_system(&header, system) => {}
                    None => drop(includes.missing.entry(header).or_insert_with(|| file.clone())),
                }
            }
        }
    }
    includes
}

/// The file of a header in the sources; a folder that is needed to find it is added.
fn place(tree: &Tree, file: &str, header: &str, folders: &mut BTreeSet<String>) -> Option<String> {
    let joined = |folder: &str| match folder {
        "" | "." => header.to_string(),
        folder => format!("{folder}/{header}"),
    };
    let beside = joined(file.rsplit_once('/').map_or("", |(folder, _)| folder));
    let known = folders.iter().map(|folder| joined(folder));
    if let Some(found) = std::iter::once(beside)
        .chain(known)
        .find(|path| tree.files.contains(path))
    {
        return Some(found);
    }
    if tree.files.contains(header) {
        folders.insert(".".to_string());
        return Some(header.to_string());
    }
    let end = format!("/{header}");
    let candidates = tree.files.iter().filter(|path| path.ends_with(&end));
    let found = candidates.min_by_key(|path| (path.split('/').count(), (*path).clone()))?;
    folders.insert(found[..found.len() - end.len()].to_string());
    Some(found.clone())
}

fn is_of_system(header: &str, system: &[PathBuf]) -> bool {
    let is_elsewhere = ELSEWHERE.iter().any(|start| header.to_lowercase().starts_with(start));
    is_elsewhere || system.iter().any(|folder| folder.join(header).is_file())
}
