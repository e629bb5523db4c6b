//! A component's sections as they stand in the file (Component Model, "Binary Format").

use wasmparser::{BinaryReader, BinaryReaderError};

/// The magic number and the version.
pub(crate) const PREAMBLE: usize = 8;

/// A section of a component.
pub(crate) struct Section<'a> {
    /// What kind of section it is.
    pub(crate) id: u8,
    /// What follows id and size.
    pub(crate) content: &'a [u8],
    /// All of it.
    pub(crate) whole: &'a [u8],
}

impl<'a> Section<'a> {
    /// A reader of what is in it.
    pub(crate) fn reader(&self) -> BinaryReader<'a> {
        BinaryReader::new(self.content, 0)
    }
}

/// The sections of a component, in their order.
pub(crate) fn sections(component: &[u8]) -> Result<Vec<Section<'_>>, BinaryReaderError> {
    let mut reader = BinaryReader::new(&component[PREAMBLE..], 0);
    let mut sections = Vec::new();
    while !reader.eof() {
        let start = reader.current_position();
        let id = reader.read_u8()?;
        let size = reader.read_var_u32()? as usize;
        let content = reader.read_bytes(size)?;
        let whole = &component[PREAMBLE + start..PREAMBLE + reader.current_position()];
        sections.push(Section { id, content, whole });
    }
    Ok(sections)
}
