//! The source that a release is made from: a copy without anything that was built there.

use crate::{Error, run};
use ampoule_action::{Digest, copy_file};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A copy of the source, with its digest.
#[derive(Debug)]
pub struct SourceTree {
    /// The copy's folder.
    pub folder: PathBuf,
    /// The digest of the folder.
    pub digest: Digest,
}

impl SourceTree {
    /// Copies to `folder` what git knows of the checkout in `from`.
    ///
    /// # Errors
    /// When something cannot be read or written, or git fails.
    pub fn copy(from: &Path, folder: &Path) -> Result<SourceTree, Error> {
        for name in names(from)? {
            copy_file(&from.join(&name), &folder.join(&name))?;
        }
        Ok(SourceTree {
            folder: folder.to_path_buf(),
            digest: Digest::of_folder(folder)?,
        })
    }
}

/// The paths of the source's files, below its folder; those that git knows and that have been removed are left out.
fn names(from: &Path) -> Result<Vec<PathBuf>, Error> {
    let folder = from.as_os_str();
    let list = run::stdout_of(
        "git",
        [OsStr::new("-C"), folder, OsStr::new("ls-files"), OsStr::new("-z")],
    )?;
    let names = list.split(|byte| *byte == 0).filter(|name| !name.is_empty());
    let names = names.map(|name| PathBuf::from(OsStr::from_bytes(name)));
    Ok(names
        .filter(|name| std::fs::symlink_metadata(from.join(name)).is_ok())
        .collect())
}
