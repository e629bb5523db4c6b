//! Prefilled caches that are in no folder: in an archive, on a server.

use ampoule_cache::Contents;
use ampoule_fetch::{Mirror, Server};
use std::io::{Error, Read, Result};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// An archive of a prefilled cache's folder. Keys and digests are all different, so that a file is known by its name alone.
#[derive(Debug)]
pub struct Archive {
    files: Mirror,
    path: PathBuf,
}

impl Archive {
    /// One that is open.
    pub fn new(files: Mirror, path: &Path) -> Archive {
        let path = path.to_path_buf();
        Archive { files, path }
    }
}

impl Contents for Archive {
    fn read(&self, name: &str) -> Result<Option<Box<dyn Read>>> {
        self.files.read(name.rsplit('/').next().unwrap_or(name))
    }

    fn actions(&self) -> Result<Vec<String>> {
        let names = self.files.names().into_iter();
        let actions: Vec<String> = names.filter(|name| name.ends_with(".json")).collect();
        match actions.is_empty() {
            true => Err(Error::other("the archive has no actions")),
            false => Ok(actions),
        }
    }

    fn place(&self) -> PathBuf {
        self.path.clone()
    }
}

/// The files of a prefilled cache's folder on a server.
#[derive(Debug)]
pub struct Remote {
    server: Server,
    /// Whether it has failed: it is told of once, and not asked again.
    has_failed: AtomicBool,
}

impl Remote {
    /// The one below a URL.
    pub fn new(url: &str) -> Remote {
        Remote {
            server: Server::new(url),
            has_failed: AtomicBool::new(false),
        }
    }
}

impl Contents for Remote {
    fn read(&self, name: &str) -> Result<Option<Box<dyn Read>>> {
        if self.has_failed.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let read = self.server.read(name);
        self.has_failed.fetch_or(read.is_err(), Ordering::Relaxed);
        read
    }

    fn actions(&self) -> Result<Vec<String>> {
        Err(Error::other(
            "a server does not list what it has: pass the URL with --cache-from to builds",
        ))
    }

    fn place(&self) -> PathBuf {
        self.server.root().into()
    }
}
