//! Taking out what has not been used for long.

use crate::{Cache, Entry, lock::Lock, staging};
use ampoule_action::{FileError, read_folder, remove, write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What pruning removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pruned {
    /// The number of entries and fetched files.
    pub count: u64,
    /// Their size in bytes.
    pub bytes: u64,
}

impl Cache {
    /// Cuts the cache at `root` down to a size, without waiting: what was not used for longest goes first. Fetched files stay. Where
    /// another build uses the cache, nothing is done: that build can do it. Nor is it done where the last time is less than `interval`
    /// ago, since all entries are looked at.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn cut(root: &Path, bytes: u64, interval: Duration) -> Result<Pruned, FileError> {
        let mut pruned = Pruned::default();
        let last = root.join("cut");
        if last_written(&last).is_some_and(|time| time.elapsed().is_ok_and(|elapsed| elapsed < interval)) {
            return Ok(pruned);
        }
        let Some(_users) = Lock::try_exclusive(&root.join("users")) else {
            return Ok(pruned);
        };
        let mut entries: Vec<(Option<SystemTime>, PathBuf, u64)> = Vec::new();
        for path in children(&root.join("entries"))? {
            // One that cannot be read is of no use.
            let size = Entry::open(&path).map_or(0, |entry| entry.description.size);
            entries.push((Entry::last_used(&path), path, size));
        }
        entries.sort();
        let mut size: u64 = entries.iter().map(|(_, _, size)| size).sum();
        for (_, path, own) in entries {
            if size <= bytes {
                break;
            }
            staging::discard(root, &path)?;
            size -= own;
            pruned.count += 1;
            pruned.bytes += own;
        }
        write(&last, "")?;
        Ok(pruned)
    }

    /// Removes the entries, the fetched files and the records of builds in the cache at `root` that were not used for this long. Waits until no build uses the cache.
    ///
    /// # Errors
    /// When something cannot be removed.
    pub fn prune(root: &Path, unused_for: Duration) -> Result<Pruned, FileError> {
        let _users = Lock::exclusive(&root.join("users"));
        staging::sweep(root);
        let now = SystemTime::now();
        let old = |time: Option<SystemTime>| {
            time.is_none_or(|time| now.duration_since(time).unwrap_or_default() >= unused_for)
        };
        let mut pruned = Pruned::default();
        for path in children(&root.join("entries"))? {
            if old(Entry::last_used(&path)) {
                pruned.add(&path)?;
                staging::discard(root, &path)?;
            }
        }
        for path in children(&root.join("files"))? {
            if old(last_written(&path)) {
                pruned.add(&path)?;
                remove(&path)?;
            }
        }
        // What is remembered of builds is small, and not counted.
        for path in children(&root.join("builds"))? {
            if old(last_written(&path)) {
                remove(&path)?;
            }
        }
        for path in children(&root.join("locks"))? {
            remove(&path)?;
        }
        Ok(pruned)
    }
}

impl Pruned {
    fn add(&mut self, path: &Path) -> Result<(), FileError> {
        self.count += 1;
        self.bytes += crate::size(path)?;
        Ok(())
    }
}

fn last_written(file: &Path) -> Option<SystemTime> {
    std::fs::metadata(file).ok()?.modified().ok()
}

pub(crate) fn children(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    if folder.is_dir() {
        read_folder(folder)
    } else {
        Ok(Vec::new())
    }
}
