//! What a folder is to a stage that reads it: symbolic links that lead out of it are what they lead to.

use camino::{Utf8Path, Utf8PathBuf};
use nix_nar::{FileSystem, FileSystemMetadata, NativeFileSystem};
use std::fs::File;
use std::io::{Error, Result};
use std::path::Path;

/// The folder as the system has it.
const NATIVE: NativeFileSystem = NativeFileSystem {};

/// A view of a folder in which only links that stay in it are links: those have what they lead to beside them, and of the others
/// a change of what they lead to is a change of the folder.
#[derive(Debug)]
pub(crate) struct Folder {
    root: Utf8PathBuf,
}

impl FileSystem for Folder {
    type File = File;

    fn metadata(&self, path: &Utf8Path) -> Result<FileSystemMetadata> {
        match NATIVE.metadata(path)? {
            FileSystemMetadata::Symlink { target_path } => match self.outside(path) {
                Some(outside) => NATIVE.metadata(&outside),
                None => Ok(FileSystemMetadata::Symlink { target_path }),
            },
            other => Ok(other),
        }
    }

    fn read_dir(&self, path: &Utf8Path) -> Result<Vec<String>> {
        NATIVE.read_dir(path)
    }

    fn open(&self, path: &Utf8Path) -> Result<File> {
        NATIVE.open(path)
    }
}

impl Folder {
    /// A folder by its path, which has no links in it.
    pub(crate) fn new(root: &Path) -> Result<Folder> {
        let root = Utf8PathBuf::try_from(root.to_path_buf()).map_err(Error::other)?;
        Ok(Folder { root })
    }

    /// What a link leads to outside of the folder; nothing where it leads nowhere, or back to what is around itself.
    fn outside(&self, link: &Utf8Path) -> Option<Utf8PathBuf> {
        let target = link.canonicalize_utf8().ok()?;
        if target.starts_with(&self.root) {
            return None;
        }
        // Also around it by way of other links, so that no chain of them goes on for ever.
        let mut around = link
            .ancestors()
            .skip(1)
            .take_while(|above| above.starts_with(&self.root));
        let is_around = |above: &Utf8Path| above.canonicalize_utf8().is_ok_and(|above| above.starts_with(&target));
        (!around.any(is_around)).then_some(target)
    }
}
