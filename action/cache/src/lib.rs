//! The cache: outputs of actions under their keys, in one folder, safe under parallel use and after a kill.
//!
//! ```text
//! ROOT/entries/KEY/record.json     the action's record, written with the outputs in one rename
//! ROOT/entries/KEY/outputs/...     what the stage wrote
//! ROOT/files/NAME                  fetched files
//! ROOT/builds/...                  the records of the last builds of each project, for `ampoule explain`
//! ROOT/staging/...                 work under way; what a killed process left is swept away
//! ROOT/locks/KEY                   held while an action runs, so that two builds do not do it twice
//! ROOT/users                       shared by builds, exclusive to pruning
//! ROOT/cut                         when the cache was last cut to a size
//! ```

mod contents;
mod entry;
mod error;
mod exchange;
mod lock;
mod packed;
mod prefilled;
mod prune;
mod size;
mod staging;

pub use contents::Contents;
pub use entry::Artifact;
pub use error::{Change, Error};
pub use prefilled::Prefilled;
pub use prune::Pruned;
pub use size::size;

use ampoule_action::{Action, Console, Digest, FileError, Key, Named, Record, Stage, StageError};
use entry::{Description, Entry};
use lock::Lock;
use staging::{Published, Staging};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// A cache of actions' outputs.
#[derive(Debug)]
pub struct Cache {
    root: PathBuf,
    /// What is looked up in when this cache has no entry.
    prefilled: Vec<Prefilled>,
    /// The actions that have to be run, as an output of theirs is needed that no prefilled cache has.
    wanted: Mutex<BTreeSet<Key>>,
    /// Digests of paths that need not be read to know them: outputs of entries, and pinned files.
    known: Mutex<BTreeMap<PathBuf, Known>>,
    /// What a read-only cache cannot keep lives here until the cache is dropped.
    unkept: Mutex<Vec<(Key, Staging)>>,
    /// Damaged entries that cannot be removed: they are not looked at.
    damaged: Mutex<BTreeSet<PathBuf>>,
    _users: Option<Lock>,
}

#[derive(Clone, Debug)]
struct Known {
    digest: Digest,
    /// The entry that the path belongs to, removed if the path turns out to be changed.
    entry: Option<PathBuf>,
    /// Whether this process has read it and found that digest.
    verified: bool,
    /// The action that gives it, where it is not here.
    absent: Option<Key>,
}

/// How the outputs of an action come to be in the cache.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Cached,
    Prefilled,
    Built,
}

/// What came of one action.
#[derive(Debug)]
pub struct Outcome {
    /// The action's record.
    pub record: Record,
    /// Where the inputs of the record are, in its order.
    pub inputs: Vec<Named>,
    /// The outputs, by name.
    pub outputs: BTreeMap<String, Artifact>,
    /// The size of all outputs in bytes.
    pub size: u64,
    /// Whether the outputs came from this cache or a prefilled one.
    pub hit: bool,
    /// The time it took, looking up included.
    pub elapsed: Duration,
}

impl Outcome {
    /// The path of an output.
    ///
    /// # Panics
    /// When the stage has no output of this name.
    pub fn path(&self, name: &str) -> &Path {
        &self
            .outputs
            .get(name)
            .unwrap_or_else(|| panic!("{} has no output {name}", self.record.stage))
            .path
    }
}

impl Cache {
    /// Opens the cache in this folder, which is made if it is not there. A cache that cannot be written is read only.
    ///
    /// # Errors
    /// When the path is there and is no folder.
    pub fn open(root: &Path) -> Result<Cache, Error> {
        if let Err(error) = std::fs::create_dir_all(root)
            && !root.is_dir()
        {
            let folder = root.to_path_buf();
            return Err(Error::NoFolder { folder, error });
        }
        let root = root.canonicalize().map_err(FileError::reading(root))?;
        let users = Lock::shared(&root.join("users"));
        staging::sweep(&root);
        Ok(Cache {
            root,
            prefilled: Vec::new(),
            wanted: Mutex::default(),
            known: Mutex::default(),
            unkept: Mutex::default(),
            damaged: Mutex::default(),
            _users: users,
        })
    }

    /// The cache's folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder for fetched files.
    pub fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// States the digest of a path, so that it is not read to find it: a pinned file, whose fetching checks it.
    pub fn state(&self, path: &Path, digest: Digest) {
        self.known().insert(
            path.to_path_buf(),
            Known {
                digest,
                entry: None,
                verified: false,
                absent: None,
            },
        );
    }

