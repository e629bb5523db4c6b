//! The cache under use, damage and parallel builds.

use ampoule_action::{Action, Console, Digest, Named, Outputs, Stage, StageError};
use ampoule_cache::{Cache, Change, Error, Outcome, Prefilled};
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
    fn describe(&self) -> Action {
        let Self { input, output, runs: _ } = self;
        Action::default().input("input", input).output("output", output)
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

/// Counts the files of a folder, in which something is done meanwhile.
struct Count<'a> {
    folder: &'a Path,
    output: PathBuf,
    meanwhile: fn(&Path) -> std::io::Result<()>,
}

impl Stage for Count<'_> {
    fn name(&self) -> &'static str {
        "count"
    }
    fn code(&self) -> &'static str {
        "sha256-test"
    }
    fn describe(&self) -> Action {
        let Self {
            folder,
            output,
            meanwhile: _,
        } = self;
        let named = |file: PathBuf| Named::new(file.display().to_string(), file);
        let files = listed(folder).into_iter().map(named);
        Action::default().inputs(files).output("count", output)
    }
    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let count = listed(self.folder).len();
        (self.meanwhile)(self.folder)?;
        Ok(std::fs::write(outputs.path("count"), count.to_string())?)
    }
}

fn listed(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
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
        let stage = Capitals {
            input: input.to_path_buf(),
            output: "capitals.txt".into(),
            runs: &self.runs,
        };
        cache.perform(&stage, || Ok(()), &Console::quiet())
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
fn what_another_process_has_removed_is_built_again() {
    let place = Place::new("hello");
    place.build(&place.cache()).unwrap();
    let cache = place.cache();
    let first = place.build(&cache).unwrap();
    std::fs::remove_file(first.path("output")).unwrap();
    let error = place.build_from(&cache, first.path("output")).unwrap_err();
    assert!(matches!(error, Error::Lost(_)), "{error}");
    let again = place.build(&cache).unwrap();
    assert!(!again.hit);
    let stage = Count {
        folder: again.path("output").parent().unwrap(),
        output: "count.txt".into(),
        meanwhile: |folder| std::fs::remove_dir_all(folder).and(Err(std::io::Error::other("a file is missing"))),
    };
    let error = cache.perform(&stage, || Ok(()), &Console::quiet()).unwrap_err();
    assert!(matches!(error, Error::Lost(_)), "{error}");
}

#[test]
fn a_damaged_entry_that_cannot_be_removed_is_not_looked_at() {
    let place = Place::new("hello");
    let output = place.build(&place.cache()).unwrap().path("output").to_path_buf();
    std::fs::write(&output, "HACKED").unwrap();
    let staging = place.folder.path().join("cache/staging");
    std::fs::remove_dir_all(&staging).unwrap();
    std::fs::write(&staging, "no folder, so that nothing is removed or kept").unwrap();
    let (cache, prefilled) = (place.cache(), tempfile::tempdir().unwrap());
    let record = place.build(&cache).unwrap().record;
    let export = || cache.export(&record, prefilled.path(), |_| true);
    let error = export().unwrap_err();
    assert!(matches!(error, Error::Changed { .. }), "{error}");
    assert!(matches!(export().unwrap_err(), Error::Lost(_)));
    assert!(!place.build(&cache).unwrap().hit);
    assert!(place.build(&cache).unwrap().hit, "what could not be kept is there");
    export().unwrap();
    let other = Place::new("hello");
    let taken = other.build(&with(&other, prefilled.path())).unwrap();
    assert_eq!(std::fs::read_to_string(taken.path("output")).unwrap(), "HELLO");
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

#[test]
fn what_was_used_least_lately_is_cut_off() {
    let place = Place::new("hello");
    let root = place.folder.path().join("cache");
    drop(place.build(&place.cache()).unwrap());
    assert_eq!(Cache::cut(&root, 1 << 20, Duration::ZERO).unwrap().count, 0);
    let user = place.cache();
    assert_eq!(Cache::cut(&root, 0, Duration::ZERO).unwrap().count, 0, "it is in use");
    drop(user);
    assert_eq!(
        Cache::cut(&root, 0, Duration::MAX).unwrap().count,
        0,
        "it was looked at before"
    );
    assert_eq!(Cache::cut(&root, 0, Duration::ZERO).unwrap().count, 1);
    assert!(!place.build(&place.cache()).unwrap().hit);
}

/// What becomes of a count of `a`, `b` and `c` when this is done in their folder meanwhile, and whether it is in the cache then.
fn count_while(meanwhile: fn(&Path) -> std::io::Result<()>) -> (Result<Outcome, Error>, bool) {
    let place = tempfile::tempdir().unwrap();
    let (folder, root) = (place.path().join("files"), place.path().join("cache"));
    std::fs::create_dir(&folder).unwrap();
    for name in ["a", "b", "c"] {
        std::fs::write(folder.join(name), name).unwrap();
    }
    let stage = Count {
        folder: &folder,
        output: "count.txt".into(),
        meanwhile,
    };
    let cache = Cache::open(&root).unwrap();
    let outcome = cache.perform(&stage, || Ok(()), &Console::quiet());
    (outcome, root.join("entries").exists())
}

#[test]
fn what_was_done_to_a_file_while_a_stage_read_it_is_said() {
    let (outcome, kept) = count_while(|_| Ok(()));
    assert!(outcome.is_ok() && kept);
    // Each leaves the files before it as they were, so that neither names nor contents differ up to there.
    let added: fn(&Path) -> _ = |folder| std::fs::write(folder.join("d"), "d");
    let removed: fn(&Path) -> _ = |folder| std::fs::remove_file(folder.join("c"));
    let changed: fn(&Path) -> _ = |folder| std::fs::write(folder.join("c"), "other");
    for (meanwhile, file, expected) in [
        (added, "d", Change::Added),
        (removed, "c", Change::Removed),
        (changed, "c", Change::Changed),
    ] {
        let (outcome, kept) = count_while(meanwhile);
        match outcome {
            Err(Error::ChangedMeanwhile { path, change, stage }) => {
                assert_eq!(
                    (path.ends_with(file), change, stage.as_str()),
                    (true, expected, "count")
                );
            }
            other => panic!("{other:?}"),
        }
        assert!(!kept);
    }
    let (outcome, _) = count_while(removed);
    let said = outcome.unwrap_err().to_string();
    assert!(
        said.ends_with("/files/c was removed while the stage count ran, which reads it; build again"),
        "{said}"
    );
}

#[test]
fn an_outcome_says_where_its_inputs_are() {
    let place = Place::new("hello");
    let input = place.folder.path().join("input");
    let outcome = place.build(&place.cache()).unwrap();
    assert_eq!(outcome.inputs, [Named::new("input", input)]);
    assert_eq!(outcome.record.inputs.len(), 1);
}

/// What is built from `hello` and exported with these outputs.
fn exported(outputs: &[&str]) -> tempfile::TempDir {
    let (place, folder) = (Place::new("hello"), tempfile::tempdir().unwrap());
    let cache = place.cache();
    let outcome = place.build(&cache).unwrap();
    let is_wanted = |name: &str| outputs.contains(&name);
    cache.export(&outcome.record, folder.path(), is_wanted).unwrap();
    folder
}

/// The cache of a place with a prefilled one.
fn with(place: &Place, prefilled: &Path) -> Cache {
    place.cache().with(vec![Prefilled::open(prefilled).unwrap()])
}

#[test]
fn what_a_prefilled_cache_has_is_taken_over_and_it_is_only_read() {
    let prefilled = exported(&["output"]);
    let before = Digest::of_folder(prefilled.path()).unwrap();
    let place = Place::new("hello");
    let first = place.build(&with(&place, prefilled.path())).unwrap();
    assert_eq!((first.hit, place.runs()), (true, 0));
    assert_eq!(std::fs::read_to_string(first.path("output")).unwrap(), "HELLO");
    assert_eq!(Digest::of_folder(prefilled.path()).unwrap(), before);
    drop(prefilled);
    assert!(place.build(&place.cache()).unwrap().hit, "it is in the own cache");
    std::fs::write(place.folder.path().join("input"), "other").unwrap();
    assert!(!place.build(&place.cache()).unwrap().hit);
}

#[test]
fn a_damaged_prefilled_cache_is_not_believed() {
    for damage in [b"".as_slice(), b"other"] {
        let prefilled = exported(&["output"]);
        let contents = listed(&prefilled.path().join("contents"));
        std::fs::write(&contents[0], zstd::encode_all(damage, 1).unwrap()).unwrap();
        let place = Place::new("hello");
        let built = place.build(&with(&place, prefilled.path())).unwrap();
        assert_eq!((built.hit, place.runs()), (false, 1));
        assert_eq!(std::fs::read_to_string(built.path("output")).unwrap(), "HELLO");
        let error = place.cache().import(&Prefilled::open(prefilled.path()).unwrap());
        assert!(error.is_ok_and(|count| count == 0), "the entry is here");
        let error = Place::new("")
            .cache()
            .import(&Prefilled::open(prefilled.path()).unwrap());
        assert!(matches!(error, Err(Error::Changed { .. })), "{error:?}");
    }
}

#[test]
fn an_output_of_which_the_digest_alone_is_known_is_made_when_it_is_read() {
    let prefilled = exported(&[]);
    let place = Place::new("hello");
    let cache = with(&place, prefilled.path());
    let known = place.build(&cache).unwrap();
    assert_eq!(
        (known.hit, known.path("output").exists(), place.runs()),
        (true, false, 0)
    );
    let error = place.build_from(&cache, known.path("output")).unwrap_err();
    assert!(matches!(error, Error::Absent(_)), "{error}");
    let made = place.build(&cache).unwrap();
    assert_eq!((made.hit, place.runs()), (false, 1));
    assert_eq!(made.outputs["output"].digest, known.outputs["output"].digest);
    place.build_from(&cache, made.path("output")).unwrap();
    assert!(place.build(&place.cache()).unwrap().hit, "it stays");
}

#[test]
fn an_action_under_another_key_is_not_believed() {
    let prefilled = exported(&["output"]);
    let place = Place::new("other");
    let other = place.build(&place.cache()).unwrap();
    let actions = listed(&prefilled.path().join("actions"));
    let wrong = format!("{}.json", other.record.key().hexadecimal());
    std::fs::rename(&actions[0], actions[0].with_file_name(wrong)).unwrap();
    Cache::prune(&place.folder.path().join("cache"), Duration::ZERO).unwrap();
    let built = place.build(&with(&place, prefilled.path())).unwrap();
    assert!(!built.hit);
    assert_eq!(std::fs::read_to_string(built.path("output")).unwrap(), "OTHER");
}
