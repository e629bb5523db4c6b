//! The seed of the build's random numbers: from what goes into the component, not from how it lies on the disk.

use ampoule_action::FileError;
use sha2::{Digest, Sha256};
use std::path::Path;

/// A seed from the app's name, the linked module and the names and contents of the image's files.
///
/// Modes are left out and links are followed: Bazel makes every file executable, and gives links in its sandbox.
pub(crate) fn seed(app: &str, linked: &[u8], image: &Path) -> Result<[u8; 32], FileError> {
    let mut hash = Sha256::new();
    hash.update(Sha256::digest(app));
    hash.update(Sha256::digest(linked));
    for entry in walkdir::WalkDir::new(image).follow_links(true).sort_by_file_name() {
        let entry = entry.map_err(FileError::reading(image))?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(image).unwrap_or(entry.path());
            hash.update(Sha256::digest(name.to_string_lossy().as_bytes()));
            hash.update(Sha256::digest(ampoule_action::read(entry.path())?));
        }
    }
    Ok(hash.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn image() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("app")).unwrap();
        std::fs::write(folder.path().join("app/app.py"), "x = 1\n").unwrap();
        folder
    }

    #[test]
    fn modes_and_links_change_nothing() {
        let (plain, linked) = (image(), tempfile::tempdir().unwrap());
        symlink(plain.path().join("app"), linked.path().join("app")).unwrap();
        let before = seed("app", b"linked", plain.path()).unwrap();
        assert_eq!(before, seed("app", b"linked", linked.path()).unwrap());
        let file = plain.path().join("app/app.py");
        std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o555)).unwrap();
        assert_eq!(before, seed("app", b"linked", plain.path()).unwrap());
    }

    #[test]
    fn every_input_changes_it() {
        let folder = image();
        let before = seed("app", b"linked", folder.path()).unwrap();
        assert_ne!(before, seed("other", b"linked", folder.path()).unwrap());
        assert_ne!(before, seed("app", b"other", folder.path()).unwrap());
        std::fs::rename(folder.path().join("app/app.py"), folder.path().join("app/b.py")).unwrap();
        assert_ne!(before, seed("app", b"linked", folder.path()).unwrap());
    }
}