    /// Gives the outputs of an action: from the cache, or by running it.
    ///
    /// The stage's outputs are relative paths, which are taken from a folder of the cache. `prepare` is called before the stage
    /// runs, and not when its outputs are in the cache: it brings the inputs whose digests were stated.
    ///
    /// # Errors
    /// When an input cannot be read, the stage fails, its outputs cannot be written, or an input from the cache is damaged
    /// ([`Error::Changed`]; the damaged entry is gone then, and the build can be done again).
    pub fn perform(
        &self,
        stage: &dyn Stage,
        prepare: impl FnOnce() -> Result<(), StageError>,
        console: &Console,
    ) -> Result<Outcome, Error> {
        let start = Instant::now();
        let action = stage.describe();
        let before = Record::before(stage, &action, |input| self.digest(input))?;
        let key = before.key();
        if let Some(entry) = self.look_up(key) {
            return Ok(self.outcome(action, entry, Origin::Cached, start));
        }
        let _running = Lock::exclusive(&self.root.join("locks").join(key.hexadecimal()));
        if let Some(entry) = self.look_up(key) {
            return Ok(self.outcome(action, entry, Origin::Cached, start));
        }
        if let Some(entry) = self.take_over(key, console)? {
            return Ok(self.outcome(action, entry, Origin::Prefilled, start));
        }
        prepare().map_err(ampoule_action::Error::Stage)?;
        action.inputs.iter().try_for_each(|input| self.verify(&input.path))?;
        let staging = Staging::new(&self.root)?;
        let done = ampoule_action::perform(stage, &staging.places(&action.outputs), before, console);
        let record = done.or_else(|error| self.check_there(&action).and(Err(error.into())))?;
        self.check_unchanged(&action, &record, &stage.describe())?;
        let paths = action.outputs.iter();
        let paths = paths.map(|output| (output.name.clone(), output.path.clone()));
        let description = Description {
            record,
            paths: paths.collect(),
            size: 0,
            absent: BTreeSet::new(),
        };
        let entry = self.keep(staging, description)?;
        Ok(self.outcome(action, entry, Origin::Built, start))
    }

    /// What came of an action that was performed before, as long as it is in this cache. Of outputs, some may be known by their digest alone.
    pub fn recall(&self, record: &Record) -> Option<Outcome> {
        let start = Instant::now();
        let entry = self.look_up(record.key())?;
        Some(self.outcome(Action::default(), entry, Origin::Cached, start))
    }

    fn look_up(&self, key: Key) -> Option<Entry> {
        let entry = self.entry(key)?;
        if !entry.is_whole() && self.is_wanted(key) {
            return None;
        }
        entry.touch();
        Some(entry)
    }

    fn is_wanted(&self, key: Key) -> bool {
        locked(&self.wanted).contains(&key)
    }

    /// The entry of an action: the last that could not be kept, else the one in the cache, unless that is known to be damaged.
    pub(crate) fn entry(&self, key: Key) -> Option<Entry> {
        let unkept = locked(&self.unkept);
        let unkept = unkept.iter().rfind(|(of, _)| *of == key);
        let folder = unkept.map_or_else(|| self.entry_folder(key), |(_, staging)| staging.entry());
        let is_damaged = locked(&self.damaged).contains(&folder);
        (!is_damaged).then(|| Entry::open(&folder))?
    }

    fn entry_folder(&self, key: Key) -> PathBuf {
        self.root.join("entries").join(key.hexadecimal())
    }

    /// Moves what the stage wrote to its place; where that cannot be written, keeps it until the cache is dropped.
    fn keep(&self, staging: Staging, description: Description) -> Result<Entry, Error> {
        let key = description.record.key();
        let place = self.entry_folder(key);
        Entry::describe(&staging.entry(), description)?;
        let folder = match staging.publish(&self.root, &place)? {
            Published::InPlace => place,
            Published::Unkept(staging) => {
                let entry = staging.entry();
                locked(&self.unkept).push((key, staging));
                entry
            }
        };
        Entry::open(&folder).ok_or_else(|| {
            let reason = "the cache was changed from outside while the build ran; build again";
            FileError::reading(&folder)(std::io::Error::other(reason)).into()
        })
    }

