//! Files: reading with errors that name them, and writing so that a file is there whole or not at all.

use crate::Error;
use std::io::Write;
use std::path::Path;

/// The content of a file.
///
/// # Errors
/// When it cannot be read; the error names the file.
pub fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| Error::reading(path, error))
}

/// The content of a file in UTF-8.
///
/// # Errors
/// When it cannot be read or is not UTF-8; the error names the file.
pub fn read_text(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(|error| Error::reading(path, error))
}

/// Writes a file under a temporary name beside it, then renames it. Folders above it are made.
///
/// # Errors
/// When it cannot be written; nothing is left behind then.
pub fn write_atomically(path: &Path, content: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::writing(path, error);
    let folder = folder_of(path);
    std::fs::create_dir_all(folder).map_err(failed)?;
    let mut file = tempfile::Builder::new()
        .prefix(".ampoule-")
        .tempfile_in(folder)
        .map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    set_mode(file.path(), 0o644).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Removes a file, or a folder with all in it, if it is there.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> Result<(), Error> {
    let result = match std::fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_dir() => std::fs::remove_dir_all(path),
        Ok(_) => std::fs::remove_file(path),
        Err(error) => Err(error),
    };
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::writing(path, error)),
        _ => Ok(()),
    }
}

/// The folder that a path is in.
pub fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

/// Gives what a stage wrote the modes that do not depend on the umask: 755 for folders and programs, 644 for files.
pub(crate) fn normalise_modes(path: &Path) -> Result<(), Error> {
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.map_err(|error| Error::reading(path, error.into()))?;
        let metadata = entry
            .metadata()
            .map_err(|error| Error::reading(entry.path(), error.into()))?;
        if metadata.is_symlink() {
            continue;
        }
        let mode = if metadata.is_dir() || is_program(&metadata) {
            0o755
        } else {
            0o644
        };
        set_mode(entry.path(), mode).map_err(|error| Error::writing(entry.path(), error))?;
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
