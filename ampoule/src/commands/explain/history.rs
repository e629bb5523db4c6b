//! The records of a project's last two builds, kept in the cache: `ROOT/builds/DIGEST OF THE PROJECT'S FOLDER.json`.

use crate::chain::Steps;
use crate::error::Failure;
use ampoule_action::{Digest, Record};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A project's last build, and the one before.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct History {
    pub last: Vec<Action>,
    pub previous: Vec<Action>,
}

/// A stage of a build.
#[derive(Debug, Serialize, Deserialize)]
pub struct Action {
    pub record: Record,
    /// Whether its outputs came from the cache.
    pub hit: bool,
}

impl History {
    /// What the cache has of a project; none if it was never built with this cache.
    pub fn read(cache: &Path, project: &Path) -> Result<Option<History>, Failure> {
        let file = file(cache, project)?;
        if !file.exists() {
            return Ok(None);
        }
        // A file of another version of Ampoule says nothing that could be compared.
        Ok(serde_json::from_slice(&ampoule_action::read(&file)?).ok())
    }
}

/// Keeps the records of a build. Where the cache cannot be written, nothing is kept, as of the outputs.
pub fn remember(cache: &Path, project: &Path, steps: &Steps) -> Result<(), Failure> {
    let actions = steps.0.iter().map(|step| Action {
        record: step.record.clone(),
        hit: step.hit,
    });
    let history = History {
        last: actions.collect(),
        previous: History::read(cache, project)?.unwrap_or_default().last,
    };
    let json = serde_json::to_vec(&history).expect("records are JSON");
    let _ = ampoule_action::write_atomically(&file(cache, project)?, &json);
    Ok(())
}

fn file(cache: &Path, project: &Path) -> Result<PathBuf, Failure> {
    let folder = project.canonicalize().map_err(|_| Failure::NoProjectFolder {
        folder: project.to_path_buf(),
    })?;
    let digest = Digest::of_bytes(folder.as_os_str().as_encoded_bytes());
    Ok(cache.join("builds").join(format!("{}.json", digest.hexadecimal())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_cache::Cache;
    use std::time::Duration;

    #[test]
    fn what_is_old_is_forgotten() {
        let cache = tempfile::tempdir().unwrap();
        Cache::prune(cache.path(), Duration::ZERO).expect("a cache without builds is fine");
        let project = tempfile::tempdir().unwrap();
        let file = file(cache.path(), project.path()).unwrap();
        std::fs::create_dir(file.parent().unwrap()).unwrap();
        std::fs::write(&file, r#"{"last": [], "previous": []}"#).unwrap();
        Cache::prune(cache.path(), Duration::from_secs(3600)).unwrap();
        assert!(History::read(cache.path(), project.path()).unwrap().is_some());
        Cache::prune(cache.path(), Duration::ZERO).unwrap();
        assert!(History::read(cache.path(), project.path()).unwrap().is_none());
    }
}
