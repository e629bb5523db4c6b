//! Entries of a zip.

use crate::Cause;
use crate::tree::Tree;
use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;

/// The longest target that a symbolic link may have.
const LINK_BYTES: u64 = 4096;

pub(crate) fn read(file: File, tree: &mut Tree) -> Result<(), Cause> {
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(Cause::damaged)?;
    if archive.has_duplicate_names() {
        return Err(Cause::Refused("two of its entries have the same path".to_string()));
    }
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(Cause::damaged)?;
        let name = entry.name_raw().to_vec();
        let mode = entry.unix_mode().unwrap_or(0o644);
        if entry.is_dir() {
            tree.folder(&name)?;
        } else if entry.is_symlink() {
            let mut target = Vec::new();
            let mut content = entry.by_ref().take(LINK_BYTES);
            content.read_to_end(&mut target).map_err(Cause::damaged)?;
            tree.link(&name, &target)?;
        } else if is_file(mode) {
            tree.file(&name, mode & 0o111 != 0, entry.size(), entry)?;
        } else {
            tree.other(&name, "a device")?;
        }
    }
    Ok(())
}

/// Whether the file type of a Unix mode is a regular file, or is not given.
fn is_file(mode: u32) -> bool {
    matches!(mode & 0o170_000, 0 | 0o100_000)
}
