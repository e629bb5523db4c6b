//! Writes a state back into a module. Code is copied as it is.

use crate::segments::dense_segments;
use crate::{Error, State};
use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use wasm_encoder::reencode::{Reencode, RoundtripReencoder};
use wasm_encoder::{
    ConstExpr, DataCountSection, Encode, ExportSection, GlobalSection, MemorySection, Module, RawSection, Section,
    SectionId,
};
use wasmparser::{
    DataKind, DataSectionReader, ExportSectionReader, ExternalKind, GlobalSectionReader, MemorySectionReader, Parser,
    Payload,
};

const PAGE: usize = 65_536;

/// The module, such that a new instance begins in the given state. Exports for which `keep` does not hold are dropped.
///
/// The start function is dropped as well: it ran before the state was captured.
///
/// # Errors
/// When the module is malformed, or has state beside one memory and its exported globals.
pub fn rewrite(module: &[u8], state: &State, keep: impl Fn(&str) -> bool) -> Result<Vec<u8>, Error> {
    let mut rewritten = Vec::new();
    rewrite_to(&mut rewritten, module, state, keep)?;
    Ok(rewritten)
}

/// Writes what [`rewrite`] gives, whose memory can be large, section by section.
///
/// # Errors
/// As [`rewrite`], and when it cannot be written.
pub fn rewrite_to(
    output: &mut dyn Write,
    module: &[u8],
    state: &State,
    keep: impl Fn(&str) -> bool,
) -> Result<(), Error> {
    let segments = dense_segments(&state.memory);
    let exported = exported_globals(module)?;
    output.write_all(&Module::HEADER)?;
    let mut has_data = false;
    let mut imported_globals = 0;
    for payload in Parser::new(0).parse_all(module) {
        let payload = payload?;
        match &payload {
            Payload::MemorySection(section) => {
                add(output, &memories(section.clone(), state)?)?;
            }
            Payload::GlobalSection(section) => {
                add(output, &globals(section.clone(), imported_globals, &exported, state)?)?;
            }
            Payload::ExportSection(section) => {
                add(output, &exports(section.clone(), &keep)?)?;
            }
            Payload::DataCountSection { .. } => {
                let count = segments.len() as u32;
                add(output, &DataCountSection { count })?;
            }
            Payload::DataSection(section) => {
                check_data(section.clone())?;
                add_data(output, &segments, &state.memory)?;
                has_data = true;
            }
            Payload::StartSection { .. } => {}
            other => {
                if let Payload::ImportSection(section) = other {
                    imported_globals = check_imports(section.clone())?;
                }
                // A module without data gets its data section where one may stand: at the end.
                let is_end = matches!(other, Payload::End(_));
                if is_end && !has_data && !segments.is_empty() {
                    add_data(output, &segments, &state.memory)?;
                }
                if let Some((id, range)) = other.as_section() {
                    let data = &module[range.start as usize..range.end as usize];
                    add(output, &RawSection { id, data })?;
                }
            }
        }
    }
    Ok(())
}

fn add(output: &mut dyn Write, section: &impl Section) -> Result<(), Error> {
    let mut bytes = Vec::new();
    section.append_to(&mut bytes);
    Ok(output.write_all(&bytes)?)
}

/// The data section, without a copy of the memory.
fn add_data(output: &mut dyn Write, segments: &[Range<usize>], memory: &[u8]) -> Result<(), Error> {
    let heads: Vec<Vec<u8>> = segments.iter().map(head_of_segment).collect();
    let mut count = Vec::new();
    segments.len().encode(&mut count);
    let content: usize = heads.iter().map(Vec::len).sum::<usize>() + segments.iter().map(Range::len).sum::<usize>();
    let mut head = vec![SectionId::Data.into()];
    (count.len() + content).encode(&mut head);
    output.write_all(&head)?;
    output.write_all(&count)?;
    for (head, segment) in heads.iter().zip(segments) {
        output.write_all(head)?;
        output.write_all(&memory[segment.clone()])?;
    }
    Ok(())
}

/// What stands before the bytes of an active segment of the first memory.
fn head_of_segment(segment: &Range<usize>) -> Vec<u8> {
    let mut head = vec![0];
    ConstExpr::i32_const(segment.start as u32 as i32).encode(&mut head);
    segment.len().encode(&mut head);
    head
}

fn memories(section: MemorySectionReader<'_>, state: &State) -> Result<MemorySection, Error> {
    let mut rewritten = MemorySection::new();
    if section.count() != 1 {
        return Err(Error::Unsupported(format!("it has {} memories", section.count())));
    }
    for memory in section {
        let mut memory = RoundtripReencoder.memory_type(memory?)?;
        memory.minimum = (state.memory.len() / PAGE) as u64;
        rewritten.memory(memory);
    }
    Ok(rewritten)
}

/// Gives each exported mutable global the state's value; any other mutable global would be lost.
fn globals(
    section: GlobalSectionReader<'_>,
    imported: u32,
    exported: &BTreeMap<u32, String>,
    state: &State,
) -> Result<GlobalSection, Error> {
    let mut rewritten = GlobalSection::new();
    for (index, global) in (imported..).zip(section) {
        let global = global?;
        let kind = RoundtripReencoder.global_type(global.ty)?;
        let value = match exported.get(&index).and_then(|name| state.globals.get(name)) {
            Some(value) if global.ty.mutable => ConstExpr::i32_const(*value),
            _ if global.ty.mutable => {
                return Err(Error::Unsupported(format!(
                    "its mutable global {index} is not exported"
                )));
            }
            _ => RoundtripReencoder.const_expr(global.init_expr)?,
        };
        rewritten.global(kind, &value);
    }
    Ok(rewritten)
}

fn exports(section: ExportSectionReader<'_>, keep: &impl Fn(&str) -> bool) -> Result<ExportSection, Error> {
    let mut rewritten = ExportSection::new();
    for export in section {
        let export = export?;
        if keep(export.name) {
            let kind = RoundtripReencoder.export_kind(export.kind)?;
            rewritten.export(export.name, kind, export.index);
        }
    }
    Ok(rewritten)
}

fn exported_globals(module: &[u8]) -> Result<BTreeMap<u32, String>, Error> {
    let mut names = BTreeMap::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ExportSection(section) = payload? {
            for export in section {
                let export = export?;
                if export.kind == ExternalKind::Global {
                    names.insert(export.index, export.name.to_owned());
                }
            }
        }
    }
    Ok(names)
}

/// Passive segments could have been dropped, which no snapshot shows.
fn check_data(section: DataSectionReader<'_>) -> Result<(), Error> {
    for segment in section {
        if let DataKind::Passive = segment?.kind {
            return Err(Error::Unsupported("it has passive data segments".to_owned()));
        }
    }
    Ok(())
}

/// Checks that all state is the module's own, and counts the imported globals.
fn check_imports(section: wasmparser::ImportSectionReader<'_>) -> Result<u32, Error> {
    let mut globals = 0;
    for import in section.into_imports() {
        let import = import?;
        match import.ty {
            wasmparser::TypeRef::Memory(_) | wasmparser::TypeRef::Table(_) => {
                let name = import.name;
                return Err(Error::Unsupported(format!("its memory or table `{name}` is imported")));
            }
            wasmparser::TypeRef::Global(_) => globals += 1,
            _ => {}
        }
    }
    Ok(globals)
}
