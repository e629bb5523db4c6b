//! `wasi:filesystem` over the configuration's tree. There are no symbolic links, and all times are the same.

mod change;
mod descriptor;
mod links;
mod open;
mod status;
mod streams;

pub(crate) use change::{create_directory_at, remove_directory_at, rename_at, set_times_at, unlink_file_at};
pub(crate) use descriptor::{advise, get_flags, get_type, is_same_object, read, set_size, set_times, sync, write};
pub(crate) use links::{link_at, readlink_at, symlink_at};
pub(crate) use open::open_at;
pub(crate) use status::{metadata_hash, metadata_hash_at, stat, stat_at};
pub(crate) use streams::{append_via_stream, read_directory, read_directory_entry, read_via_stream, write_via_stream};

use crate::Host;
use crate::files::{Code, Files, Node};
use crate::guest::{Block, Guest, Part};
use crate::handles::Resource;
use wasmtime::{Caller, Result};

const TYPE_FOLDER: u8 = 3;
const TYPE_FILE: u8 = 6;

const FLAG_READ: u8 = 1;
const FLAG_WRITE: u8 = 2;
const FLAG_MUTATE: u8 = 32;

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
