//! The code of Python's modules in the heap: code objects know the file that they were compiled from.
//!
//! Code objects have the layout of CPython 3.13 on a machine of 32 bits (`Include/cpython/code.h`). What does not lead to objects of the
//! right types is none, so that of another layout nothing is found.

use std::collections::BTreeMap;
use std::ops::Range;
use wasmparser::{BinaryReaderError, ExternalKind, Operator, Parser, Payload};

/// Where Python's allocator places objects.
const ALIGNMENT: usize = 8;

/// The places of fields in an object, and how many bytes stand before the items of one with a size.
const TYPE: usize = 4;
const SIZE: usize = 8;
const TUPLE: usize = 12;
const BYTES: usize = 16;
const TEXT: usize = 20;
const CODE: usize = 124;

/// What the collector of garbage has before a tuple.
const COLLECTED: usize = 8;

/// The fields of a code object: tuples, bytes, and the file.
const TUPLES: [usize; 3] = [12, 16, 72];
const TABLES: [usize; 3] = [20, 76, 92];
const FILE: usize = 80;

/// The place of a text's state, and the bits in it of one that is ASCII, its characters behind its head.
const STATE: usize = 16;
const ASCII: usize = 0x60;

/// The addresses of types.
#[derive(Debug, PartialEq, Eq)]
pub struct Types {
    code: usize,
    text: usize,
    tuple: usize,
    bytes: usize,
}

impl Types {
    /// The addresses that an interpreter exports; none if it does not.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn read(base: &[u8]) -> Result<Option<Types>, BinaryReaderError> {
        let mut globals = Vec::new();
        let mut exported = BTreeMap::new();
        for payload in Parser::new(0).parse_all(base) {
            match payload? {
                Payload::GlobalSection(section) => {
                    for global in section {
                        globals.push(match global?.init_expr.get_operators_reader().read()? {
                            Operator::I32Const { value } => Some(value as u32 as usize),
                            _ => None,
                        });
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        let address = globals.get(export.index as usize).copied().flatten();
                        if let (ExternalKind::Global, Some(address)) = (export.kind, address) {
                            exported.insert(export.name, address);
                        }
                    }
                }
                _ => {}
            }
        }
        let address = |name: &str| exported.get(name).copied();
        let types = || {
            Some(Types {
                code: address("PyCode_Type")?,
                text: address("PyUnicode_Type")?,
                tuple: address("PyTuple_Type")?,
                bytes: address("PyBytes_Type")?,
            })
        };
        Ok(types())
    }
}

/// Code objects from an address on, with what is theirs alone, each with its file. Of what several share, the first has it.
pub fn code(memory: &[u8], types: &Types, first: usize) -> Vec<(Range<usize>, String)> {
    let heap = Heap { memory, types };
    let mut found = BTreeMap::new();
    for place in (first.next_multiple_of(ALIGNMENT)..memory.len()).step_by(ALIGNMENT) {
        let Some((file, ranges)) = heap.code(place) else {
            continue;
        };
        for range in ranges.into_iter().filter(|range| range.start >= first) {
            found.entry(range.start).or_insert((range.end, file.clone()));
        }
    }
    let ranges = found.into_iter();
    ranges.map(|(start, (end, file))| (start..end, file)).collect()
}

struct Heap<'h> {
    memory: &'h [u8],
    types: &'h Types,
}

impl Heap<'_> {
    /// The file and the ranges of a code object, if one is there.
    fn code(&self, place: usize) -> Option<(String, Vec<Range<usize>>)> {
        if !self.has_type(place, self.types.code) {
            return None;
        }
        let file = self.text(self.word(place + FILE)?)?;
        let mut ranges = vec![allocated(place, CODE + 2 * self.word(place + SIZE)?)];
        for field in TUPLES {
            let tuple = self.word(place + field)?;
            if !self.has_type(tuple, self.types.tuple) {
                return None;
            }
            let length = TUPLE + 4 * self.word(tuple + SIZE)?;
            ranges.push(allocated(tuple.checked_sub(COLLECTED)?, COLLECTED + length));
        }
        for field in TABLES {
            let table = self.word(place + field)?;
            if self.has_type(table, self.types.bytes) {
                ranges.push(allocated(table, BYTES + self.word(table + SIZE)? + 1));
            }
        }
        Some((file, ranges))
    }

    fn text(&self, place: usize) -> Option<String> {
        if !self.has_type(place, self.types.text) || self.word(place + STATE)? & ASCII != ASCII {
            return None;
        }
        let start = place + TEXT;
        let characters = self.memory.get(start..start + self.word(place + SIZE)?)?;
        String::from_utf8(characters.to_vec()).ok()
    }

    fn has_type(&self, place: usize, of: usize) -> bool {
        self.word(place + TYPE) == Some(of)
    }

    fn word(&self, place: usize) -> Option<usize> {
        let bytes = self.memory.get(place..place + 4)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?) as usize)
    }
}

/// What an object of a size takes.
fn allocated(start: usize, size: usize) -> Range<usize> {
    start..start + size.next_multiple_of(ALIGNMENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPES: Types = Types {
        code: 1000,
        text: 1004,
        tuple: 1008,
        bytes: 1012,
    };

    fn set(memory: &mut [u8], place: usize, word: usize) {
        memory[place..place + 4].copy_from_slice(&(word as u32).to_le_bytes());
    }

    #[test]
    fn code_has_its_file() {
        let mut memory = vec![0; 512];
        let (code, text, tuple, bytes) = (64, 208, 264, 304);
        for (place, of, size) in [(code, 1000, 6), (text, 1004, 5), (tuple, 1008, 2), (bytes, 1012, 3)] {
            set(&mut memory, place + TYPE, of);
            set(&mut memory, place + SIZE, size);
        }
        set(&mut memory, text + STATE, 0x64);
        memory[text + TEXT..text + TEXT + 5].copy_from_slice(b"/a.py");
        TUPLES.iter().for_each(|field| set(&mut memory, code + field, tuple));
        set(&mut memory, code + TABLES[0], bytes);
        set(&mut memory, code + FILE, text);
        let file = "/a.py".to_string();
        let found = [(64..200, file.clone()), (256..288, file.clone()), (304..328, file)];
        assert_eq!(super::code(&memory, &TYPES, 32), found);
        set(&mut memory, tuple + TYPE, 0);
        assert_eq!(super::code(&memory, &TYPES, 32), []);
    }
}
