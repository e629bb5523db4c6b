//! Bringing pinned files into a folder.

use crate::crates::Crates;
use crate::download::Partial;
use crate::http::Client;
use crate::pins::{Pin, PinnedFile};
use crate::source::{Lookup, Place, SourceError, is_right};
use crate::{Error, FailedAttempt, FailedFile, Mirror, MissingFile, Platform};
use ampoule_action::{Console, make_folder, parallel};
use indicatif::{HumanBytes, ProgressBar, ProgressStyle};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The pauses before each further round over the sources of a file, when another attempt may go better.
const PAUSES: [Duration; 3] = [
    Duration::from_millis(500),
    Duration::from_secs(2),
    Duration::from_secs(5),
];

/// How many files are fetched at a time where nothing else is asked for.
pub const JOBS: NonZero<usize> = NonZero::new(4).unwrap();

/// How to fetch.
#[derive(Clone, Debug)]
pub struct Options {
    /// The machine that the files are for.
    pub platform: Platform,
    /// Folders and archives to take files from before any source is asked.
    pub mirrors: Vec<Mirror>,
    /// Roots of Debian mirrors to use before those of apt, and of archives of snapshots, with `@SNAPSHOTID@` where the snapshot
    /// stands.
    pub debian_mirrors: Vec<String>,
    /// Whether to fail instead of using the network.
    pub offline: bool,
    /// How many files are fetched at a time.
    pub jobs: NonZero<usize>,
    /// The pauses between attempts; the tests make them short.
    pub pauses: Vec<Duration>,
    /// The cargo that fetches crates where this machine has none of its own.
    pub cargo: Option<PathBuf>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            platform: Platform::host(),
            mirrors: Vec::new(),
            debian_mirrors: Vec::new(),
            offline: false,
            jobs: JOBS,
            pauses: PAUSES.to_vec(),
            cargo: None,
        }
    }
}

/// One file to bring.
pub(crate) struct Task<'a> {
    pin: &'a Pin,
    pub(crate) file: &'a PinnedFile,
    pub(crate) destination: PathBuf,
    /// Whether it is one of many crates, which are spoken of together.
    pub(crate) is_of_many: bool,
}

impl Task<'_> {
    /// Whether the file is there.
    pub(crate) fn is_done(&self) -> bool {
        is_right(&self.destination, &self.file.digest)
    }
}

/// Brings the files of pins into a folder, each under its own name, and gives their paths by the names of the pins.
///
/// What is there already and has its digest stays as it is.
///
/// # Errors
/// When a file is pinned for other platforms only, is missing with the network switched off, or is given by no source.
/// All such files are named in the one error.
pub fn fetch(
    pins: &[&Pin],
    folder: &Path,
    options: &Options,
    console: &Console,
) -> Result<BTreeMap<String, PathBuf>, Error> {
    let tasks = tasks(pins, folder, &options.platform)?;
    if !options.offline || !options.mirrors.is_empty() {
        make_folder(folder)?;
    }
    let crates = Crates::among(&tasks);
    crates.download(options, console)?;
    // All are tried, whatever fails.
    let bring = |task: &Task| Ok::<_, Error>(bring(task, options, console).err());
    let shortfalls = parallel::map(Some(options.jobs), &tasks, bring, |_, _| ())?;
    let (missing, failed) = sort_out(shortfalls.into_iter().flatten());
    if !failed.is_empty() {
        return Err(Error::NotFetched { failed });
    }
    if !missing.is_empty() {
        let folder = folder.to_path_buf();
        return Err(Error::Missing { folder, missing });
    }
    crates.tell(console);
    let named = |task: Task| (task.pin.name.clone(), task.destination);
    Ok(tasks.into_iter().map(named).collect())
}

fn tasks<'a>(pins: &[&'a Pin], folder: &Path, platform: &Platform) -> Result<Vec<Task<'a>>, Error> {
    let task = |pin: &&'a Pin| {
        let file = pin.file(platform)?;
        let destination = file.path_in(folder);
        Ok(Task {
            pin,
            file,
            destination,
            is_of_many: false,
        })
    };
    let mut tasks = pins.iter().map(task).collect::<Result<Vec<_>, Error>>()?;
    let is_crate = |task: &Task| task.file.as_crate().is_some();
    if tasks.iter().filter(|task| is_crate(task)).count() > 1 {
        tasks.iter_mut().for_each(|task| task.is_of_many = is_crate(task));
    }
    Ok(tasks)
}

/// Why a file is not there.
enum Shortfall {
    /// The network is switched off.
    Offline(MissingFile),
    /// No source gave it.
    Failed(FailedFile),
}

fn sort_out(shortfalls: impl Iterator<Item = Shortfall>) -> (Vec<MissingFile>, Vec<FailedFile>) {
    let (mut missing, mut failed) = (Vec::new(), Vec::new());
    for shortfall in shortfalls {
        match shortfall {
            Shortfall::Offline(file) => missing.push(file),
            Shortfall::Failed(file) => failed.push(file),
        }
    }
    (missing, failed)
}

/// Brings one file: from its place, from a mirror, from its sources.
fn bring<'a>(task: &Task, options: &'a Options, console: &Console) -> Result<(), Shortfall> {
    if task.is_done() {
        return Ok(());
    }
    if task.destination.exists() {
        console.line(&format!(
            "{} is not what its pin says; it is fetched again",
            task.destination.display()
        ));
    }
    let mut attempts = Vec::new();
    let named = |mirror: &'a Mirror| mirror.candidates(task.file).into_iter().map(move |name| (mirror, name));
    for (mirror, name) in options.mirrors.iter().flat_map(named) {
        match mirror.take(&name, task.file, &task.destination) {
            Ok(()) => return Ok(()),
            Err(reason) => attempts.push(failed_attempt("--mirror", reason)),
        }
    }
    if options.offline && attempts.is_empty() {
        return Err(Shortfall::Offline(missing(task)));
    }
    let result = if options.offline {
        Err(attempts)
    } else {
        from_sources(task, options, console, attempts)
    };
    result.map_err(|attempts| {
        Shortfall::Failed(FailedFile {
            name: task.pin.name.clone(),
            file: task.file.file.clone(),
            attempts,
        })
    })
}

