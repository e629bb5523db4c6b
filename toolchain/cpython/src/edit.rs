//! The changes that the manifest makes to CPython's sources.

use crate::Error;
use crate::manifest::Manifest;
use ampoule_action::{read_text, write};
use std::path::Path;

/// Changes the sources in the work folder.
///
/// # Errors
/// When a text to replace is not in its file once: the sources are of another version.
pub fn apply(manifest: &Manifest, work: &Path) -> Result<(), Error> {
    for edit in &manifest.edit {
        let path = work.join(&edit.file);
        let content = read_text(&path)?;
        if content.matches(&edit.from).count() != 1 {
            return Err(Error::Edit {
                file: edit.file.clone(),
                text: edit.from.clone(),
                version: manifest.release.version.clone(),
            });
        }
        write(&path, content.replace(&edit.from, &edit.to))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_not_there_once_is_named() {
        let manifest = Manifest::embedded();
        let work = tempfile::tempdir().unwrap();
        for edit in &manifest.edit {
            let path = work.path().join(&edit.file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "something else").unwrap();
        }
        let first = &manifest.edit[0];
        let error = apply(&manifest, work.path()).unwrap_err().to_string();
        assert!(error.contains(&first.file) && error.contains(&first.from), "{error}");
    }
}
