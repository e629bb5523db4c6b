//! Where the files of a prefilled cache are.

use std::fs::File;
use std::io::{ErrorKind, Read, Result};
use std::path::PathBuf;

/// The folder of a prefilled cache's actions.
const ACTIONS: &str = "actions";

/// Files under names such as `actions/KEY.json`, which are only read.
pub trait Contents: std::fmt::Debug + Send + Sync {
    /// The file of a name; nothing if there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, name: &str) -> Result<Option<Box<dyn Read>>>;

    /// The names of the actions' files without their folder, sorted.
    ///
    /// # Errors
    /// When they cannot be listed.
    fn actions(&self) -> Result<Vec<String>>;

    /// What it is called in messages: a path or a URL.
    fn place(&self) -> PathBuf;
}

/// A folder.
#[derive(Debug)]
pub(crate) struct Folder(pub(crate) PathBuf);

impl Contents for Folder {
    fn read(&self, name: &str) -> Result<Option<Box<dyn Read>>> {
        match File::open(self.0.join(name)) {
            Ok(file) => Ok(Some(Box::new(file))),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn actions(&self) -> Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in std::fs::read_dir(self.0.join(ACTIONS))? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }

    fn place(&self) -> PathBuf {
        self.0.clone()
    }
}
