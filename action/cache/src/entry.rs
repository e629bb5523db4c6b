//! One entry: a record and the outputs that it describes.

use ampoule_action::{Digest, FileError, Named, Record};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
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
    /// The action's record.
    pub record: Record,
    /// The outputs, by name.
    pub outputs: BTreeMap<String, Artifact>,
    /// The size of all outputs in bytes.
    pub size: u64,
}

/// `record.json`: the record, where each output is below the entry's `outputs` folder, and their size in bytes.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    record: Record,
    paths: BTreeMap<String, PathBuf>,
    size: u64,
}

const DESCRIPTION: &str = "record.json";

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
                let path = folder.join("outputs").join(description.paths.get(name)?);
                path.exists()
                    .then(|| (name.clone(), Artifact { path, digest: *digest }))
            })
            .collect::<Option<_>>()?;
        Some(Entry {
            folder: folder.to_path_buf(),
            record: description.record,
            outputs,
            size: description.size,
        })
    }

    /// Writes the description of an entry whose outputs are in `FOLDER/outputs`, at the given paths.
    pub(crate) fn describe(folder: &Path, record: &Record, outputs: &[Named]) -> Result<(), FileError> {
        let path = |output: &Named| (output.name.clone(), output.path.clone());
        let description = Description {
            record: record.clone(),
            paths: outputs.iter().map(path).collect(),
            size: crate::size(&folder.join("outputs"))?,
        };
        let text = serde_json::to_vec(&description).expect("a description is JSON");
        ampoule_action::write_atomically(&folder.join(DESCRIPTION), &text)
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