fn missing(task: &Task) -> MissingFile {
    MissingFile {
        name: task.pin.name.clone(),
        file: task.file.file.clone(),
        size: task.file.size,
        digest: task.file.digest,
        sources: task.file.sources.iter().map(ToString::to_string).collect(),
    }
}

fn failed_attempt(source: impl ToString, reason: String) -> FailedAttempt {
    FailedAttempt {
        source_name: source.to_string(),
        reason,
    }
}

/// Asks the sources in order, and again after a pause as long as one of them may do better.
fn from_sources(
    task: &Task,
    options: &Options,
    console: &Console,
    earlier: Vec<FailedAttempt>,
) -> Result<(), Vec<FailedAttempt>> {
    let with_earlier = |attempts: Vec<FailedAttempt>| earlier.iter().cloned().chain(attempts).collect();
    let opened = Partial::open(task.file, &task.destination);
    let mut partial = opened.map_err(|reason| with_earlier(vec![failed_attempt("the output folder", reason)]))?;
    // Another process may have brought it while this one waited for the lock.
    if task.is_done() {
        partial.discard();
        return Ok(());
    }
    let progress = Progress::start(task, console);
    let client = Client::new();
    let lookup = Lookup {
        client: &client,
        debian_mirrors: &options.debian_mirrors,
        cargo: options.cargo.as_deref(),
    };
    let mut pauses = options.pauses.iter();
    // Package clients try again by themselves: what one says in the first round is kept.
    let mut said = BTreeMap::new();
    loop {
        let failed = match round(task, lookup, &mut partial, &progress, &mut said) {
            Ok(source) => {
                let finished = partial.finish(&task.destination);
                finished.map_err(|error| with_earlier(vec![failed_attempt("the output folder", error.message)]))?;
                progress.done(task, console, &source);
                return Ok(());
            }
            Err(failed) => failed,
        };
        match pauses.next() {
            Some(pause) if failed.transient => std::thread::sleep(*pause),
            _ => {
                partial.abandon();
                progress.stop();
                return Err(with_earlier(failed.attempts));
            }
        }
    }
}

/// A round that no source has ended well.
struct FailedRound {
    attempts: Vec<FailedAttempt>,
    /// Whether another round may go better.
    transient: bool,
}

/// One round over the sources; gives the name of the one that gave the file. `said` has what package clients have said, by the
/// number of the way.
fn round(
    task: &Task,
    lookup: Lookup,
    partial: &mut Partial,
    progress: &Progress,
    said: &mut BTreeMap<usize, String>,
) -> Result<String, FailedRound> {
    let mut failed = FailedRound {
        attempts: Vec::new(),
        transient: false,
    };
    let sources = task.file.sources.iter();
    let ways = sources.flat_map(|source| source.ways(task.file, lookup).into_iter().map(move |way| (source, way)));
    for (number, (source, way)) in ways.enumerate() {
        if let Some(message) = said.get(&number) {
            failed.attempts.push(failed_attempt(source, message.clone()));
            continue;
        }
        match way
            .place()
            .and_then(|place| receive(place, lookup.client, partial, &progress.bar))
        {
            Ok(()) => return Ok(source.to_string()),
            Err(error) => {
                if way.is_of_client {
                    said.insert(number, error.message.clone());
                }
                failed.transient |= error.transient;
                failed.attempts.push(failed_attempt(source, error.message));
            }
        }
    }
    Err(failed)
}

fn receive(place: Place, client: &Client, partial: &mut Partial, bar: &ProgressBar) -> Result<(), SourceError> {
    match place {
        Place::Url(url) => partial.download(client, &url, bar),
        Place::File(path) => partial.take(&path),
        Place::Downloaded(path, _folder) => partial.take(&path),
    }
}

/// What the user sees of one file: a bar on a terminal, and a line at the end.
struct Progress {
    bar: ProgressBar,
    start: Instant,
}

impl Progress {
    fn start(task: &Task, console: &Console) -> Progress {
        let bar = if console.is_quiet() || task.is_of_many {
            ProgressBar::hidden()
        } else {
            let style = ProgressStyle::with_template("{msg:14} [{bar:32}] {bytes}/{total_bytes} {bytes_per_sec}")
                .expect("the template is well-formed");
            let bar = match task.file.size {
                Some(size) => ProgressBar::new(size),
                None => ProgressBar::no_length(),
            };
            let bar = bar.with_style(style.progress_chars("=> "));
            console.bars().add(bar.with_message(task.pin.name.clone()))
        };
        Progress {
            bar,
            start: Instant::now(),
        }
    }

    fn done(&self, task: &Task, console: &Console, source: &str) {
        self.stop();
        if task.is_of_many {
            return;
        }
        let (name, version) = (&task.pin.name, &task.pin.version);
        let size = HumanBytes(std::fs::metadata(&task.destination).map_or(0, |file| file.len()));
        let seconds = self.start.elapsed().as_secs_f64();
        console.line(&format!(
            "fetched {name} {version}: {size} in {seconds:.1} s from {source}"
        ));
    }

    fn stop(&self) {
        self.bar.finish_and_clear();
    }
}
