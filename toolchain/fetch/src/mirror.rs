//! `--mirror DIR`: folders of files that were brought some other way.

use crate::pins::PinnedFile;
use ampoule_action::Digest;
use std::path::{Path, PathBuf};

/// Where a mirror may have a file: under its name, or under its digest in hexadecimal.
pub(crate) fn candidates(mirror: &Path, file: &PinnedFile) -> Vec<PathBuf> {
    [file.file.clone(), file.digest.hexadecimal()]
        .iter()
        .map(|name| mirror.join(name))
        .filter(|path| path.is_file())
        .collect()
}

/// Copies a file to its place if it has the digest.
pub(crate) fn take(from: &Path, file: &PinnedFile, to: &Path) -> Result<(), String> {
    let reading = |error: std::io::Error| format!("cannot read {}: {error}", from.display());
    let writing = |error: std::io::Error| format!("cannot write {}: {error}", to.display());
    let mut source = std::fs::File::open(from).map_err(reading)?;
    let mut copy = tempfile::Builder::new()
        .prefix(".ampoule-")
        .tempfile_in(ampoule_action::folder_of(to))
        .map_err(writing)?;
    std::io::copy(&mut source, &mut copy).map_err(writing)?;
    let found = Digest::of_file(copy.path()).map_err(|error| error.to_string())?;
    if found != file.digest {
        return Err(format!(
            "{} has the digest {found}, and its pin says {}",
            from.display(),
            file.digest
        ));
    }
    make_readable(&copy).map_err(writing)?;
    copy.persist(to).map_err(|error| writing(error.error))?;
    Ok(())
}

/// A temporary file is for its owner alone; a fetched one is for everyone to read.
fn make_readable(file: &tempfile::NamedTempFile) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))
}
