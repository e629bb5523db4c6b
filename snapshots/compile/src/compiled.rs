//! What compiled code imports: `import` statements of Cython and calls of `PyImport_ImportModule` leave names in a module's data.
//!
//! What stands there may be something else that has the name of a module of the stdlib, such as a keyword; then that module is in the
//! component for nothing. Without it the import fails when it is made, which may be in a call only.

use memchr::memmem;
use std::cell::LazyCell;
use std::collections::BTreeSet;
use wasmparser::{Parser, Payload};

/// What Cython's own code looks for, and does without.
const OF_CYTHON: &[&str] = &["asyncio.coroutines"];

/// In each table of strings that Cython 3.1 and later writes, where they stand without anything between them.
const MARK_OF_TABLES: &[u8] = b"__module__";

/// Others of which each table has some.
const OTHERS_OF_TABLES: [&[u8]; 3] = [b"__main__", b"__name__", b"__test__"];

/// If it is not known where the strings of a table begin, shorter names are a part of any word.
const SHORTEST_IN_TABLES: usize = 4;

/// The modules among `known` that an extension module names in its data, and the packages that they are in.
pub(crate) fn named<'k>(module: &[u8], known: &BTreeSet<&'k str>) -> BTreeSet<&'k str> {
    let mut longest_first: Vec<&'k str> = known.iter().copied().collect();
    longest_first.sort_by_key(|name| std::cmp::Reverse(name.len()));
    let segments: Vec<&[u8]> = data(module).collect();
    // Most modules have no table.
    let lengths = LazyCell::new(|| segments.iter().flat_map(|segment| runs(segment)).collect::<Vec<_>>());
    let mut found = BTreeSet::new();
    for string in segments.iter().flat_map(|segment| segment.split(|byte| *byte == 0)) {
        let text = std::str::from_utf8(string).ok();
        if let Some(name) = text.and_then(|text| known.get(text)) {
            found.insert(*name);
        } else if contains(string, MARK_OF_TABLES) {
            match strings(string, &lengths) {
                Some(strings) => found.extend(strings.into_iter().filter_map(|name| known.get(name))),
                None => found.extend(in_table(string, &longest_first)),
            }
        }
    }
    found.retain(|name| !OF_CYTHON.contains(name));
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

/// The numbers in data that may be the lengths of strings, as Cython writes them: 32 bits each, none of them 0.
fn runs(segment: &[u8]) -> Vec<Vec<usize>> {
    const SHORTEST: usize = 8;
    const LONGEST_STRING: usize = 1 << 16;
    let numbers = segment
        .chunks_exact(4)
        .map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]));
    let numbers: Vec<usize> = numbers.map(|number| number as usize).collect();
    let is_length = |number: &usize| (1..LONGEST_STRING).contains(number);
    let runs = numbers.split(|number| !is_length(number));
    runs.filter(|run| run.len() >= SHORTEST)
        .map(<[usize]>::to_vec)
        .collect()
}

/// The strings of a table, whose lengths are one of these runs; none if all are other numbers.
fn strings<'t>(table: &'t [u8], runs: &[Vec<usize>]) -> Option<Vec<&'t str>> {
    let others = OTHERS_OF_TABLES.into_iter();
    let expected: Vec<&[u8]> = others.filter(|other| contains(table, other)).collect();
    if expected.is_empty() {
        return None;
    }
    let marks: Vec<usize> = memmem::find_iter(table, MARK_OF_TABLES).collect();
    let marks = marks.as_slice();
    let mut readings = runs.iter().flat_map(|lengths| {
        let indexes = (0..lengths.len()).filter(|index| lengths[*index] == MARK_OF_TABLES.len());
        indexes.flat_map(move |index| marks.iter().map(move |place| parts(table, lengths, index, *place)))
    });
    let read = readings.find(|parts| expected.iter().all(|other| parts.contains(other)))?;
    let texts = read.into_iter().filter_map(|part| std::str::from_utf8(part).ok());
    Some(texts.collect())
}

/// The strings of a table, of which that with this index begins at `place`.
fn parts<'t>(table: &'t [u8], lengths: &[usize], index: usize, place: usize) -> Vec<&'t [u8]> {
    let mut found = Vec::new();
    let mut rest = &table[place..];
    for length in &lengths[index..] {
        let Some((part, later)) = rest.split_at_checked(*length) else {
            break;
        };
        found.push(part);
        rest = later;
    }
    rest = &table[..place];
    for length in lengths[..index].iter().rev() {
        let Some((earlier, part)) = rest
            .len()
            .checked_sub(*length)
            .and_then(|end| rest.split_at_checked(end))
        else {
            break;
        };
        found.push(part);
        rest = earlier;
    }
    found
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    memmem::find(bytes, part).is_some()
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
        if is_there {
            found.push(*name);
        }
    }
    found
}

/// The packages above a module.
fn packages(module: &str) -> impl Iterator<Item = &str> {
    module.match_indices('.').map(|(dot, _)| &module[..dot])
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
    fn a_table_is_read_by_the_lengths_of_its_strings() {
        let strings = [
            "a.pyx",
            "__main__",
            "__module__",
            "__name__",
            "radio",
            "io",
            "backtrace",
            "secrets",
            "value",
        ];
        let lengths: String = strings
            .iter()
            .map(|string| format!("\\{:02x}\\00\\00\\00", string.len()))
            .collect();
        let data = format!("\\00\\00\\00\\00{lengths}\\00\\00\\00\\00{}\\00", strings.concat());
        assert_eq!(found(&data), ["io", "secrets"]);
    }

    #[test]
    fn in_a_table_of_cython_nothing_is_between_names() {
        let table = "a.pyx__module____name__asyncio.coroutinescline_in_tracebackcodejsonradiosecretsvalue\\00";
        assert_eq!(found(table), ["json", "secrets", "traceback"]);
    }
}
