//! Streams from files and folders.

use super::{readable_file, type_of, writable_file};
use crate::Host;
use crate::files::{Code, Files, Node};
use crate::guest::{Block, Guest};
use crate::handles::{Destination, Resource, unknown};
use wasmtime::{Caller, Result};

/// `read-via-stream: func(offset: filesize) -> result<input-stream, error-code>`
pub(crate) fn read_via_stream(caller: Caller<'_, Host>, descriptor: u32, offset: u64, result: u32) -> Result<()> {
    new_handle(caller, descriptor, result, |files, node, _| {
        readable_file(files, node)?;
        Ok(Resource::Input(Some((node, offset))))
    })
}

/// `write-via-stream: func(offset: filesize) -> result<output-stream, error-code>`
pub(crate) fn write_via_stream(caller: Caller<'_, Host>, descriptor: u32, offset: u64, result: u32) -> Result<()> {
    new_handle(caller, descriptor, result, |_, node, flags| {
        writable_file(flags)?;
        Ok(Resource::Output(Destination::File(node, offset)))
    })
}

/// `append-via-stream: func() -> result<output-stream, error-code>`
pub(crate) fn append_via_stream(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    new_handle(caller, descriptor, result, |_, node, flags| {
        writable_file(flags)?;
        Ok(Resource::Output(Destination::Append(node)))
    })
}

/// `read-directory: func() -> result<directory-entry-stream, error-code>`
pub(crate) fn read_directory(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    new_handle(caller, descriptor, result, |files, node, _| {
        Ok(Resource::Entries(files.children(node)?.into_iter()))
    })
}

/// `read-directory-entry: func() -> result<option<directory-entry>, error-code>`
pub(crate) fn read_directory_entry(caller: Caller<'_, Host>, stream: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let Resource::Entries(entries) = host.handles.get(stream)? else {
        return Err(unknown(stream));
    };
    let Some((name, node)) = entries.next() else {
        return Block::<20>::new().store(&mut guest, result);
    };
    let kind = type_of(&host.files, node);
    let text = guest.give(name.as_bytes())?;
    Block::<20>::new()
        .byte(4, 1)
        .byte(8, kind)
        .list(12, text)
        .store(&mut guest, result)
}

/// Makes a resource out of an open file or folder, and gives its handle.
fn new_handle(
    caller: Caller<'_, Host>,
    descriptor: u32,
    result: u32,
    make: impl FnOnce(&Files, Node, u8) -> Result<Resource, Code>,
) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, flags) = host.handles.descriptor(descriptor)?;
    let block = match make(&host.files, node, flags) {
        Ok(resource) => Block::<8>::new().word(4, host.handles.insert(resource)),
        Err(code) => Block::error(4, code as u8),
    };
    block.store(&mut guest, result)
}
