//! The C sources of the interpreter's functions.
//!
//! Its functions have names until they are linked, and stand in the order of the objects that they were linked from; the component has
//! those that are left of them, in the same order. Both steps are found as the lines of two texts are: by what is equal in both.
//! Of neighbours that are equal one may be taken for the other: then they are of the same size.

use super::core::{Body, Core};
use super::parts::{Way, way};
use crate::error::Failure;
use ampoule_action::FileError;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeMap;
use std::hash::Hash;
use std::path::Path;
use wasmparser::{KnownCustom, Linking, Name, Parser, Payload, SymbolFlags, SymbolInfo};

/// What is linked before the core, after it, and what is not found.
const GUEST: &str = "Ampoule's runtime";
const LIBRARIES: &str = "C library";
const UNKNOWN: &str = "other";

/// The source of each of the base's functions in a component.
#[derive(Debug, Default)]
pub struct Sources(Vec<Way>);

impl Sources {
    /// Finds the sources: `base` is the interpreter with its names, `archive` the core's objects, `bodies` those in the component.
    ///
    /// # Errors
    /// When the archive cannot be read, or a module is not well-formed.
    pub fn find(base: &[u8], archive: &Path, bodies: &[Body]) -> Result<Sources, Failure> {
        let core = Core::read(base, 0..base.len())?;
        let sources = of_base(&names(base, core.imports.len())?, &objects(archive)?);
        let shapes = |bodies: &[Body]| -> Vec<u64> { bodies.iter().map(|body| body.shape).collect() };
        let left = aligned(&shapes(&core.bodies), &shapes(bodies));
        let of_body = |found: &Option<usize>| found.and_then(|place| sources.get(place).cloned());
        let unknown = || way([UNKNOWN]);
        Ok(Sources(
            left.iter()
                .map(|found| of_body(found).unwrap_or_else(unknown))
                .collect(),
        ))
    }

    /// The way to the source of a function.
    pub fn of(&self, function: usize) -> Way {
        self.0.get(function).cloned().unwrap_or_else(|| way([UNKNOWN]))
    }
}

/// The sources of the base's functions, by their names.
fn of_base(names: &[String], objects: &[(String, String)]) -> Vec<Way> {
    let defined: Vec<&str> = objects.iter().map(|(_, name)| name.as_str()).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = aligned(&defined, &names);
    let first = found.iter().position(Option::is_some).unwrap_or(found.len());
    let last = found.iter().rposition(Option::is_some).unwrap_or_default();
    let source = |(number, place): (usize, &Option<usize>)| match place {
        Some(place) => source_of(&objects[*place].0),
        None if number < first => way([GUEST]),
        None if number > last => way([LIBRARIES]),
        None => way([UNKNOWN]),
    };
    found.iter().enumerate().map(source).collect()
}

/// The source of an object, which is named after it: `Objects-listobject.o`.
fn source_of(object: &str) -> Way {
    let path = format!("{}.c", object.trim_end_matches(".o"));
    path.split('-').map(str::to_string).collect()
}

/// The place in `whole` of each item of `left`, which are some of them in their order.
fn aligned<T: Eq + Hash>(whole: &[T], left: &[T]) -> Vec<Option<usize>> {
    let mut places = vec![None; left.len()];
    for operation in capture_diff_slices(Algorithm::Patience, whole, left) {
        if let DiffOp::Equal {
            old_index,
            new_index,
            len,
        } = operation
        {
            (0..len).for_each(|step| places[new_index + step] = Some(old_index + step));
        }
    }
    places
}

/// The names of the functions that a module defines.
fn names(module: &[u8], imported: usize) -> Result<Vec<String>, Failure> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::CustomSection(section) = payload?
            && let KnownCustom::Name(section) = section.as_known()
        {
            for subsection in section {
                if let Name::Function(functions) = subsection? {
                    for naming in functions {
                        let naming = naming?;
                        names.insert(naming.index as usize, naming.name.to_string());
                    }
                }
            }
        }
    }
    let end = names.last_key_value().map_or(imported, |(index, _)| index + 1);
    Ok((imported..end)
        .map(|index| names.remove(&index).unwrap_or_default())
        .collect())
}

/// The functions that the objects of an archive define, in their order: the object's name and the function's.
fn objects(archive: &Path) -> Result<Vec<(String, String)>, Failure> {
    let file = ampoule_action::read(archive)?;
    let mut archive_reader = ar::Archive::new(&file[..]);
    let mut functions = Vec::new();
    while let Some(entry) = archive_reader.next_entry() {
        let mut entry = entry.map_err(FileError::reading(archive))?;
        let name = String::from_utf8_lossy(entry.header().identifier()).into_owned();
        let mut object = Vec::new();
        std::io::Read::read_to_end(&mut entry, &mut object).map_err(FileError::reading(archive))?;
        functions.extend(defined(&object)?.into_iter().map(|function| (name.clone(), function)));
    }
    Ok(functions)
}

/// The functions that an object defines, in the order of its code (tool-conventions, "Linking").
fn defined(object: &[u8]) -> Result<Vec<String>, Failure> {
    let mut functions = BTreeMap::new();
    for payload in Parser::new(0).parse_all(object) {
        if let Payload::CustomSection(section) = payload?
            && let KnownCustom::Linking(section) = section.as_known()
        {
            for subsection in section {
                let Linking::SymbolTable(symbols) = subsection? else {
                    continue;
                };
                for symbol in symbols {
                    if let SymbolInfo::Func {
                        flags,
                        index,
                        name: Some(name),
                    } = symbol?
                        && !flags.contains(SymbolFlags::UNDEFINED)
                    {
                        functions.insert(index, name.to_string());
                    }
                }
            }
        }
    }
    Ok(functions.into_values().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_have_the_sources_of_their_objects() {
        let objects = [
            ("Objects-a.o", "one"),
            ("Objects-a.o", "same"),
            ("Modules-_io-b.o", "same"),
            ("Modules-_io-b.o", "two"),
        ];
        let objects = objects.map(|(object, name)| (object.to_string(), name.to_string()));
        let names = ["start", "one", "same", "two", "memcpy"].map(str::to_string);
        let found: Vec<String> = of_base(&names, &objects).iter().map(|way| way.join("/")).collect();
        assert_eq!(found[0], GUEST);
        assert_eq!(found[1], "Objects/a.c");
        assert_eq!(found[3..], ["Modules/_io/b.c", LIBRARIES]);
    }

    #[test]
    fn what_is_left_is_found_in_the_whole() {
        assert_eq!(
            aligned(&[5, 1, 7, 1, 9], &[5, 7, 1, 8]),
            [Some(0), Some(2), Some(3), None]
        );
    }
}
