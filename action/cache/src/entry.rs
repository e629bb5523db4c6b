//! One entry: a record and the outputs that it describes.

use ampoule_action::{Digest, FileError, Record};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// An output in the cache.
#[derive(Clone, Debug)]
pub struct Artifact {
    /// Where it is.
    pub path: PathBuf,
    /// Its digest, as its record has it.
    pub digest: Digest,
}

/// The outputs of one action with their record.
#[derive(Debug)]
pub struct Entry {
    /// The entry's folder.
    pub folder: PathBuf,
    /// What it says of itself.
    pub description: Description,
    /// The outputs, by name.
    pub outputs: BTreeMap<String, Artifact>,
}

/// `record.json`: the record, where each output is below the entry's `outputs` folder, and their size in bytes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The action's record.
    pub record: Record,
    /// The path of each output.
    pub paths: BTreeMap<String, PathBuf>,
    /// The size of all outputs in bytes.
    pub size: u64,
    /// The outputs of which the digest is known, and nothing is here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub absent: BTreeSet<String>,
}

const DESCRIPTION: &str = "record.json";

/// Where the outputs are in an entry.
pub(crate) const OUTPUTS: &str = "outputs";

impl Entry {
    /// The entry in this folder; none if there is none, or none that can be read.
    pub(crate) fn open(folder: &Path) -> Option<Entry> {
        let text = std::fs::read(folder.join(DESCRIPTION)).ok()?;
        let description: Description = serde_json::from_slice(&text).ok()?;
        let outputs = description
            .record
            .outputs
            .iter()
            .map(|(name, digest)| {
                let path = folder.join(OUTPUTS).join(description.paths.get(name)?);
                (path.exists() || description.absent.contains(name))
                    .then(|| (name.clone(), Artifact { path, digest: *digest }))
            })
            .collect::<Option<_>>()?;
        Some(Entry {
            folder: folder.to_path_buf(),
            description,
            outputs,
        })
    }

    /// Writes the description of an entry whose outputs are in `FOLDER/outputs`.
    pub(crate) fn describe(folder: &Path, description: Description) -> Result<(), FileError> {
        let description = Description {
            size: crate::size(&folder.join(OUTPUTS))?,
            ..description
        };
        ampoule_action::write_atomically(&folder.join(DESCRIPTION), &description.to_json())
    }

    /// Whether all outputs are here.
    pub(crate) fn is_whole(&self) -> bool {
        self.description.absent.is_empty()
    }

    /// Notes that the entry was used, for pruning. Where that cannot be noted, nothing is lost.
    pub(crate) fn touch(&self) {
        if let Ok(file) = std::fs::File::open(self.folder.join(DESCRIPTION)) {
            let now = std::fs::FileTimes::new().set_modified(std::time::SystemTime::now());
            let _ = file.set_times(now);
        }
    }

    /// When the entry was last used.
    pub(crate) fn last_used(folder: &Path) -> Option<std::time::SystemTime> {
        std::fs::metadata(folder.join(DESCRIPTION)).ok()?.modified().ok()
    }
}

impl Description {
    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a description is JSON")
    }
}
