//! The bytes of a component by where they came from. Each byte is counted once: what nothing claims is structure.

use super::core::{Core, Segment};
use super::heap::{self, Types};
use super::image::Image;
use super::owners::Owners;
use super::parts::{Tree, Way, way};
use super::sources::Sources;
use ampoule_layout::{Layout, Placement};
use std::ops::Range;
use wasmparser::{BinaryReaderError, Parser, Payload};

/// The parts that the component is made of.
pub const INTERPRETER: &str = "Interpreter";
/// That of files and native modules.
pub const STDLIB: &str = "Standard library";
/// That of installed packages.
pub const DEPENDENCIES: &str = "Dependencies";
/// That of the project's own files.
pub const APP: &str = "App";
/// That of the bindings and of what calls and is called through them.
pub const WORLD: &str = "World";
/// That of objects in memory.
pub const HEAP: &str = "Heap";
/// That of all else.
pub const STRUCTURE: &str = "Structure";

const CODE: &str = "code";
const DATA: &str = "data";

/// The blocks in which memory is compared: the C library gives none that begins elsewhere.
const BLOCK: usize = 16;

/// What the stages have left that tells the bytes of a component apart.
pub struct Traces {
    /// The component.
    pub component: Vec<u8>,
    /// Where `link` has placed side modules.
    pub layout: Layout,
    /// What each of them has brought in.
    pub linked: ampoule_link::Report,
    /// The interpreter before it was initialised.
    pub base: Vec<u8>,
    /// The interpreter afterwards.
    pub initialised: Vec<u8>,
    /// The C sources of the interpreter's functions.
    pub sources: Sources,
    /// Whose the files are.
    pub owners: Owners,
}

/// The place of the core module in a component that has most of its code.
///
/// # Errors
/// When the component is not well-formed.
pub fn main_module(component: &[u8]) -> Result<Range<usize>, BinaryReaderError> {
    let mut largest = 0..0;
    for payload in Parser::new(0).parse_all(component) {
        if let Payload::ModuleSection { unchecked_range, .. } = payload? {
            let place = unchecked_range.start as usize..unchecked_range.end as usize;
            if place.len() > largest.len() {
                largest = place;
            }
        }
    }
    Ok(largest)
}

impl Traces {
    /// The parts of the component. Their bytes are its own.
    ///
    /// # Errors
    /// When the component or an interpreter is not well-formed.
    pub fn tree(&self, core: &Core) -> Result<Tree, BinaryReaderError> {
        let mut claims = Claims::default();
        self.component(&mut claims)?;
        sections(core, &mut claims);
        self.code(core, &mut claims);
        self.data(core, &mut claims)?;
        Ok(claims.into_tree(self.component.len()))
    }

    /// What stands around the main module.
    fn component(&self, claims: &mut Claims) -> Result<(), BinaryReaderError> {
        let main = main_module(&self.component)?;
        let mut end = 0;
        for payload in Parser::new(0).parse_all(&self.component) {
            let payload = payload?;
            let Some((_, range)) = payload.as_section() else {
                continue;
            };
            let range = range.start as usize..range.end as usize;
            // The sections of modules inside come after that which holds them.
            if range.start < end || range == main {
                end = end.max(range.end);
                continue;
            }
            end = range.end;
            let name = match &payload {
                Payload::ModuleSection { .. } => way([WORLD, "adapters"]),
                Payload::ComponentTypeSection(_) | Payload::ComponentImportSection(_) => way([WORLD, "interfaces"]),
                Payload::ComponentExportSection(_) => way([WORLD, "interfaces"]),
                Payload::CustomSection(section) => way([STRUCTURE, "metadata", section.name()]),
                _ => way([WORLD, "wiring"]),
            };
            claims.add(range, name);
        }
        Ok(())
    }

    /// The functions: those of the base come first, then those of each side module, then those that trap.
    fn code(&self, core: &Core, claims: &mut Claims) {
        let mut bodies = core.bodies.iter().enumerate();
        for (position, origin) in self.linked.origins.iter().enumerate() {
            for (number, body) in bodies.by_ref().take(origin.functions as usize) {
                let name = match position {
                    0 => [way([INTERPRETER, CODE]), self.sources.of(number)].concat(),
                    _ => [self.owners.module(&origin.name), way([CODE])].concat(),
                };
                claims.add(body.range.clone(), name);
            }
        }
        for (_, body) in bodies {
            claims.add(body.range.clone(), way([STRUCTURE, "functions that trap"]));
        }
    }

