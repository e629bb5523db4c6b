//! Entries of a tar.

use crate::stream::Bounded;
use crate::tree::Tree;
use crate::{Cause, Limit};
use std::io::Read;
use tar::{Archive, Entry, EntryType};

pub(crate) fn read(stream: impl Read, limit: Limit, tree: &mut Tree) -> Result<(), Cause> {
    let mut archive = Archive::new(Bounded::new(stream, limit));
    for entry in archive.entries().map_err(Cause::damaged)? {
        add(entry.map_err(Cause::damaged)?, tree)?;
    }
    // What follows the last entry must be whole too: the compressed stream ends with a checksum.
    std::io::copy(&mut archive.into_inner(), &mut std::io::sink()).map_err(Cause::damaged)?;
    Ok(())
}

fn add<R: Read>(entry: Entry<R>, tree: &mut Tree) -> Result<(), Cause> {
    let name = entry.path_bytes().into_owned();
    let target = entry.link_name_bytes().map(|target| target.into_owned());
    let target = target.unwrap_or_default();
    let program = entry.header().mode().is_ok_and(|mode| mode & 0o111 != 0);
    match entry.header().entry_type() {
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => {
            let size = entry.size();
            tree.file(&name, program, size, entry)
        }
        EntryType::Directory => tree.folder(&name),
        EntryType::Symlink => tree.link(&name, &target),
        EntryType::Link => tree.hard_link(&name, &target),
        EntryType::XGlobalHeader => Ok(()),
        EntryType::Char | EntryType::Block => tree.other(&name, "a device"),
        EntryType::Fifo => tree.other(&name, "a pipe"),
        _ => tree.other(&name, "of an unknown kind"),
    }
}
