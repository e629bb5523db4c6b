//! A prefilled cache: results of actions that were made elsewhere. It is only read; what the own cache lacks is taken over from it.
//!
//! ```text
//! FOLDER/actions/KEY.json                 the action's record and the paths of its outputs
//! FOLDER/contents/DIGEST.zst              a file
//! FOLDER/contents/DIGEST.nar.zst          a folder
//! ```
//!
//! An output whose content was left out is known by its digest: what reads it is looked up, too. Where something has to be run that
//! reads it, its action is run first.

use crate::entry::{Description, Entry};
use crate::{Error, packed};
use ampoule_action::{Digest, FileError, Key, Record, read_folder};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};

/// A prefilled cache in a folder.
#[derive(Clone, Debug)]
pub struct Prefilled {
    folder: PathBuf,
}

const ACTIONS: &str = "actions";

impl Prefilled {
    /// The one that [`crate::Cache::export`] has written into a folder.
    ///
    /// # Errors
    /// When there is none.
    pub fn open(folder: &Path) -> Result<Prefilled, Error> {
        let actions = folder.join(ACTIONS);
        std::fs::read_dir(&actions).map_err(|error| Error::NotPrefilled {
            folder: folder.to_path_buf(),
            error,
        })?;
        Ok(Prefilled {
            folder: folder.to_path_buf(),
        })
    }

    /// The records of all its actions.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, Error> {
        let files = read_folder(&self.folder.join(ACTIONS))?;
        let descriptions = files.iter().map(|file| self.read(file));
        descriptions.map(|read| Ok(read?.record)).collect()
    }

    /// What it says of an action, if it has it.
    pub(crate) fn find(&self, key: Key) -> Result<Option<Description>, Error> {
        let file = self.action(key);
        if !file.exists() {
            return Ok(None);
        }
        let description = self.read(&file)?;
        let is_of_key = description.record.key() == key;
        let are_inside = description.paths.values().all(|path| packed::is_inside(path));
        if is_of_key && are_inside {
            return Ok(Some(description));
        }
        let reason = std::io::Error::other("it is not the action after which it is named");
        Err(FileError::reading(&file)(reason).into())
    }

    /// Unpacks the outputs of an action into a folder; gives the description of what is there then.
    pub(crate) fn unpack(&self, description: Description, outputs: &Path) -> Result<Description, Error> {
        let mut absent = BTreeSet::new();
        for (name, digest) in &description.record.outputs {
            match (self.content(digest), description.paths.get(name)) {
                (Some((file, is_folder)), Some(path)) => {
                    unpack_one(&file, is_folder, *digest, &outputs.join(path))?;
                }
                _ => drop(absent.insert(name.clone())),
            }
        }
        Ok(Description { absent, ..description })
    }

    /// Adds an entry of the own cache; of the outputs that are not wanted, only the digest.
    pub(crate) fn add(&self, entry: &Entry, is_wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
        let description = Description {
            absent: BTreeSet::new(),
            ..entry.description.clone()
        };
        for (name, artifact) in &entry.outputs {
            let is_here = !entry.description.absent.contains(name);
            if !is_here || !is_wanted(name) || self.content(&artifact.digest).is_some() {
                continue;
            }
            let file = self.place(&artifact.digest, artifact.path.is_dir());
            let found = packed::pack(&artifact.path, &file)?;
            if found != artifact.digest {
                ampoule_action::remove(&file)?;
                return Err(Error::Changed {
                    path: artifact.path.clone(),
                    expected: artifact.digest,
                    found,
                });
            }
        }
        let file = self.action(description.record.key());
        Ok(ampoule_action::write_atomically(&file, &description.to_json())?)
    }

    /// One that is written into a folder.
    pub(crate) fn make(folder: &Path) -> Result<Prefilled, Error> {
        ampoule_action::make_folder(&folder.join(ACTIONS))?;
        Prefilled::open(folder)
    }

    fn read(&self, file: &Path) -> Result<Description, Error> {
        let text = ampoule_action::read(file)?;
        Ok(serde_json::from_slice(&text).map_err(FileError::reading(file))?)
    }

    fn action(&self, key: Key) -> PathBuf {
        self.folder.join(ACTIONS).join(format!("{}.json", key.hexadecimal()))
    }

    /// The file of a content, and whether that is a folder.
    fn content(&self, digest: &Digest) -> Option<(PathBuf, bool)> {
        let places = [false, true].map(|is_folder| (self.place(digest, is_folder), is_folder));
        places.into_iter().find(|(file, _)| file.exists())
    }

    fn place(&self, digest: &Digest, is_folder: bool) -> PathBuf {
        let form = if is_folder { "nar.zst" } else { "zst" };
        let name = format!("{}.{form}", digest.hexadecimal());
        self.folder.join("contents").join(name)
    }
}

fn unpack_one(file: &Path, is_folder: bool, expected: Digest, output: &Path) -> Result<(), Error> {
    let packed = File::open(file).map_err(FileError::reading(file))?;
    let found = packed::unpack(packed, is_folder, output).map_err(FileError::reading(file))?;
    if found == expected {
        return Ok(());
    }
    Err(Error::Changed {
        path: file.to_path_buf(),
        expected,
        found,
    })
}