    fn data(&self, core: &Core, claims: &mut Claims) -> Result<(), BinaryReaderError> {
        let memory = core.memory(&self.component);
        let initialised = Core::read(&self.initialised, 0..self.initialised.len())?.memory(&self.initialised);
        let areas = self.areas(&memory)?;
        for segment in &core.segments {
            claims.add(
                segment.range.start..segment.content.start,
                way([STRUCTURE, "heads of data segments"]),
            );
            for (addresses, area) in areas.split(segment) {
                let in_file = |address| segment.content.start + address - segment.address;
                let mut add = |addresses: Range<usize>, name| {
                    claims.add(in_file(addresses.start)..in_file(addresses.end), name);
                };
                match area {
                    Some(name) => add(addresses, name.clone()),
                    None => runs(addresses, &memory, &initialised).for_each(|(run, is_new)| add(run, objects(is_new))),
                }
            }
        }
        Ok(())
    }

    /// What is where in memory; the rest of it is the heap.
    fn areas(&self, memory: &[u8]) -> Result<Areas, BinaryReaderError> {
        let mut areas = Vec::new();
        let base = Core::read(&self.base, 0..self.base.len())?;
        let statics = ["constants", "variables"];
        for (segment, name) in base.segments.iter().zip(statics) {
            let addresses = segment.address..segment.address + segment.content.len();
            areas.push((addresses, way([INTERPRETER, name])));
        }
        for Placement {
            name,
            memory_base,
            memory_size,
            ..
        } in &self.layout.modules
        {
            let start = *memory_base as usize;
            let name = [self.owners.module(name), way([DATA])].concat();
            areas.push((start..start + *memory_size as usize, name));
        }
        if let Some(image) = Image::find(memory) {
            let mut end = image.range.start;
            let index = way([STRUCTURE, "index of the files"]);
            let mut files = image.files;
            files.sort_by_key(|(_, content)| content.start);
            for (path, content) in files {
                areas.push((end..content.start, index.clone()));
                end = content.end;
                areas.push((content, self.owners.file(&path)));
            }
            areas.push((end..image.range.end, index));
        }
        let statics = base
            .segments
            .iter()
            .map(|segment| segment.address + segment.content.len());
        if let Some(types) = Types::read(&self.base)? {
            for (addresses, file) in heap::code(memory, &types, statics.max().unwrap_or_default()) {
                areas.push((
                    addresses,
                    [way([HEAP, "code of modules"]), self.owners.code(&file)].concat(),
                ));
            }
        }
        Ok(Areas::new(areas))
    }
}

/// The sections of the main module that are neither code nor data.
fn sections(core: &Core, claims: &mut Claims) {
    for (id, custom, range) in &core.sections {
        let name = match id {
            0 => way([STRUCTURE, "metadata", custom]),
            1 | 3 => way([STRUCTURE, "types of functions"]),
            4 | 9 => way([STRUCTURE, "table of functions"]),
            2 | 7 => way([STRUCTURE, "imports and exports"]),
            _ => way([STRUCTURE, "memory and globals"]),
        };
        claims.add(range.clone(), name);
    }
}

fn objects(is_new: bool) -> Way {
    way([
        HEAP,
        if is_new {
            "objects written since"
        } else {
            "objects as Python starts"
        },
    ])
}

/// Splits a piece of the heap into runs: whether they hold what the started interpreter has not.
fn runs<'m>(
    addresses: Range<usize>,
    memory: &'m [u8],
    initialised: &'m [u8],
) -> impl Iterator<Item = (Range<usize>, bool)> {
    let end = addresses.end;
    let starts = std::iter::once(addresses.start).chain((addresses.start / BLOCK + 1..).map(|block| block * BLOCK));
    starts.take_while(move |start| *start < end).map(move |start| {
        let block = start..end.min((start / BLOCK + 1) * BLOCK);
        let is_new = initialised.get(block.clone()) != memory.get(block.clone());
        (block, is_new)
    })
}

