//! How large things are.

use ampoule_action::FileError;
use std::path::Path;

/// The size in bytes of a file, or of all files in a folder.
///
/// # Errors
/// When it cannot be read.
pub fn size(path: &Path) -> Result<u64, FileError> {
    let mut total = 0;
    for entry in walkdir::WalkDir::new(path) {
        let entry = entry.map_err(FileError::reading(path))?;
        if entry.file_type().is_file() {
            let metadata = entry.metadata().map_err(FileError::reading(entry.path()))?;
            total += metadata.len();
        }
    }
    Ok(total)
}
