//! How large things are.

use ampoule_action::Error;
use std::path::Path;

/// The size in bytes of a file, or of all files in a folder.
///
/// # Errors
/// When it cannot be read.
pub fn size(path: &Path) -> Result<u64, Error> {
    let mut total = 0;
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.map_err(|error| Error::reading(path, error.into()))?;
        if entry.file_type().is_file() {
            total += entry
                .metadata()
                .map_err(|error| Error::reading(entry.path(), error.into()))?
                .len();
        }
    }
    Ok(total)
}