    fn outcome(&self, action: Action, entry: Entry, origin: Origin, start: Instant) -> Outcome {
        let Description {
            record, size, absent, ..
        } = entry.description;
        for (name, artifact) in &entry.outputs {
            let known = Known {
                digest: artifact.digest,
                entry: Some(entry.folder.clone()),
                verified: origin != Origin::Cached,
                absent: absent.contains(name).then(|| record.key()),
            };
            self.known().insert(artifact.path.clone(), known);
        }
        Outcome {
            record,
            inputs: action.inputs,
            outputs: entry.outputs,
            size,
            hit: origin != Origin::Built,
            elapsed: start.elapsed(),
        }
    }

    /// The digest of an input: known, or read. What is inside an output of the cache is read after all of that output is verified.
    fn digest(&self, input: &Named) -> Result<Digest, Error> {
        match self.known_above(&input.path) {
            Some((path, known)) if path == input.path => Ok(known.digest),
            Some((path, _)) => {
                self.verify(&path)?;
                Ok(Digest::of_path(&input.path)?)
            }
            None => Ok(Digest::of_path(&input.path)?),
        }
    }

    /// The known path that this path is, or is inside of.
    fn known_above(&self, path: &Path) -> Option<(PathBuf, Known)> {
        let known = self.known();
        path.ancestors()
            .find_map(|above| Some((above.to_path_buf(), known.get(above)?.clone())))
    }

    /// Reads an output of the cache again, once, and compares it with its record. A damaged entry is removed.
    ///
    /// # Errors
    /// [`Error::Changed`] when it differs, [`Error::Lost`] when it cannot be read; [`Error::Absent`] when it is not here, and its action is
    /// run the next time.
    pub fn verify(&self, path: &Path) -> Result<(), Error> {
        let Some((path, known)) = self.known_above(path) else {
            return Ok(());
        };
        if let Some(key) = known.absent {
            locked(&self.wanted).insert(key);
            return Err(Error::Absent(path));
        }
        if known.verified {
            return Ok(());
        }
        let found = Digest::of_path(&path).map_err(Error::Lost);
        if found.as_ref().is_ok_and(|found| *found == known.digest) {
            self.known().insert(
                path,
                Known {
                    verified: true,
                    ..known
                },
            );
            return Ok(());
        }
        if let Some(entry) = known.entry {
            self.discard(entry);
        }
        Err(Error::Changed {
            path,
            expected: known.digest,
            found: found?,
        })
    }

    /// Removes a damaged entry; one that cannot be removed is not looked at any more.
    pub(crate) fn discard(&self, entry: PathBuf) {
        if staging::discard(&self.root, &entry).is_err() {
            locked(&self.damaged).insert(entry);
        }
    }

    /// Where a stage failed, its inputs from the cache must still be there: another process may have removed them meanwhile.
    fn check_there(&self, action: &Action) -> Result<(), Error> {
        let inputs = action.inputs.iter().map(|input| &input.path);
        let mut cached = inputs.filter(|path| self.known_above(path).is_some());
        let there = cached.try_for_each(|path| std::fs::metadata(path).map(drop).map_err(FileError::reading(path)));
        there.map_err(Error::Lost)
    }

    /// What the user's own inputs were when the action began, they must still be when it has ended.
    fn check_unchanged(&self, before: &Action, record: &Record, after: &Action) -> Result<(), Error> {
        let stage = record.stage.clone();
        if let Some((path, change)) = self.change(before, record, after)? {
            return Err(Error::ChangedMeanwhile { path, change, stage });
        }
        if before == after {
            Ok(())
        } else {
            Err(Error::DescribedOtherwise { stage })
        }
    }

    /// The first input that was changed, added or removed.
    fn change(&self, before: &Action, record: &Record, after: &Action) -> Result<Option<(PathBuf, Change)>, Error> {
        let (old, new): (BTreeSet<&Named>, BTreeSet<&Named>) =
            (before.inputs.iter().collect(), after.inputs.iter().collect());
        if let Some(input) = after.inputs.iter().find(|input| !old.contains(input)) {
            return Ok(Some((input.path.clone(), Change::Added)));
        }
        for (input, recorded) in before.inputs.iter().zip(&record.inputs) {
            if !new.contains(input) {
                return Ok(Some((input.path.clone(), Change::Removed)));
            }
            let is_own = self.known_above(&input.path).is_none();
            if is_own && Digest::of_path(&input.path)? != recorded.digest {
                return Ok(Some((input.path.clone(), Change::Changed)));
            }
        }
        Ok(None)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Known>> {
        locked(&self.known)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
