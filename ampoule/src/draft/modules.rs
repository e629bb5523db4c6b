//! The extension modules of a source distribution.

use super::tree::Tree;
use ampoule_compile::joined;
use ampoule_recipe::Language;
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// A module.
#[derive(Debug)]
pub struct Module {
    /// The name under which Python imports it.
    pub name: String,
    /// What is compiled.
    pub sources: Vec<String>,
    /// The file of Cython that the first source is generated from.
    pub cython: Option<String>,
}

impl Module {
    /// Whether Cython makes C++ of it.
    pub fn is_cxx(&self) -> bool {
        self.sources[0].ends_with(".cpp")
    }
}

/// What C++ in a file of Cython begins with, or cannot do without.
const CXX: [&str; 3] = ["language = c++", "language=c++", "from libcpp"];

/// What says how modules are built.
const BUILDS: [&str; 6] = [
    "setup.py",
    "setup.cfg",
    "pyproject.toml",
    "meson.build",
    "build.py",
    "CMakeLists.txt",
];

/// The modules, in the order of their names.
pub fn find(tree: &Tree) -> Vec<Module> {
    let is_build = |path: &&String| BUILDS.iter().any(|name| path.rsplit('/').next() == Some(name));
    let builds: String = tree
        .files
        .iter()
        .filter(is_build)
        .map(|path| tree.text(path) + "\n")
        .collect();
    let mut found: BTreeMap<String, Module> = BTreeMap::new();
    let included = included(tree);
    let is_module = |path: &&String| path.ends_with(".pyx") && !included.contains(path.as_str());
    for path in tree.own_files().filter(is_module) {
        if let Some(module) = of_cython(tree, path) {
            found.insert(module.name.clone(), module);
        }
    }
    let initialiser = Regex::new(r"\bPyInit_(\w+)\s*\(").expect("the pattern is one");
    for path in tree.own_files().filter(|path| is_source(path)) {
        let text = tree.text(path);
        let name = initialiser.captures(&text).map(|captures| captures[1].to_string());
        if let Some(name) = name {
            let name = full_name(tree, path, &name, &builds).unwrap_or_else(|| name.clone());
            found.entry(name.clone()).or_insert_with(|| Module {
                sources: sources(tree, path, &name, &builds, &initialiser),
                name,
                cython: None,
            });
        }
    }
    found.into_values().collect()
}

/// The files that files of Cython include, whose text is a part of theirs. They are named by their place beside the including file, or
/// from where Cython is called.
fn included(tree: &Tree) -> BTreeSet<String> {
    let statement = Regex::new(r#"(?m)^\s*include\s+["']([^"'\n]+)["']"#).expect("the pattern is one");
    let is_cython = |path: &&String| [".pyx", ".pxi", ".pxd"].iter().any(|end| path.ends_with(end));
    let mut included = BTreeSet::new();
    for path in tree.files.iter().filter(is_cython) {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for captures in statement.captures_iter(&tree.text(path)) {
            let places = [folder, &tree.root, ""].map(|folder| joined(folder, &captures[1]));
            let mut places = places.iter().map(|place| &place[1..]);
            included.extend(places.find(|place| tree.files.contains(*place)).map(String::from));
        }
    }
    included
}

/// Whether a file is C or C++.
fn is_source(path: &str) -> bool {
    Language::of(path).is_some()
}

/// The module of a file of Cython; what was generated of it already is taken as it is.
fn of_cython(tree: &Tree, path: &str) -> Option<Module> {
    let name = tree.dotted(path)?;
    let stem = path.strip_suffix(".pyx")?;
    let made = ["c", "cpp"].map(|end| format!("{stem}.{end}"));
    if let Some(made) = made.iter().find(|made| tree.files.contains(*made)) {
        return Some(Module {
            name,
            sources: vec![made.clone()],
            cython: None,
        });
    }
    let text = tree.text(path);
    let [c, cxx] = made;
    let source = if CXX.iter().any(|word| text.contains(word)) {
        cxx
    } else {
        c
    };
    Some(Module {
        name,
        sources: vec![source],
        cython: Some(path.to_string()),
    })
}

/// The dotted name of a module: as a build says it, else by where its source is.
fn full_name(tree: &Tree, path: &str, last: &str, builds: &str) -> Option<String> {
    let dotted = Regex::new(&format!(r#"["']((?:\w+\.)+{last})["']"#)).expect("a name is no pattern");
    if let Some(captures) = dotted.captures(builds) {
        return Some(captures[1].to_string());
    }
    let by_place = tree.dotted(path)?;
    let (folder, _) = by_place.rsplit_once('.')?;
    Some(format!("{folder}.{last}"))
}

/// The sources of a module: those that the call of `Extension` names which names the module, else those beside the one that is known.
fn sources(tree: &Tree, path: &str, name: &str, builds: &str, initialiser: &Regex) -> Vec<String> {
    let text = Regex::new(r#"["']([^"'\n]+)["']"#).expect("the pattern is one");
    let named = |call: &str| call.contains(&format!("\"{name}\"")) || call.contains(&format!("'{name}'"));
    let calls = builds.split("Extension(").skip(1);
    let call = calls.map(|rest| &rest[..end_of_call(rest)]).find(|call| named(call));
    let literals = call
        .into_iter()
        .flat_map(|call| text.captures_iter(call).map(|captures| captures[1].to_string()));
    let mut sources: Vec<String> = literals
        .filter(|file| is_source(file) && tree.files.contains(file))
        .collect();
    if sources.is_empty() {
        let folder = |path: &str| {
            path.rsplit_once('/')
                .map_or(String::new(), |(folder, _)| folder.to_string())
        };
        let beside = tree
            .files
            .iter()
            .filter(|other| is_source(other) && folder(other) == folder(path));
        let beside: Vec<&String> = beside.collect();
        let is_module = |other: &&&String| initialiser.is_match(&tree.text(other));
        sources = match beside.iter().filter(is_module).count() {
            1 => beside.into_iter().cloned().collect(),
            _ => vec![path.to_string()],
        };
    }
    sources.sort_by_key(|source| (source != path, source.clone()));
    sources
}

/// Where the parenthesis closes that was opened before a text.
fn end_of_call(text: &str) -> usize {
    let mut depth = 1;
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return place;
        }
    }
    text.len()
}
