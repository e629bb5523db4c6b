//! Opening files and folders.

use super::{FLAG_MUTATE, FLAG_WRITE};
use crate::Host;
use crate::files::{Code, Files, Located, Node};
use crate::guest::{Block, Guest};
use crate::handles::Resource;
use wasmtime::{Caller, Result};

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_EXCLUSIVE: u32 = 4;
const OPEN_TRUNCATE: u32 = 8;

/// `open-at: func(path-flags, path: string, open-flags, descriptor-flags) -> result<descriptor, error-code>`
#[expect(clippy::too_many_arguments, reason = "the canonical ABI flattens them")]
pub(crate) fn open_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _path_flags: u32,
    address: u32,
    length: u32,
    open_flags: u32,
    flags: u32,
    result: u32,
) -> Result<()> {
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let flags = flags as u8;
    let block = match open(&mut host.files, folder, &path, open_flags, flags) {
        Ok(node) => {
            if open_flags & OPEN_TRUNCATE != 0 && !host.files.is_folder(node) {
                host.files.edit(node)?.clear();
            }
            let descriptor = Resource::Descriptor { node, flags };
            Block::<8>::new().word(4, host.handles.insert(descriptor))
        }
        Err(code) => Block::error(4, code as u8),
    };
    block.store(&mut guest, result)
}

fn open(files: &mut Files, folder: Node, path: &str, open_flags: u32, flags: u8) -> Result<Node, Code> {
    let changes = flags & (FLAG_WRITE | FLAG_MUTATE) != 0 || open_flags & OPEN_TRUNCATE != 0;
    match files.locate(folder, path)? {
        Located::There(_) if open_flags & OPEN_EXCLUSIVE != 0 => Err(Code::Exists),
        Located::There(node) if files.is_folder(node) => match flags & FLAG_WRITE {
            0 => Ok(node),
            _ => Err(Code::IsDirectory),
        },
        Located::There(_) if open_flags & OPEN_DIRECTORY != 0 => Err(Code::NotDirectory),
        Located::There(_) if changes && !files.is_writable() => Err(Code::ReadOnly),
        Located::There(node) => Ok(node),
        Located::Missing { .. } if open_flags & OPEN_CREATE == 0 => Err(Code::NoEntry),
        Located::Missing { .. } if !files.is_writable() => Err(Code::ReadOnly),
        Located::Missing { folder, name } => Ok(files.create_file(folder, name)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::FLAG_READ;
    use super::*;

    #[test]
    fn opening_respects_its_flags() {
        let mut files = Files::new().writable();
        files.add("/a/one", "1").unwrap();
        let mut open = |path, open_flags, flags| open(&mut files, Files::ROOT, path, open_flags, flags);
        assert!(open("a/one", 0, FLAG_READ).is_ok());
        assert_eq!(open("a/none", 0, FLAG_READ), Err(Code::NoEntry));
        assert_eq!(open("a", 0, FLAG_WRITE), Err(Code::IsDirectory));
        assert_eq!(open("a/one", OPEN_DIRECTORY, FLAG_READ), Err(Code::NotDirectory));
        assert_eq!(
            open("a/one", OPEN_CREATE | OPEN_EXCLUSIVE, FLAG_WRITE),
            Err(Code::Exists)
        );
        assert!(open("a/new", OPEN_CREATE, FLAG_WRITE).is_ok());
    }

    #[test]
    fn a_tree_that_cannot_change_opens_for_reading_only() {
        let mut files = Files::new();
        files.add("/one", "1").unwrap();
        let mut open = |path, open_flags, flags| open(&mut files, Files::ROOT, path, open_flags, flags);
        assert!(open("one", 0, FLAG_READ).is_ok());
        assert_eq!(open("one", 0, FLAG_WRITE), Err(Code::ReadOnly));
        assert_eq!(open("one", OPEN_TRUNCATE, FLAG_READ), Err(Code::ReadOnly));
        assert_eq!(open("new", OPEN_CREATE, FLAG_WRITE), Err(Code::ReadOnly));
    }
}
