//! Files: reading and writing with errors that name them.

use crate::FileError;
use crate::place::Place;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The content of a file.
///
/// # Errors
/// When it cannot be read; the error names the file.
pub fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    std::fs::read(path).map_err(FileError::reading(path))
}

/// The content of a file in UTF-8.
///
/// # Errors
/// When it cannot be read or is not UTF-8; the error names the file.
pub fn read_text(path: &Path) -> Result<String, FileError> {
    std::fs::read_to_string(path).map_err(FileError::reading(path))
}

/// The paths of what is in a folder, in the order of their names.
///
/// # Errors
/// When it cannot be read; the error names the folder.
pub fn read_folder(path: &Path) -> Result<Vec<PathBuf>, FileError> {
    let entries = std::fs::read_dir(path).map_err(FileError::reading(path))?;
    let paths = entries.map(|entry| Ok(entry?.path()));
    let mut paths: Vec<PathBuf> = paths
        .collect::<std::io::Result<_>>()
        .map_err(FileError::reading(path))?;
    paths.sort();
    Ok(paths)
}

/// Writes a file. Folders above it are made.
///
/// # Errors
/// When it cannot be written; the error names the file.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), FileError> {
    make_folder(folder_of(path))?;
    std::fs::write(path, content).map_err(FileError::writing(path))
}

/// Writes a file under a temporary name beside it, then renames it. Folders above it are made. A link stays, and what it leads to
/// is replaced; a device or a pipe is written to; `-` is standard output.
///
/// # Errors
/// When it cannot be written, or is a folder; nothing is left behind then.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let place = Place::of(path)?;
    place.check(false)?;
    match place {
        Place::Path(path) => replace(&path, content),
        stream => stream.pour(content),
    }
}

fn replace(path: &Path, content: &[u8]) -> Result<(), FileError> {
    let folder = folder_of(path);
    make_folder(folder)?;
    let persist = || {
        let mut file = tempfile::Builder::new().prefix(".ampoule-").tempfile_in(folder)?;
        file.write_all(content)?;
        set_mode(file.path(), 0o644)?;
        file.persist(path).map_err(std::io::Error::from)
    };
    persist().map(drop).map_err(FileError::writing(path))
}

/// Makes a folder and those above it, where they are not there yet.
///
/// # Errors
/// When it cannot be made; the error names the folder.
pub fn make_folder(path: &Path) -> Result<(), FileError> {
    std::fs::create_dir_all(path).map_err(FileError::writing(path))
}

/// A new folder for temporary files, which goes when the value is dropped.
///
/// # Errors
/// When it cannot be made; the error names the folder of such folders.
pub fn temporary_folder() -> Result<tempfile::TempDir, FileError> {
    tempfile::tempdir().map_err(FileError::writing(&std::env::temp_dir()))
}

/// Moves a file or folder to another place on the same disk. Folders above that are made.
///
/// # Errors
/// When it cannot be moved; the error names the new place.
pub fn rename(from: &Path, to: &Path) -> Result<(), FileError> {
    make_folder(folder_of(to))?;
    std::fs::rename(from, to).map_err(FileError::writing(to))
}

/// Removes a file, or a folder with all in it, if it is there.
///
/// # Errors
/// When it cannot be removed; the error names it.
pub fn remove(path: &Path) -> Result<(), FileError> {
    let result = match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(FileError::writing(path)(error)),
        _ => Ok(()),
    }
}

/// The path without what is relative in it. Programs run in other folders.
///
/// # Errors
/// When the current folder is unknown; the error names the path.
pub fn absolute(path: &Path) -> Result<PathBuf, FileError> {
    std::path::absolute(path).map_err(FileError::reading(path))
}

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Gives what a stage wrote the modes that do not depend on the umask: 755 for folders and programs, 644 for files.
pub(crate) fn normalise_modes(path: &Path) -> Result<(), FileError> {
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.map_err(FileError::reading(path))?;
        let metadata = entry.metadata().map_err(FileError::reading(entry.path()))?;
        if metadata.is_symlink() {
            continue;
        }
        let mode = if metadata.is_dir() || is_program(&metadata) {
            0o755
        } else {
            0o644
        };
        set_mode(entry.path(), mode).map_err(FileError::writing(entry.path()))?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_program(metadata: &std::fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn is_program(_: &std::fs::Metadata) -> bool {
    false
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> std::io::Result<()> {
    Ok(())
}
