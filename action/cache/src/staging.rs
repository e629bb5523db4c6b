//! Work under way: a folder in which a stage writes, moved to its place in one rename.

use crate::entry::{Entry, OUTPUTS};
use crate::lock::Lock;
use ampoule_action::{FileError, Named, folder_of, make_folder, remove, temporary_folder};
use std::path::{Path, PathBuf};

/// A folder for an entry that is being made: `entry/` becomes the entry, `lock` tells other processes that it is in use.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: tempfile::TempDir,
    /// Whether the folder is in the cache, so that the entry can be renamed to its place.
    in_cache: bool,
    _in_use: Option<Lock>,
}

/// Where an entry ended up.
pub(crate) enum Published {
    /// At its place in the cache.
    InPlace,
    /// Where it was made, as the cache, or what is at its place there, cannot be written.
    Unkept(Staging),
}

impl Staging {
    /// A new folder in the cache; where the cache cannot be written, in the system's temporary folder.
    pub(crate) fn new(root: &Path) -> Result<Staging, FileError> {
        let in_cache = staging_folder(root).and_then(tempfile::tempdir_in).ok();
        let writable = in_cache.is_some();
        let folder = match in_cache {
            Some(folder) => folder,
            None => temporary_folder()?,
        };
        let in_use = Lock::exclusive(&folder.path().join("lock"));
        let staging = Staging {
            folder,
            in_cache: writable,
            _in_use: in_use,
        };
        make_folder(&staging.outputs())?;
        Ok(staging)
    }

    /// What becomes the entry.
    pub(crate) fn entry(&self) -> PathBuf {
        entry_of(self.folder.path())
    }

    /// Where the stage writes.
    pub(crate) fn outputs(&self) -> PathBuf {
        self.entry().join(OUTPUTS)
    }

    /// The outputs at their places in that folder.
    pub(crate) fn places(&self, outputs: &[Named]) -> Vec<Named> {
        let folder = self.outputs();
        let place = |output: &Named| Named::new(&output.name, folder.join(&output.path));
        outputs.iter().map(place).collect()
    }

    /// Moves the entry to its place. One that another process has put there meanwhile stays: it has the same content. One that is
    /// damaged, or lacks an output, goes.
    pub(crate) fn publish(self, root: &Path, place: &Path) -> Result<Published, FileError> {
        if !self.in_cache {
            return Ok(Published::Unkept(self));
        }
        make_folder(folder_of(place))?;
        if !Entry::open(place).is_some_and(|entry| entry.is_whole()) {
            // Another user's entry, which this one can neither read nor replace, stays.
            if place.symlink_metadata().is_ok() && discard(root, place).is_err() {
                return Ok(Published::Unkept(self));
            }
            match std::fs::rename(self.entry(), place) {
                Err(error) if !place.exists() => return Err(FileError::writing(place)(error)),
                _ => {}
            }
        }
        Ok(Published::InPlace)
    }
}

/// Where the entry is in a folder of work under way.
fn entry_of(folder: &Path) -> PathBuf {
    folder.join("entry")
}

/// Takes an entry out of the cache in one rename, then deletes it.
pub(crate) fn discard(root: &Path, entry: &Path) -> Result<(), FileError> {
    let grave = staging_folder(root).and_then(tempfile::tempdir_in);
    let grave = grave.map_err(FileError::writing(entry))?;
    let _in_use = Lock::exclusive(&grave.path().join("lock"));
    std::fs::rename(entry, entry_of(grave.path())).map_err(FileError::writing(entry))
}

/// Deletes what killed processes have left.
pub(crate) fn sweep(root: &Path) {
    let Ok(folders) = std::fs::read_dir(root.join("staging")) else {
        return;
    };
    for folder in folders.flatten().map(|entry| entry.path()) {
        let lock = folder.join("lock");
        // A folder without its lock is just being made.
        if lock.exists() && Lock::try_exclusive(&lock).is_some() {
            // What cannot be deleted now is deleted by a later sweep.
            let _ = remove(&folder);
        }
    }
}

fn staging_folder(root: &Path) -> std::io::Result<PathBuf> {
    let folder = root.join("staging");
    std::fs::create_dir_all(&folder)?;
    Ok(folder)
}
