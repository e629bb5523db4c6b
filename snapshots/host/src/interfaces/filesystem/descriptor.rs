//! What is asked of an open file or folder.

use super::{readable_file, type_of, writable_file};
use crate::Host;
use crate::files::Code;
use crate::guest::{Block, Guest};
use crate::interfaces::io;
use wasmtime::{Caller, Result};

/// `get-flags: func() -> result<descriptor-flags, error-code>`
pub(crate) fn get_flags(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let (_, flags) = guest.host().handles.descriptor(descriptor)?;
    Block::<2>::new().byte(1, flags).store(&mut guest, result)
}

/// `get-type: func() -> result<descriptor-type, error-code>`
pub(crate) fn get_type(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, _) = host.handles.descriptor(descriptor)?;
    let kind = type_of(&host.files, node);
    Block::<2>::new().byte(1, kind).store(&mut guest, result)
}

/// `is-same-object: func(other: borrow<descriptor>) -> bool`
pub(crate) fn is_same_object(caller: Caller<'_, Host>, descriptor: u32, other: u32) -> Result<u32> {
    let mut guest = Guest(caller);
    let handles = &mut guest.host().handles;
    let same = handles.descriptor(descriptor)?.0 == handles.descriptor(other)?.0;
    Ok(u32::from(same))
}

/// `read: func(length, offset: filesize) -> result<tuple<list<u8>, bool>, error-code>`
pub(crate) fn read(caller: Caller<'_, Host>, descriptor: u32, length: u64, offset: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, _) = host.handles.descriptor(descriptor)?;
    if let Err(code) = readable_file(&host.files, node) {
        return Block::<16>::error(4, code as u8).store(&mut guest, result);
    }
    let bytes = host.files.bytes(node, offset, length)?.to_vec();
    let at_end = offset + bytes.len() as u64 >= host.files.size(node);
    let list = guest.give(&bytes)?;
    Block::<16>::new()
        .list(4, list)
        .byte(12, u8::from(at_end))
        .store(&mut guest, result)
}

/// `write: func(buffer: list<u8>, offset: filesize) -> result<filesize, error-code>`
pub(crate) fn write(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    offset: u64,
    result: u32,
) -> Result<()> {
    let mut guest = Guest(caller);
    let (bytes, host) = guest.bytes(address, length)?;
    let (node, flags) = host.handles.descriptor(descriptor)?;
    let block = match writable_file(flags) {
        Ok(()) => {
            io::overwrite(host.files.edit(node)?, offset, bytes)?;
            Block::<16>::new().long(8, u64::from(length))
        }
        Err(code) => Block::error(8, code as u8),
    };
    block.store(&mut guest, result)
}

/// `set-size: func(size: filesize) -> result<_, error-code>`
pub(crate) fn set_size(caller: Caller<'_, Host>, descriptor: u32, size: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, flags) = host.handles.descriptor(descriptor)?;
    let block = match writable_file(flags) {
        Ok(()) if size <= u64::from(u32::MAX) => {
            host.files.edit(node)?.resize(size as usize, 0);
            Block::<2>::new()
        }
        Ok(()) => Block::error(1, Code::Invalid as u8),
        Err(code) => Block::error(1, code as u8),
    };
    block.store(&mut guest, result)
}

/// `advise: func(offset, length: filesize, advice) -> result<_, error-code>`
pub(crate) fn advise(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _offset: u64,
    _length: u64,
    _advice: u32,
    result: u32,
) -> Result<()> {
    accept(caller, descriptor, result)
}

/// `sync` and `sync-data: func() -> result<_, error-code>`
pub(crate) fn sync(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    accept(caller, descriptor, result)
}

/// `set-times: func(access, modification: new-timestamp) -> result<_, error-code>`
#[expect(clippy::too_many_arguments, reason = "the canonical ABI flattens them")]
pub(crate) fn set_times(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _access: u32,
    _access_seconds: u64,
    _access_nanoseconds: u32,
    _modification: u32,
    _modification_seconds: u64,
    _modification_nanoseconds: u32,
    result: u32,
) -> Result<()> {
    accept(caller, descriptor, result)
}

/// `advise`, `sync`, `sync-data`, `set-times`: accepted, without effect.
fn accept(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    guest.host().handles.descriptor(descriptor)?;
    Block::<2>::new().store(&mut guest, result)
}
