//! What a cache gives to prefilled ones and takes from them.

use crate::entry::{Description, Entry};
use crate::staging::Staging;
use crate::{Cache, Error, Prefilled, packed, prefilled, prune};
use ampoule_action::{Console, FileError, Key, Record, write_atomically};
use std::collections::BTreeSet;
use std::path::Path;

impl Cache {
    /// The same with prefilled caches, from the first of which that has it what is missing is taken over.
    pub fn with(self, prefilled: Vec<Prefilled>) -> Cache {
        Cache { prefilled, ..self }
    }

    /// The records of all entries.
    ///
    /// # Errors
    /// When the cache cannot be read.
    pub fn records(&self) -> Result<Vec<Record>, Error> {
        let entries = prune::children(&self.root.join("entries"))?;
        let entries = entries.iter().filter_map(|folder| Entry::open(folder));
        Ok(entries.map(|entry| entry.description.record).collect())
    }

    /// Adds the entry of an action to the prefilled cache in a folder, which is made; of outputs that are not wanted, only the digest.
    ///
    /// # Errors
    /// When the entry is damaged, which is gone then, or the folder cannot be written.
    pub fn export(&self, record: &Record, folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
        let key = record.key();
        let entry = self.entry(key).ok_or_else(|| {
            let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
            Error::Lost(FileError::reading(&self.entry_folder(key))(missing))
        })?;
        let added = add(folder, &entry, is_wanted);
        if let Err(Error::Changed { .. }) = &added {
            self.discard(entry.folder);
        }
        added
    }

    /// Takes over the entry of an action that is not here, if a prefilled cache has it. A damaged one is left.
    pub(crate) fn take_over(&self, key: Key, console: &Console) -> Result<Option<Entry>, Error> {
        if self.is_wanted(key) {
            return Ok(None);
        }
        for prefilled in &self.prefilled {
            match self.take_over_from(prefilled, key) {
                Ok(None) => {}
                Ok(entry) => return Ok(entry),
                Err(error) => console.print(&format!("{error}; it is not taken from the prefilled cache")),
            }
        }
        Ok(None)
    }

    fn take_over_from(&self, prefilled: &Prefilled, key: Key) -> Result<Option<Entry>, Error> {
        let Some(description) = prefilled.find(key)? else {
            return Ok(None);
        };
        let staging = Staging::new(&self.root)?;
        let description = prefilled.unpack(description, &staging.outputs())?;
        self.keep(staging, description).map(Some)
    }

    /// Takes over all that a prefilled cache has; gives the number of entries that were not here.
    ///
    /// # Errors
    /// When one is damaged.
    pub fn import(&self, prefilled: &Prefilled) -> Result<usize, Error> {
        let mut count = 0;
        for record in prefilled.records()? {
            let key = record.key();
            if self.look_up(key).is_none() && self.take_over_from(prefilled, key)?.is_some() {
                count += 1;
            }
        }
        Ok(count)
    }
}

/// Adds an entry to the prefilled cache in a folder; of the outputs that are not wanted, only the digest.
fn add(folder: &Path, entry: &Entry, is_wanted: impl Fn(&str) -> bool) -> Result<(), Error> {
    let description = Description {
        absent: BTreeSet::new(),
        ..entry.description.clone()
    };
    for (name, artifact) in &entry.outputs {
        let file = folder.join(prefilled::content(&artifact.digest, artifact.path.is_dir()));
        let is_here = !entry.description.absent.contains(name);
        if !is_here || !is_wanted(name) || file.exists() {
            continue;
        }
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
    let file = folder.join(prefilled::action(description.record.key()));
    ampoule_action::make_folder(ampoule_action::folder_of(&file))?;
    Ok(write_atomically(&file, &description.to_json())?)
}
