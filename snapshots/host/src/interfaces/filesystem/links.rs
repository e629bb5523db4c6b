//! Links, of which there are none.

use crate::Host;
use crate::files::Code;
use crate::guest::{Block, Guest};
use wasmtime::{Caller, Result};

/// `link-at`: this file system has no links.
#[expect(clippy::too_many_arguments, reason = "the canonical ABI flattens them")]
pub(crate) fn link_at(
    caller: Caller<'_, Host>,
    _descriptor: u32,
    _path_flags: u32,
    _address: u32,
    _length: u32,
    _new_descriptor: u32,
    _new_address: u32,
    _new_length: u32,
    result: u32,
) -> Result<()> {
    Block::<2>::error(1, Code::Unsupported as u8).store(&mut Guest(caller), result)
}

/// `symlink-at`: this file system has no links.
pub(crate) fn symlink_at(
    caller: Caller<'_, Host>,
    _descriptor: u32,
    _address: u32,
    _length: u32,
    _new_address: u32,
    _new_length: u32,
    result: u32,
) -> Result<()> {
    Block::<2>::error(1, Code::Unsupported as u8).store(&mut Guest(caller), result)
}

/// `readlink-at: func(path: string) -> result<string, error-code>`: nothing is a link.
pub(crate) fn readlink_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let code = host
        .files
        .resolve(folder, &path)
        .map_or_else(|code| code, |_| Code::Invalid);
    Block::<12>::error(4, code as u8).store(&mut guest, result)
}