/// Ranges of addresses with the parts that they are, in their order.
struct Areas(Vec<(Range<usize>, Way)>);

impl Areas {
    /// Areas in any order. One that another reaches into is left out.
    fn new(mut areas: Vec<(Range<usize>, Way)>) -> Areas {
        areas.sort_by_key(|(addresses, _)| addresses.start);
        let mut end = 0;
        areas.retain(|(addresses, _)| {
            let is_free = addresses.start >= end && !addresses.is_empty();
            end = end.max(addresses.end);
            is_free
        });
        Areas(areas)
    }

    /// The pieces of a segment, each with the area that it is in.
    fn split(&self, segment: &Segment) -> Vec<(Range<usize>, Option<&Way>)> {
        let whole = segment.address..segment.address + segment.content.len();
        let first = self.0.partition_point(|(area, _)| area.end <= whole.start);
        let mut pieces = Vec::new();
        let mut next = whole.start;
        for (area, name) in self.0[first..].iter().take_while(|(area, _)| area.start < whole.end) {
            if next < area.start {
                pieces.push((next..area.start, None));
            }
            let start = next.max(area.start);
            next = area.end.min(whole.end);
            if start < next {
                pieces.push((start..next, Some(name)));
            }
        }
        if next < whole.end {
            pieces.push((next..whole.end, None));
        }
        pieces
    }
}

/// Ranges of the file with the parts that they are.
#[derive(Default)]
struct Claims(Vec<(Range<usize>, Way)>);

impl Claims {
    fn add(&mut self, range: Range<usize>, name: Way) {
        self.0.push((range, name));
    }

    /// The whole file: what is claimed, and what lies between.
    fn into_tree(mut self, size: usize) -> Tree {
        self.0.sort_by_key(|(range, _)| range.start);
        let mut tree = Tree::default();
        let mut end = 0;
        for (range, name) in &self.0 {
            let start = range.start.max(end);
            tree.add(&heads(), (start - end) as u64);
            end = range.end.max(start);
            tree.add(name, (end - start) as u64);
        }
        tree.add(&heads(), (size - end) as u64);
        tree
    }
}

fn heads() -> Way {
    way([STRUCTURE, "heads of sections"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(address: usize, length: usize) -> Segment {
        Segment {
            range: 0..length,
            content: 0..length,
            address,
        }
    }

    #[test]
    fn a_segment_falls_into_areas_and_what_lies_between() {
        let areas = [(40..50, "c"), (20..25, "b"), (22..24, "d"), (10..20, "a")];
        let areas = Areas::new(areas.map(|(range, name)| (range, way([name]))).into());
        let pieces = |address, length| -> Vec<(Range<usize>, &str)> {
            let segment = segment(address, length);
            let pieces = areas.split(&segment).into_iter();
            pieces
                .map(|(range, name)| (range, name.map_or("", |name| &name[0])))
                .collect()
        };
        assert_eq!(pieces(0, 22), [(0..10, ""), (10..20, "a"), (20..22, "b")]);
        assert_eq!(pieces(24, 10), [(24..25, "b"), (25..34, "")]);
        assert_eq!(pieces(60, 2), [(60..62, "")]);
        assert_eq!(pieces(12, 2), [(12..14, "a")]);
    }

    #[test]
    fn the_heap_is_compared_block_by_block() {
        let mut memory = vec![1; 64];
        let initialised = memory[..40].to_vec();
        memory[17] = 2;
        let found: Vec<_> = runs(8..50, &memory, &initialised).collect();
        assert_eq!(found, [(8..16, false), (16..32, true), (32..48, true), (48..50, true)]);
    }

    #[test]
    fn each_byte_is_counted_once() {
        let mut claims = Claims::default();
        claims.add(10..20, way(["b"]));
        claims.add(2..8, way(["a"]));
        claims.add(6..12, way(["c"]));
        let whole = claims.into_tree(30).into_part("");
        let parts: Vec<_> = whole
            .parts
            .iter()
            .map(|part| (part.name.as_str(), part.bytes))
            .collect();
        assert_eq!(parts, [(STRUCTURE, 12), ("b", 8), ("a", 6), ("c", 4)]);
        assert_eq!(whole.bytes, 30);
    }
}
