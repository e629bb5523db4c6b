//! `wasi:io`: streams and polling. Streams are always ready; timers make the clock run on.

use crate::Host;
use crate::guest::{Block, Guest};
use crate::handles::{Destination, Resource, unknown};
use wasmtime::{Caller, Error, Result};

/// How much one call reads or writes at most: it bounds what the program allocates for it.
const CHUNK: u64 = 256 << 10;

/// The case `closed` of `stream-error`.
const CLOSED: u8 = 1;

/// `[method]error.to-debug-string`: this host never makes an error of its own.
pub(crate) fn error_to_debug_string(caller: Caller<'_, Host>, _error: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let list = guest.give(b"error")?;
    Block::<8>::new().list(0, list).store(&mut guest, result)
}

/// `[method]input-stream.read`, and the blocking one.
pub(crate) fn read(caller: Caller<'_, Host>, stream: u32, length: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let chunk = next_chunk(guest.host(), stream, length)?;
    if chunk.is_empty() && length > 0 {
        return Block::<12>::error(4, CLOSED).store(&mut guest, result);
    }
    let list = guest.give(&chunk)?;
    Block::<12>::new().list(4, list).store(&mut guest, result)
}

/// `[method]input-stream.skip`, and the blocking one.
pub(crate) fn skip(caller: Caller<'_, Host>, stream: u32, length: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let skipped = next_chunk(guest.host(), stream, length)?.len() as u64;
    if skipped == 0 && length > 0 {
        return Block::<16>::error(8, CLOSED).store(&mut guest, result);
    }
    Block::<16>::new().long(8, skipped).store(&mut guest, result)
}

fn next_chunk(host: &mut Host, stream: u32, length: u64) -> Result<Vec<u8>> {
    let Resource::Input(source) = host.handles.get(stream)? else {
        return Err(unknown(stream));
    };
    let Some((node, offset)) = source else {
        return Ok(Vec::new());
    };
    let chunk = host.files.bytes(*node, *offset, length.min(CHUNK))?.to_vec();
    *offset += chunk.len() as u64;
    Ok(chunk)
}

/// `[method]input-stream.subscribe` and `[method]output-stream.subscribe`.
pub(crate) fn subscribe(caller: Caller<'_, Host>, stream: u32) -> Result<u32> {
    let mut guest = Guest(caller);
    guest.host().handles.get(stream)?;
    let pollable = Resource::Pollable { ready_at: 0 };
    Ok(guest.host().handles.insert(pollable))
}

/// `[method]output-stream.check-write`
pub(crate) fn check_write(caller: Caller<'_, Host>, stream: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    guest.host().handles.get(stream)?;
    Block::<16>::new().long(8, CHUNK).store(&mut guest, result)
}

/// `[method]output-stream.write`, and the blocking one that flushes.
pub(crate) fn write(caller: Caller<'_, Host>, stream: u32, address: u32, length: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let (bytes, host) = guest.bytes(address, length)?;
    write_to(host, stream, bytes)?;
    Block::<12>::new().store(&mut guest, result)
}

/// `[method]output-stream.write-zeroes`, and the blocking one that flushes.
pub(crate) fn write_zeroes(caller: Caller<'_, Host>, stream: u32, length: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    if length > CHUNK {
        return Err(Error::msg("the program wrote more than it may at once"));
    }
    write_to(guest.host(), stream, &vec![0; length as usize])?;
    Block::<12>::new().store(&mut guest, result)
}

/// `[method]output-stream.splice`, and the blocking one.
pub(crate) fn splice(caller: Caller<'_, Host>, stream: u32, source: u32, length: u64, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let chunk = next_chunk(guest.host(), source, length)?;
    if chunk.is_empty() && length > 0 {
        return Block::<16>::error(8, CLOSED).store(&mut guest, result);
    }
    write_to(guest.host(), stream, &chunk)?;
    Block::<16>::new().long(8, chunk.len() as u64).store(&mut guest, result)
}

/// `[method]output-stream.flush`, and the blocking one: nothing is ever held back.
pub(crate) fn flush(caller: Caller<'_, Host>, stream: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    guest.host().handles.get(stream)?;
    Block::<12>::new().store(&mut guest, result)
}

fn write_to(host: &mut Host, stream: u32, bytes: &[u8]) -> Result<()> {
    let Resource::Output(destination) = host.handles.get(stream)? else {
        return Err(unknown(stream));
    };
    match destination {
        Destination::Stdout => (host.stdout)(bytes),
        Destination::Stderr => (host.stderr)(bytes),
        Destination::Append(node) => host.files.edit(*node)?.extend_from_slice(bytes),
        Destination::File(node, offset) => {
            overwrite(host.files.edit(*node)?, *offset, bytes)?;
            *offset += bytes.len() as u64;
        }
    }
    Ok(())
}

/// Writes into a file at an offset; a gap before it reads as zeros.
pub(crate) fn overwrite(file: &mut Vec<u8>, offset: u64, bytes: &[u8]) -> Result<()> {
    let start = usize::try_from(offset)?;
    let end = start
        .checked_add(bytes.len())
        .filter(|end| *end <= u32::MAX as usize)
        .ok_or_else(|| Error::msg("the program wrote a file of over 4 GiB"))?;
    if file.len() < end {
        file.resize(end, 0);
    }
    file[start..end].copy_from_slice(bytes);
    Ok(())
}

/// `[method]pollable.ready`
pub(crate) fn ready(caller: Caller<'_, Host>, pollable: u32) -> Result<u32> {
    let mut guest = Guest(caller);
    let instant = ready_at(guest.host(), pollable)?;
    Ok(u32::from(guest.host().has_come(instant)))
}

/// `[method]pollable.block`
pub(crate) fn block(caller: Caller<'_, Host>, pollable: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let instant = ready_at(guest.host(), pollable)?;
    guest.host().wait_until(instant);
    Ok(())
}

/// `poll: func(in: list<borrow<pollable>>) -> list<u32>`: what is ready, or else what is ready first.
pub(crate) fn poll(caller: Caller<'_, Host>, address: u32, length: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let (bytes, host) = guest.bytes(address, length.saturating_mul(4))?;
    let instants = bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|handle| ready_at(host, u32::from_le_bytes(*handle)))
        .collect::<Result<Vec<u64>>>()?;
    let first = instants.iter().min().copied();
    host.wait_until(first.ok_or_else(|| Error::msg("the program polled nothing"))?);
    let ready: Vec<u8> = (0u32..)
        .zip(&instants)
        .filter(|(_, instant)| host.has_come(**instant))
        .flat_map(|(index, _)| index.to_le_bytes())
        .collect();
    let list = guest.allocate(ready.len(), 4)?;
    guest.write(list, &ready)?;
    Block::<8>::new()
        .list(0, (list, ready.len() as u32 / 4))
        .store(&mut guest, result)
}

fn ready_at(host: &mut Host, pollable: u32) -> Result<u64> {
    match host.handles.get(pollable)? {
        Resource::Pollable { ready_at } => Ok(*ready_at),
        _ => Err(unknown(pollable)),
    }
}
