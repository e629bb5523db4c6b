//! The digests of all files of a release, as `sha256sum --check` reads them.

use crate::Error;
use ampoule_action::{Digest, read_folder, read_text, write_atomically};
use std::collections::BTreeMap;
use std::path::Path;

/// The file's name.
pub const NAME: &str = "SHA256SUMS";

/// Writes the digests of all files in a folder; gives the files' names, the new one among them.
///
/// # Errors
/// When a file cannot be read or the digests cannot be written.
pub fn write(folder: &Path) -> Result<Vec<String>, Error> {
    let mut names = files(folder)?;
    let mut text = String::new();
    for name in &names {
        let digest = Digest::of_file(&folder.join(name))?;
        text.push_str(&format!("{}  {name}\n", digest.hexadecimal()));
    }
    write_atomically(&folder.join(NAME), text.as_bytes())?;
    names.push(NAME.to_string());
    Ok(names)
}

/// The digests that are listed in a folder, by file name.
///
/// # Errors
/// When there is no list.
pub fn read(folder: &Path) -> Result<BTreeMap<String, String>, Error> {
    let text = read_text(&folder.join(NAME))?;
    let lines = text.lines().filter_map(|line| line.split_once("  "));
    Ok(lines
        .map(|(digest, name)| (name.to_string(), digest.to_string()))
        .collect())
}

/// The names of the files in a folder, in order.
///
/// # Errors
/// When the folder cannot be read.
pub fn files(folder: &Path) -> Result<Vec<String>, Error> {
    let names = read_folder(folder)?.into_iter().map(|path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    });
    Ok(names.collect())
}
