//! `wasi:filesystem` over the configuration's tree. There are no symbolic links, and all times are the same.

use crate::Host;
use crate::files::{Code, Files, Located, Node};
use crate::guest::{Block, Guest, Part};
use crate::handles::{Destination, Resource, unknown};
use crate::host::EPOCH_SECONDS;
use sha2::{Digest, Sha256};
use wasmtime::{Caller, Result};

const TYPE_FOLDER: u8 = 3;
const TYPE_FILE: u8 = 6;

const FLAG_READ: u8 = 1;
const FLAG_WRITE: u8 = 2;
const FLAG_MUTATE: u8 = 32;

const OPEN_CREATE: u32 = 1;
const OPEN_DIRECTORY: u32 = 2;
const OPEN_EXCLUSIVE: u32 = 4;
const OPEN_TRUNCATE: u32 = 8;

/// `get-directories: func() -> list<tuple<descriptor, string>>`: the tree is mounted at `/`.
pub(crate) fn get_directories(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let host = guest.host();
    let mutate = if host.files.is_writable() { FLAG_MUTATE } else { 0 };
    let root = host.handles.insert(Resource::Descriptor {
        node: Files::ROOT,
        flags: FLAG_READ | mutate,
    });
    let list = guest.give_entries(&[vec![Part::Number(root), Part::Text("/")]])?;
    Block::<8>::new().list(0, list).store(&mut guest, result)
}

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

/// `advise`, `sync`, `sync-data`, `set-times`: accepted, without effect.
fn accept(caller: Caller<'_, Host>, descriptor: u32, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    guest.host().handles.descriptor(descriptor)?;
    Block::<2>::new().store(&mut guest, result)
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
            super::io::overwrite(host.files.edit(node)?, offset, bytes)?;
            Block::<16>::new().long(8, u64::from(length))
        }
        Err(code) => Block::error(8, code as u8),
    };
    block.store(&mut guest, result)
}

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
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let block = match host.files.resolve(folder, &path) {
        Ok(node) => status(&host.files, node),
        Err(code) => Block::error(8, code as u8),
    };
    block.store(&mut guest, result)
}

/// The `descriptor-stat` of a file or folder: one link, and the same fixed time three times.
fn status(files: &Files, node: Node) -> Block<104> {
    let mut block = Block::new()
        .byte(8, type_of(files, node))
        .long(16, 1)
        .long(24, files.size(node));
    for time in [32, 56, 80] {
        block = block.byte(time, 1).long(time + 8, EPOCH_SECONDS);
    }
    block
}

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

/// `is-same-object: func(other: borrow<descriptor>) -> bool`
pub(crate) fn is_same_object(caller: Caller<'_, Host>, descriptor: u32, other: u32) -> Result<u32> {
    let mut guest = Guest(caller);
    let handles = &mut guest.host().handles;
    let same = handles.descriptor(descriptor)?.0 == handles.descriptor(other)?.0;
    Ok(u32::from(same))
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
    let mut guest = Guest(caller);
    let path = guest.text(address, length)?;
    let host = guest.host();
    let (folder, _) = host.handles.descriptor(descriptor)?;
    let block = match host.files.resolve(folder, &path) {
        Ok(node) => identity(host.files.path(node)),
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

/// `filesystem-error-code: func(err: borrow<error>) -> option<error-code>`
pub(crate) fn filesystem_error_code(caller: Caller<'_, Host>, _error: u32, result: u32) -> Result<()> {
    Block::<2>::new().store(&mut Guest(caller), result)
}

fn type_of(files: &Files, node: Node) -> u8 {
    match files.is_folder(node) {
        true => TYPE_FOLDER,
        false => TYPE_FILE,
    }
}

fn readable_file(files: &Files, node: Node) -> Result<(), Code> {
    match files.is_folder(node) {
        true => Err(Code::IsDirectory),
        false => Ok(()),
    }
}

fn writable_file(flags: u8) -> Result<(), Code> {
    match flags & FLAG_WRITE {
        0 => Err(Code::BadDescriptor),
        _ => Ok(()),
    }
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

    #[test]
    fn opening_respects_its_flags() {
        let mut files = files();
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

    #[test]
    fn folders_are_listed_in_order_and_files_known_by_their_paths() {
        let files = files();
        let names: Vec<String> = files
            .children(node(&files, "a"))
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["one", "two"]);
        let path = files.path(node(&files, "a/one"));
        assert_eq!(path, "/a/one");
    }
}
