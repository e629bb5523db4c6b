//! Changes of the tree.

use crate::Host;
use crate::files::{Code, Files, Located, Node};
use crate::guest::{Block, Guest};
use wasmtime::{Caller, Result};

/// `create-directory-at: func(path: string) -> result<_, error-code>`
pub(crate) fn create_directory_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    change_at(
        caller,
        descriptor,
        (address, length),
        result,
        |files, located| match located {
            Located::There(_) => Err(Code::Exists),
            Located::Missing { folder, name } => {
                files.create_folder(folder, name);
                Ok(())
            }
        },
    )
}

/// `unlink-file-at: func(path: string) -> result<_, error-code>`
pub(crate) fn unlink_file_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    change_at(
        caller,
        descriptor,
        (address, length),
        result,
        |files, located| match located {
            Located::Missing { .. } => Err(Code::NoEntry),
            Located::There(node) if files.is_folder(node) => Err(Code::IsDirectory),
            Located::There(node) => files.detach(node),
        },
    )
}

/// `remove-directory-at: func(path: string) -> result<_, error-code>`
pub(crate) fn remove_directory_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    result: u32,
) -> Result<()> {
    change_at(
        caller,
        descriptor,
        (address, length),
        result,
        |files, located| match located {
            Located::Missing { .. } => Err(Code::NoEntry),
            Located::There(node) if !files.is_folder(node) => Err(Code::NotDirectory),
            Located::There(node) if !files.is_empty(node) => Err(Code::NotEmpty),
            Located::There(node) => files.detach(node),
        },
    )
}

/// `rename-at: func(old-path: string, new-descriptor, new-path: string) -> result<_, error-code>`
#[expect(clippy::too_many_arguments, reason = "the canonical ABI flattens them")]
pub(crate) fn rename_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    address: u32,
    length: u32,
    new_descriptor: u32,
    new_address: u32,
    new_length: u32,
    result: u32,
) -> Result<()> {
    let mut guest = Guest(caller);
    let new_path = guest.text(new_address, new_length)?;
    let (new_folder, _) = guest.host().handles.descriptor(new_descriptor)?;
    change_at(guest.0, descriptor, (address, length), result, |files, located| {
        let Located::There(node) = located else {
            return Err(Code::NoEntry);
        };
        rename(files, node, new_folder, &new_path)
    })
}

fn rename(files: &mut Files, node: Node, new_folder: Node, new_path: &str) -> Result<(), Code> {
    let source = files.path(node).to_owned();
    match files.locate(new_folder, new_path)? {
        Located::There(other) if other == node => Ok(()),
        Located::There(other) if files.is_folder(other) || files.is_folder(node) => Err(Code::Exists),
        Located::There(other) => {
            let (path, folder) = (files.path(other).to_owned(), files.parent(other));
            let name = path.rsplit_once('/').map_or("", |(_, name)| name);
            files.detach(other)?;
            files.detach(node)?;
            files.attach(node, folder, name);
            Ok(())
        }
        Located::Missing { folder, .. }
            if files.path(folder) == source || files.path(folder).starts_with(&format!("{source}/")) =>
        {
            Err(Code::Invalid)
        }
        Located::Missing { folder, name } => {
            files.detach(node)?;
            files.attach(node, folder, name);
            Ok(())
        }
    }
}

/// `set-times-at`, as `set-times`.
#[expect(clippy::too_many_arguments, reason = "the canonical ABI flattens them")]
pub(crate) fn set_times_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    _path_flags: u32,
    address: u32,
    length: u32,
    _access: u32,
    _access_seconds: u64,
    _access_nanoseconds: u32,
    _modification: u32,
    _modification_seconds: u64,
    _modification_nanoseconds: u32,
    result: u32,
) -> Result<()> {
    change_at(
        caller,
        descriptor,
        (address, length),
        result,
        |files, located| match located {
            Located::There(_) if files.is_writable() => Ok(()),
            Located::There(_) => Err(Code::ReadOnly),
            Located::Missing { .. } => Err(Code::NoEntry),
        },
    )
}

/// A change of the tree at a path, which an unchangeable tree refuses.
fn change_at(
    caller: Caller<'_, Host>,
    descriptor: u32,
    (address, length): (u32, u32),
    result: u32,
    change: impl FnOnce(&mut Files, Located<'_>) -> Result<(), Code>,
) -> Result<()> {
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let outcome = host
        .files
        .locate(folder, &path)
        .and_then(|located| match host.files.is_writable() {
            true => change(&mut host.files, located),
            false => Err(Code::ReadOnly),
        });
    let block = match outcome {
        Ok(()) => Block::<2>::new(),
        Err(code) => Block::error(1, code as u8),
    };
    block.store(&mut guest, result)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Files {
        let mut files = Files::new().writable();
        files.add("/a/one", "1").unwrap();
        files.add("/a/two", "2").unwrap();
        files.add("/b/deep/three", "3").unwrap();
        files
    }

    fn node(files: &Files, path: &str) -> Node {
        files.resolve(Files::ROOT, path).unwrap()
    }

    #[test]
    fn renaming_moves_and_replaces() {
        let mut files = files();
        let one = node(&files, "a/one");
        rename(&mut files, one, Files::ROOT, "a/two").unwrap();
        assert_eq!(files.paths(), ["/a/two", "/b/deep/three"]);
        assert_eq!(files.bytes(one, 0, 9).unwrap(), b"1");
        let deep = node(&files, "b/deep");
        rename(&mut files, deep, Files::ROOT, "a/moved").unwrap();
        assert_eq!(files.paths(), ["/a/moved/three", "/a/two"]);
        assert_eq!(files.path(node(&files, "a/moved/three")), "/a/moved/three");
    }

    #[test]
    fn a_folder_does_not_move_into_itself() {
        let mut files = files();
        let folder = node(&files, "b");
        assert_eq!(rename(&mut files, folder, Files::ROOT, "b/deep/b"), Err(Code::Invalid));
        assert_eq!(rename(&mut files, folder, Files::ROOT, "a"), Err(Code::Exists));
        assert_eq!(rename(&mut files, folder, Files::ROOT, "b"), Ok(()));
    }
}
