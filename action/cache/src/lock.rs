//! Advisory locks on files. A killed process loses its locks, so none is ever left behind.

use std::fs::File;
use std::path::Path;

/// A lock, held until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for a lock that others may share; none where the file cannot be made (a read-only cache has no writers).
    pub(crate) fn shared(path: &Path) -> Option<Lock> {
        let file = open(path)?;
        file.lock_shared().ok()?;
        Some(Lock { _file: file })
    }

    /// Waits for a lock that excludes all others; none where the file cannot be made.
    pub(crate) fn exclusive(path: &Path) -> Option<Lock> {
        let file = open(path)?;
        file.lock().ok()?;
        Some(Lock { _file: file })
    }

    /// A lock that excludes all others, if nobody holds one.
    pub(crate) fn try_exclusive(path: &Path) -> Option<Lock> {
        let file = open(path)?;
        file.try_lock().ok()?;
        Some(Lock { _file: file })
    }
}

fn open(path: &Path) -> Option<File> {
    std::fs::create_dir_all(path.parent()?).ok()?;
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .or_else(|_| File::open(path))
        .ok()
}
