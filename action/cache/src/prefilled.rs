//! A prefilled cache: results of actions that were made elsewhere. It is only read; what the own cache lacks is taken over from it.
//!
//! ```text
//! actions/KEY.json                 the action's record and the paths of its outputs
//! contents/DIGEST.zst              a file
//! contents/DIGEST.nar.zst          a folder
//! ```
//!
//! An output whose content was left out is known by its digest: what reads it is looked up, too. Where something has to be run that
//! reads it, its action is run first.

use crate::contents::Folder;
use crate::entry::Description;
use crate::{Contents, Error, packed};
use ampoule_action::{Digest, FileError, Key, Record};
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A prefilled cache.
#[derive(Clone, Debug)]
pub struct Prefilled {
    contents: Arc<dyn Contents>,
}

impl Prefilled {
    /// The one that [`crate::Cache::export`] has written into a folder.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(folder: &Path) -> Result<Prefilled, Error> {
        let prefilled = Prefilled::of(Arc::new(Folder(folder.to_path_buf())));
        prefilled.names()?;
        Ok(prefilled)
    }

    /// One whose files are somewhere else.
    pub fn of(contents: Arc<dyn Contents>) -> Prefilled {
        Prefilled { contents }
    }

    /// The records of all its actions.
    ///
    /// # Errors
    /// When they cannot be listed, or one cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, Error> {
        let mut records = Vec::new();
        for name in self.names()? {
            records.extend(self.description(&format!("actions/{name}"))?.map(|found| found.record));
        }
        Ok(records)
    }

    fn names(&self) -> Result<Vec<String>, Error> {
        self.contents.actions().map_err(|error| Error::NotPrefilled {
            folder: self.contents.place(),
            error,
        })
    }

    /// What it says of an action, if it has it.
    pub(crate) fn find(&self, key: Key) -> Result<Option<Description>, Error> {
        let name = action(key);
        let Some(description) = self.description(&name)? else {
            return Ok(None);
        };
        let is_of_key = description.record.key() == key;
        let are_inside = description.paths.values().all(|path| packed::is_inside(path));
        if is_of_key && are_inside {
            return Ok(Some(description));
        }
        let reason = std::io::Error::other("it is not the action after which it is named");
        Err(self.unreadable(&name, reason))
    }

    /// Unpacks the outputs of an action into a folder; gives the description of what is there then.
    pub(crate) fn unpack(&self, description: Description, outputs: &Path) -> Result<Description, Error> {
        let mut absent = BTreeSet::new();
        for (name, digest) in &description.record.outputs {
            let is_here = match description.paths.get(name) {
                Some(path) => self.unpack_one(digest, &outputs.join(path))?,
                None => false,
            };
            if !is_here {
                absent.insert(name.clone());
            }
        }
        Ok(Description { absent, ..description })
    }

    /// Unpacks an output; says whether it is here.
    fn unpack_one(&self, digest: &Digest, output: &Path) -> Result<bool, Error> {
        for is_folder in [true, false] {
            let name = content(digest, is_folder);
            let Some(packed) = self.read(&name)? else {
                continue;
            };
            let found = packed::unpack(packed, is_folder, output).map_err(|error| self.unreadable(&name, error))?;
            if found != *digest {
                return Err(Error::Changed {
                    path: self.contents.place().join(name),
                    expected: *digest,
                    found,
                });
            }
            return Ok(true);
        }
        Ok(false)
    }

    fn description(&self, name: &str) -> Result<Option<Description>, Error> {
        let Some(file) = self.read(name)? else {
            return Ok(None);
        };
        let described = serde_json::from_reader(std::io::BufReader::new(file));
        described.map_err(|error| self.unreadable(name, error.into())).map(Some)
    }

    fn read(&self, name: &str) -> Result<Option<Box<dyn Read>>, Error> {
        let file = self.contents.read(name);
        file.map_err(|error| self.unreadable(name, error))
    }

    fn unreadable(&self, name: &str, error: std::io::Error) -> Error {
        FileError::reading(&self.contents.place().join(name))(error).into()
    }
}

/// The name of an action's file.
pub(crate) fn action(key: Key) -> String {
    format!("actions/{}.json", key.hexadecimal())
}

/// The name of a content's file.
pub(crate) fn content(digest: &Digest, is_folder: bool) -> String {
    let form = if is_folder { "nar.zst" } else { "zst" };
    format!("contents/{}.{form}", digest.hexadecimal())
}
