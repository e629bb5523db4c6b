//! The data of the module stand aside while the component is made of the rest: they can be hundreds of megabytes, and each step
//! would copy them.

use crate::sections::{PREAMBLE, Section, sections};
use wasm_encoder::Encode;
use wasmparser::BinaryReaderError;

/// The ids of a core module's sections of code, of data, and of how many segments there are.
const CODE: u8 = 10;
const DATA: u8 = 11;
const DATA_COUNT: u8 = 12;

/// The id of a component's section with a core module.
const CORE_MODULE: u8 = 1;

/// The sections that stand aside, whole: the second may be empty.
#[derive(Clone, Copy)]
pub(crate) struct Data<'a> {
    count: &'a [u8],
    segments: &'a [u8],
}

/// A module without its data, and these.
pub(crate) fn without_data(module: &[u8]) -> Result<(Vec<u8>, Data<'_>), BinaryReaderError> {
    let mut light = module[..PREAMBLE].to_vec();
    let mut data = Data {
        count: &[],
        segments: &[],
    };
    for section in sections(module)? {
        match section.id {
            DATA => data.segments = section.whole,
            DATA_COUNT => data.count = section.whole,
            _ => light.extend_from_slice(section.whole),
        }
    }
    Ok((light, data))
}

/// The component with the data where they belong: around the code of the module that has most of it.
pub(crate) fn with_data(component: &[u8], data: Data<'_>) -> Result<Vec<u8>, BinaryReaderError> {
    let sections = sections(component)?;
    let mut place = None;
    for (position, section) in sections.iter().enumerate() {
        let length = code_length(section)?;
        if length > place.map_or(0, |(_, length)| length) {
            place = Some((position, length));
        }
    }
    let mut whole = Vec::with_capacity(component.len() + data.count.len() + data.segments.len() + HEADS);
    whole.extend_from_slice(&component[..PREAMBLE]);
    for (position, section) in sections.iter().enumerate() {
        match place {
            Some((found, _)) if found == position => add_data(section, data, &mut whole)?,
            _ => whole.extend_from_slice(section.whole),
        }
    }
    Ok(whole)
}

/// More than the head of a section takes.
const HEADS: usize = 16;

fn code_length(section: &Section<'_>) -> Result<usize, BinaryReaderError> {
    if section.id != CORE_MODULE {
        return Ok(0);
    }
    let parts = sections(section.content)?;
    let code = parts.iter().find(|part| part.id == CODE);
    Ok(code.map_or(0, |code| code.content.len()))
}

fn add_data(section: &Section<'_>, data: Data<'_>, whole: &mut Vec<u8>) -> Result<(), BinaryReaderError> {
    whole.push(section.id);
    (section.content.len() + data.count.len() + data.segments.len()).encode(whole);
    whole.extend_from_slice(&section.content[..PREAMBLE]);
    for part in sections(section.content)? {
        let is_code = part.id == CODE;
        let (before, after) = if is_code {
            (data.count, data.segments)
        } else {
            (&[][..], &[][..])
        };
        for bytes in [before, part.whole, after] {
            whole.extend_from_slice(bytes);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &str = r#"(component
        (core module (func))
        (core module (memory 1) (func (nop)) (data (i32.const 8) "text") (@custom "last" (after last) "x")))"#;

    #[test]
    fn what_stood_aside_comes_back() {
        let component = wat::parse_str(COMPONENT).unwrap();
        let sections = sections(&component).unwrap();
        let large = sections.iter().rfind(|section| section.id == CORE_MODULE).unwrap();
        let (light, data) = without_data(large.content).unwrap();
        let mut without = wasm_encoder::Component::new();
        for section in &sections {
            let content = if section.whole == large.whole {
                &light
            } else {
                section.content
            };
            without.section(&wasm_encoder::RawSection {
                id: section.id,
                data: content,
            });
        }
        assert_eq!(with_data(&without.finish(), data).unwrap(), component);
    }
}
