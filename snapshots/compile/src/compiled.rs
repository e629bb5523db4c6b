//! What compiled code imports: `import` statements of Cython and calls of `PyImport_ImportModule` leave names in a module's data.
//!
//! What stands there may be something else that has the name of a module of the stdlib, such as a keyword; then that module is in the
//! component for nothing, which costs a few kilobytes. Without it the import fails when it is made, which may be in a call only.

use std::collections::BTreeSet;
use wasmparser::{Parser, Payload};

/// What Cython's own code looks for, and does without.
const OF_CYTHON: &[&str] = &["asyncio.coroutines"];

/// In each table of strings that Cython 3.1 and later writes, where they stand without anything between them.
const MARK_OF_TABLES: &[u8] = b"__module__";

/// In such a table shorter names are a part of any word.
const SHORTEST_IN_TABLES: usize = 4;

/// The modules among `known` that an extension module names in its data, and the packages that they are in.
pub(crate) fn named<'k>(module: &[u8], known: &BTreeSet<&'k str>) -> BTreeSet<&'k str> {
    let mut longest_first: Vec<&'k str> = known.iter().copied().collect();
    longest_first.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let mut found = BTreeSet::new();
    for string in data(module).flat_map(|segment| segment.split(|byte| *byte == 0)) {
        let text = std::str::from_utf8(string).ok();
        if let Some(name) = text.and_then(|text| known.get(text)) {
            found.insert(*name);
        } else if contains(string, MARK_OF_TABLES) {
            found.extend(in_table(string, &longest_first));
        }
    }
    let packages = found.iter().flat_map(|name| packages(name));
    let packages: Vec<&str> = packages.filter_map(|name| known.get(name).copied()).collect();
    found.extend(packages);
    found
}

/// The data of a module; of what is none there is as much as can be read, as the link says what is wrong with it.
fn data(module: &[u8]) -> impl Iterator<Item = &[u8]> {
    let payloads = Parser::new(0).parse_all(module).map_while(Result::ok);
    let sections = payloads.filter_map(|payload| match payload {
        Payload::DataSection(section) => Some(section),
        _ => None,
    });
    let segments = sections.flat_map(|section| section.into_iter().map_while(Result::ok));
    segments.map(|segment| segment.data)
}

/// The names in a table, but for those that only stand within longer ones.
fn in_table<'k>(table: &[u8], longest_first: &[&'k str]) -> Vec<&'k str> {
    let mut is_taken = vec![false; table.len()];
    let mut found = Vec::new();
    for name in longest_first.iter().filter(|name| name.len() >= SHORTEST_IN_TABLES) {
        let mut is_there = false;
        for start in (0..table.len()).filter(|start| table[*start..].starts_with(name.as_bytes())) {
            let place = start..start + name.len();
            is_there |= !is_taken[place.clone()].iter().all(|taken| *taken);
            is_taken[place].fill(true);
        }
        if is_there && !OF_CYTHON.contains(name) {
            found.push(*name);
        }
    }
    found
}

/// The packages above a module.
fn packages(module: &str) -> impl Iterator<Item = &str> {
    module.match_indices('.').map(|(dot, _)| &module[..dot])
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &str = "asyncio asyncio.coroutines datetime io json secrets trace traceback xml xml.dom";

    /// What is found in a module with this data.
    fn found(data: &str) -> Vec<&'static str> {
        let text = format!("(module (memory 1) (data (i32.const 0) \"{data}\"))");
        let module = wat::parse_str(text).unwrap();
        named(&module, &KNOWN.split(' ').collect()).into_iter().collect()
    }

    #[test]
    fn a_name_is_a_whole_string() {
        let names = found("datetime\\00import json\\00xml.dom\\00io\\00");
        assert_eq!(names, ["datetime", "io", "xml", "xml.dom"]);
    }

    #[test]
    fn in_a_table_of_cython_nothing_is_between_names() {
        let table = "a.pyx__module____name__asyncio.coroutinescline_in_tracebackcodejsonradiosecretsvalue\\00";
        assert_eq!(found(table), ["json", "secrets", "traceback"]);
    }
}
