//! The cache under use, damage and parallel builds.

use ampoule_action::{Cache, Console, Error, Named, Outcome, Outputs, Stage, StageError};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Writes its input in capital letters.
struct Capitals<'a> {
    input: PathBuf,
    output: PathBuf,
    runs: &'a AtomicUsize,
}

impl Stage for Capitals<'_> {
    fn name(&self) -> &'static str {
        "capitals"
    }
    fn code(&self) -> &'static str {
        "sha256-test"
    }
    fn parameters(&self) -> BTreeMap<String, serde_json::Value> {
        BTreeMap::new()
    }
    fn inputs(&self) -> Vec<Named> {
        vec![Named::new("input", &self.input)]
    }
    fn outputs(&self) -> Vec<Named> {
        vec![Named::new("output", &self.output)]
    }
    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        self.runs.fetch_add(1, Ordering::SeqCst);
        let text = ampoule_action::read_text(&self.input)?;
        if text.contains("bad") {
            return Err("the input is bad".into());
        }
        Ok(std::fs::write(outputs.path("output"), text.to_uppercase())?)
    }
}

struct Place {
    folder: tempfile::TempDir,
    runs: AtomicUsize,
}

impl Place {
    fn new(input: &str) -> Place {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("input"), input).unwrap();
        Place {
            folder,
            runs: AtomicUsize::new(0),
        }
    }

    fn cache(&self) -> Cache {
        Cache::open(&self.folder.path().join("cache")).unwrap()
    }

    fn build(&self, cache: &Cache) -> Result<Outcome, Error> {
        self.build_from(cache, &self.folder.path().join("input"))
    }

    fn build_from(&self, cache: &Cache, input: &Path) -> Result<Outcome, Error> {
        let make = |folder: &Path| Capitals {
            input: input.to_path_buf(),
            output: folder.join("capitals.txt"),
            runs: &self.runs,
        };
        cache.perform(make, || Ok(()), &Console::quiet())
    }

    fn runs(&self) -> usize {
        self.runs.load(Ordering::SeqCst)
    }
}

#[test]
fn an_action_runs_once_and_again_when_its_input_changes() {
    let place = Place::new("hello");
    let first = place.build(&place.cache()).unwrap();
    let second = place.build(&place.cache()).unwrap();
    assert_eq!((first.hit, second.hit, place.runs()), (false, true, 1));
    assert_eq!(std::fs::read_to_string(second.path("output")).unwrap(), "HELLO");
    std::fs::write(place.folder.path().join("input"), "other").unwrap();
    let third = place.build(&place.cache()).unwrap();
    assert_eq!((third.hit, place.runs()), (false, 2));
    assert_eq!(std::fs::read_to_string(third.path("output")).unwrap(), "OTHER");
}

#[test]
fn parallel_builds_run_an_action_once() {
    let place = Place::new("hello");
    let outputs: Vec<String> = std::thread::scope(|scope| {
        let builds: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let cache = place.cache();
                    let outcome = place.build(&cache).unwrap();
                    std::fs::read_to_string(outcome.path("output")).unwrap()
                })
            })
            .collect();
        builds.into_iter().map(|build| build.join().unwrap()).collect()
    });
    assert!(outputs.iter().all(|output| output == "HELLO"));
    assert_eq!(place.runs(), 1);
}

#[test]
fn a_failed_action_leaves_nothing() {
    let place = Place::new("bad");
    let error = place.build(&place.cache()).unwrap_err();
    assert_eq!(error.to_string(), "the input is bad");
    let cache = place.folder.path().join("cache");
    assert!(!cache.join("entries").exists());
    assert_eq!(std::fs::read_dir(cache.join("staging")).unwrap().count(), 0);
}

#[test]
fn a_damaged_input_from_the_cache_is_found_and_built_again() {
    let place = Place::new("hello");
    place.build(&place.cache()).unwrap();
    let cache = place.cache();
    let first = place.build(&cache).unwrap();
    std::fs::write(first.path("output"), "HACKED").unwrap();
    let error = place.build_from(&cache, first.path("output")).unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error}");
    let cache = place.cache();
    let again = place.build(&cache).unwrap();
    assert!(!again.hit);
    assert_eq!(std::fs::read_to_string(again.path("output")).unwrap(), "HELLO");
}

#[test]
fn a_record_cut_short_counts_as_no_entry() {
    let place = Place::new("hello");
    let first = place.build(&place.cache()).unwrap();
    let record = first
        .path("output")
        .parent()
        .unwrap()
        .parent()
        .unwrap()
        .join("record.json");
    std::fs::write(&record, &std::fs::read(&record).unwrap()[..20]).unwrap();
    let again = place.build(&place.cache()).unwrap();
    assert!(!again.hit);
    assert_eq!(std::fs::read_to_string(again.path("output")).unwrap(), "HELLO");
}

#[test]
fn pruning_removes_what_is_unused_and_what_killed_builds_left() {
    let place = Place::new("hello");
    place.build(&place.cache()).unwrap();
    let root = place.folder.path().join("cache");
    let left = root.join("staging/left-behind");
    std::fs::create_dir_all(&left).unwrap();
    std::fs::write(left.join("lock"), "").unwrap();
    assert_eq!(Cache::prune(&root, Duration::from_secs(3600)).unwrap().count, 0);
    assert!(!left.exists());
    assert_eq!(Cache::prune(&root, Duration::ZERO).unwrap().count, 1);
    assert!(!place.build(&place.cache()).unwrap().hit);
}
