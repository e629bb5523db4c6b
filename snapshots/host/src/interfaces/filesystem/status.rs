//! What a file or folder is, and by what it is known.

use super::type_of;
use crate::Host;
use crate::files::{Files, Node};
use crate::guest::{Block, Guest};
use crate::host::EPOCH_SECONDS;
use sha2::{Digest, Sha256};
use wasmtime::{Caller, Result};

/// `stat: func() -> result<descriptor-stat, error-code>`
pub(crate) fn stat(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, _) = host.handles.descriptor(descriptor)?;
    status(&host.files, node).store(&mut guest, result)
}

/// `stat-at: func(path-flags, path: string) -> result<descriptor-stat, error-code>`
pub(crate) fn stat_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _path_flags: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    at(caller, descriptor, (address, length), result, status)
}

/// The `descriptor-stat` of a file or folder: one link, and the same time three times.
fn status(files: &Files, node: Node) -> Block<104> {
    let mut block = Block::new()
        .byte(8, type_of(files, node))
        .long(16, 1)
        .long(24, files.size(node));
    let nanoseconds = files.nanoseconds(node);
    for time in [32, 56, 80] {
        block = block
            .byte(time, 1)
            .long(time + 8, EPOCH_SECONDS)
            .word(time + 16, nanoseconds);
    }
    block
}

/// `metadata-hash: func() -> result<metadata-hash-value, error-code>`
pub(crate) fn metadata_hash(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let (node, _) = host.handles.descriptor(descriptor)?;
    identity(host.files.path(node)).store(&mut guest, result)
}

/// `metadata-hash-at: func(path-flags, path: string) -> result<metadata-hash-value, error-code>`
pub(crate) fn metadata_hash_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _path_flags: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    at(caller, descriptor, (address, length), result, |files, node| {
        identity(files.path(node))
    })
}

/// What is said of the node at a path.
fn at<const SIZE: usize>(
    caller: Caller<'_, Host>,
    descriptor: u32,
    (address, length): (u32, u32),
    result: u32,
    say: impl FnOnce(&Files, Node) -> Block<SIZE>,
) -> Result<()> {
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let block = match host.files.resolve(folder, &path) {
        Ok(node) => say(&host.files, node),
        Err(code) => Block::error(8, code as u8),
    };
    block.store(&mut guest, result)
}

/// A file's identity comes from its path alone: the program may keep it, as an inode number.
fn identity(path: &str) -> Block<24> {
    let digest = Sha256::digest(path.as_bytes());
    let half = |start: usize| {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest[start..start + 8]);
        u64::from_le_bytes(bytes)
    };
    Block::new().long(8, half(0)).long(16, half(8))
}
