//! Headers that packages give to each other.

use crate::Error;
use ampoule_action::{FileError, Links, copy_file, copy_folder, make_folder};
use ampoule_recipe::Headers;
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Writes the headers that a package gives to a folder.
pub(crate) fn give(headers: &[Headers], sources: &Path, to: &Path) -> Result<(), Error> {
    make_folder(to)?;
    for entry in WalkDir::new(sources).sort_by_file_name() {
        let entry = entry.map_err(|error| FileError::reading(sources)(std::io::Error::from(error)))?;
        let path = entry.path().strip_prefix(sources).unwrap_or(entry.path());
        let path = path.to_string_lossy();
        let place = headers.iter().find_map(|headers| headers.place(&path));
        if let Some(place) = place.filter(|_| entry.file_type().is_file()) {
            copy_file(entry.path(), &to.join(place))?;
        }
    }
    Ok(())
}

/// Places the headers of a package among the sources of one that needs them.
pub(crate) fn place(given: &[(String, PathBuf)], package: &str, sources: &Path) -> Result<(), Error> {
    let folder = given.iter().find(|(name, _)| name == package);
    let (_, folder) = folder.ok_or_else(|| Error::NotGiven {
        package: package.to_string(),
    })?;
    let place = sources.join(package);
    if place.exists() {
        return Err(Error::Taken {
            package: package.to_string(),
        });
    }
    Ok(copy_folder(folder, &place, Links::Followed, |_| true)?)
}
