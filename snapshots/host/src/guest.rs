//! Access to the calling program's memory, as the canonical ABI lays it out.

use crate::Host;
use wasmtime::{Caller, Error, Memory, Result};

/// The program that called an imported function.
pub(crate) struct Guest<'a>(pub(crate) Caller<'a, Host>);

impl Guest<'_> {
    /// The host's state.
    pub(crate) fn host(&mut self) -> &mut Host {
        self.0.data_mut()
    }

    fn memory(&mut self) -> Result<Memory> {
        if let Some(memory) = self.0.data().memory {
            return Ok(memory);
        }
        let memory = self
            .0
            .get_export("memory")
            .and_then(|export| export.into_memory())
            .ok_or_else(|| Error::msg("the program does not export its memory"))?;
        self.0.data_mut().memory = Some(memory);
        Ok(memory)
    }

    /// The bytes at an address, and the host's state beside them.
    pub(crate) fn bytes(&mut self, address: u32, length: u32) -> Result<(&[u8], &mut Host)> {
        let memory = self.memory()?;
        let (bytes, host) = memory.data_and_store_mut(&mut self.0);
        let start = address as usize;
        let range = bytes.get(start..start + length as usize).ok_or_else(outside)?;
        Ok((range, host))
    }

    /// The text at an address.
    pub(crate) fn text(&mut self, address: u32, length: u32) -> Result<String> {
        let (bytes, _) = self.bytes(address, length)?;
        Ok(std::str::from_utf8(bytes)?.to_owned())
    }

    /// Writes bytes to an address.
    pub(crate) fn write(&mut self, address: u32, bytes: &[u8]) -> Result<()> {
        let memory = self.memory()?;
        memory
            .write(&mut self.0, address as usize, bytes)
            .map_err(|_| outside())
    }

    /// Allocates room in the program's memory by its own `cabi_realloc`.
    pub(crate) fn allocate(&mut self, length: usize, alignment: u32) -> Result<u32> {
        if length == 0 {
            return Ok(alignment);
        }
        if self.0.data().reallocate.is_none() {
            let function = self
                .0
                .get_export("cabi_realloc")
                .and_then(|export| export.into_func())
                .ok_or_else(|| Error::msg("the program does not export `cabi_realloc`"))?;
            let function = function.typed(&self.0)?;
            self.0.data_mut().reallocate = Some(function);
        }
        let reallocate = self.0.data().reallocate.clone();
        let reallocate = reallocate.ok_or_else(|| Error::msg("no allocator"))?;
        reallocate.call(&mut self.0, (0, 0, alignment, u32::try_from(length)?))
    }

    /// Copies bytes into newly allocated room: address and length, as a list or a string is passed.
    pub(crate) fn give(&mut self, bytes: &[u8]) -> Result<(u32, u32)> {
        let address = self.allocate(bytes.len(), 1)?;
        self.write(address, bytes)?;
        Ok((address, bytes.len() as u32))
    }

    /// Copies a list of strings and whatever precedes each of them in its entry.
    pub(crate) fn give_entries(&mut self, entries: &[Vec<Part<'_>>]) -> Result<(u32, u32)> {
        let mut encoded = Vec::new();
        for part in entries.iter().flatten() {
            match part {
                Part::Number(number) => encoded.extend_from_slice(&number.to_le_bytes()),
                Part::Text(text) => {
                    let (address, length) = self.give(text.as_bytes())?;
                    encoded.extend_from_slice(&address.to_le_bytes());
                    encoded.extend_from_slice(&length.to_le_bytes());
                }
            }
        }
        let address = self.allocate(encoded.len(), 4)?;
        self.write(address, &encoded)?;
        Ok((address, entries.len() as u32))
    }
}

/// A field of a list's entry.
pub(crate) enum Part<'a> {
    /// A `u32` or a handle.
    Number(u32),
    /// A string.
    Text(&'a str),
}

/// A record under construction: zeros, into which fields are put at their offsets.
pub(crate) struct Block<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Block<SIZE> {
    /// A block of zeros, which reads as `ok` of an empty result.
    pub(crate) fn new() -> Self {
        Block([0; SIZE])
    }

    /// A block that reads as `err` with a code at an offset.
    pub(crate) fn error(offset: usize, code: u8) -> Self {
        Block::new().byte(0, 1).byte(offset, code)
    }

    /// Puts a byte.
    pub(crate) fn byte(mut self, offset: usize, value: u8) -> Self {
        self.0[offset] = value;
        self
    }

    /// Puts a `u32`.
    pub(crate) fn word(mut self, offset: usize, value: u32) -> Self {
        self.0[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
        self
    }

    /// Puts a `u64`.
    pub(crate) fn long(mut self, offset: usize, value: u64) -> Self {
        self.0[offset..offset + 8].copy_from_slice(&value.to_le_bytes());
        self
    }

    /// Puts address and length of a list or a string.
    pub(crate) fn list(self, offset: usize, (address, length): (u32, u32)) -> Self {
        self.word(offset, address).word(offset + 4, length)
    }

    /// Writes the block into the program's memory.
    pub(crate) fn store(self, guest: &mut Guest<'_>, address: u32) -> Result<()> {
        guest.write(address, &self.0)
    }
}

fn outside() -> Error {
    Error::msg("the program passed an address outside of its memory")
}
