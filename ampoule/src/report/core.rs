//! What of a core module its bytes can be told apart by: sections, bodies of functions, segments of data.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;
use wasmparser::{BinaryReaderError, DataKind, ElementItems, FunctionBody, Operator, Parser, Payload, TypeRef};

/// A core module, each range in the bytes of what it was read from.
#[derive(Debug, Default)]
pub struct Core {
    /// The content of each section but code and data: id, name of a custom one, and place.
    pub sections: Vec<(u8, String, Range<usize>)>,
    /// The functions that it imports: module and name.
    pub imports: Vec<(String, String)>,
    /// The functions that it defines.
    pub bodies: Vec<Body>,
    /// The functions in its table.
    pub elements: Vec<u32>,
    /// Its active segments of data.
    pub segments: Vec<Segment>,
}

/// The body of a function.
#[derive(Debug)]
pub struct Body {
    /// Where it is, its length before it included.
    pub range: Range<usize>,
    /// The functions that it names.
    pub calls: Vec<u32>,
    /// Equal for bodies that differ in nothing but the indices of the functions that they name.
    pub shape: u64,
}

/// A segment of data.
#[derive(Debug)]
pub struct Segment {
    /// All of it.
    pub range: Range<usize>,
    /// What it holds.
    pub content: Range<usize>,
    /// Where that goes in memory.
    pub address: usize,
}

impl Core {
    /// Reads the module at a place in a file.
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn read(file: &[u8], place: Range<usize>) -> Result<Core, BinaryReaderError> {
        let mut core = Core::default();
        let mut end = 0;
        for payload in Parser::new(place.start as u64).parse_all(&file[place]) {
            let payload = payload?;
            match &payload {
                Payload::CodeSectionStart {
                    count,
                    unchecked_range: range,
                    ..
                } => {
                    end = range.start as usize + length_of_number(u64::from(*count));
                    continue;
                }
                Payload::CodeSectionEntry(body) => {
                    let body = Body::read(file, end, body)?;
                    end = body.range.end;
                    core.bodies.push(body);
                }
                Payload::DataSection(section) => {
                    for segment in section.clone() {
                        core.segments.extend(Segment::read(&segment?));
                    }
                    continue;
                }
                Payload::ImportSection(section) => {
                    for import in section.clone().into_imports() {
                        let import = import?;
                        if let TypeRef::Func(_) = import.ty {
                            core.imports.push((import.module.to_string(), import.name.to_string()));
                        }
                    }
                }
                Payload::ElementSection(section) => {
                    for element in section.clone() {
                        if let ElementItems::Functions(functions) = element?.items {
                            core.elements
                                .extend(functions.into_iter().collect::<Result<Vec<_>, _>>()?);
                        }
                    }
                }
                _ => {}
            }
            if let Some((id, range)) = payload.as_section() {
                let name = match &payload {
                    Payload::CustomSection(section) => section.name().to_string(),
                    _ => String::new(),
                };
                core.sections.push((id, name, range.start as usize..range.end as usize));
            }
        }
        Ok(core)
    }

    /// The memory that its segments make.
    pub fn memory(&self, file: &[u8]) -> Vec<u8> {
        let ends = self
            .segments
            .iter()
            .map(|segment| segment.address + segment.content.len());
        let mut memory = vec![0; ends.max().unwrap_or_default()];
        for segment in &self.segments {
            let place = segment.address..segment.address + segment.content.len();
            memory[place].copy_from_slice(&file[segment.content.clone()]);
        }
        memory
    }
}

impl Body {
    /// A body that begins with its length at `start`.
    fn read(file: &[u8], start: usize, body: &FunctionBody<'_>) -> Result<Body, BinaryReaderError> {
        let range = start..body.range().end as usize;
        let mut shape = DefaultHasher::new();
        let mut calls = Vec::new();
        let mut hashed = body.range().start as usize;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let (operator, offset) = operators.read_with_offset()?;
            if let Operator::Call { function_index }
            | Operator::ReturnCall { function_index }
            | Operator::RefFunc { function_index } = operator
            {
                let opcode = offset as usize + 1;
                file[hashed..opcode].hash(&mut shape);
                hashed = operators.original_position() as usize;
                calls.push(function_index);
            }
        }
        file[hashed..range.end].hash(&mut shape);
        Ok(Body {
            range,
            calls,
            shape: shape.finish(),
        })
    }
}

impl Segment {
    fn read(data: &wasmparser::Data<'_>) -> Option<Segment> {
        let DataKind::Active { offset_expr, .. } = &data.kind else {
            return None;
        };
        let Ok(Operator::I32Const { value }) = offset_expr.get_operators_reader().read() else {
            return None;
        };
        let range = data.range.start as usize..data.range.end as usize;
        Some(Segment {
            content: range.end - data.data.len()..range.end,
            address: value as u32 as usize,
            range,
        })
    }
}

/// How many bytes a number takes in LEB128, written as short as it can be.
fn length_of_number(number: u64) -> usize {
    (64 - number.leading_zeros() as usize).div_ceil(7).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_module_is_told_apart() {
        let module = wat::parse_str(
            r#"(module
                (import "wasi:cli/exit" "exit" (func $exit))
                (memory 1) (table 2 funcref) (elem (i32.const 0) $one)
                (func $one (call $exit)) (func $two (call $one)) (func $three (nop))
                (data (i32.const 4) "text") (@custom "last" "x"))"#,
        )
        .unwrap();
        let core = Core::read(&module, 0..module.len()).unwrap();
        assert_eq!(core.imports, [("wasi:cli/exit".to_string(), "exit".to_string())]);
        assert_eq!(core.elements, [1]);
        let [one, two, three] = &core.bodies[..] else {
            panic!("{core:?}")
        };
        assert_eq!((&one.calls[..], &two.calls[..]), (&[0][..], &[1][..]));
        assert_eq!(one.shape, two.shape);
        assert_ne!(one.shape, three.shape);
        assert_eq!(one.range.end, two.range.start);
        assert_eq!(one.range.len(), 5);
        assert_eq!(core.memory(&module), b"\0\0\0\0text");
        assert!(core.sections.iter().any(|(_, name, _)| name == "last"));
    }
}
