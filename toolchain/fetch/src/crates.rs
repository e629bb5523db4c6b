//! The crates of a lock, which cargo downloads all at once: a hundred of them take it as long as one.

use crate::Error;
use crate::fetch::{Options, Task};
use crate::source::cargo;
use ampoule_action::Console;
use indicatif::HumanBytes;
use std::path::Path;
use std::time::Instant;

/// The crates among files to fetch that are not there yet, where they are so many that they are not spoken of one by one.
pub(crate) struct Crates<'t> {
    tasks: Vec<&'t Task<'t>>,
    begin: Instant,
}

impl<'t> Crates<'t> {
    /// Finds them.
    pub(crate) fn among(tasks: &'t [Task<'t>]) -> Crates<'t> {
        let missing = tasks.iter().filter(|task| task.is_of_many && !task.is_done());
        Crates {
            tasks: missing.collect(),
            begin: Instant::now(),
        }
    }

    /// Has cargo download those that are nowhere on this machine to its own cache, from which they are taken afterwards.
    ///
    /// # Errors
    /// When cargo fails, as it would for each of them.
    pub(crate) fn download(&self, options: &Options, console: &Console) -> Result<(), Error> {
        let in_mirror = |task: &Task| {
            let mut mirrors = options.mirrors.iter();
            mirrors.any(|mirror| !mirror.candidates(task.file).is_empty())
        };
        let wanted = self.tasks.iter().filter(|task| !in_mirror(task));
        let wanted = wanted.filter_map(|task| Some((task, task.file.as_crate()?)));
        let wanted =
            wanted.filter(|(task, (name, version))| cargo::from_cache(name, version, &task.file.digest).is_err());
        let wanted: Vec<_> = wanted
            .map(|(task, (name, version))| (name, version, &task.file.digest))
            .collect();
        if options.offline || wanted.is_empty() {
            return Ok(());
        }
        let total = wanted.len() as u64;
        let show = |done| console.step("fetching crates", done, total);
        cargo::download(&wanted, options.cargo.as_deref(), show).map_err(|error| Error::NoCrates {
            count: wanted.len(),
            reason: error.message,
        })
    }

    /// Says that all are there.
    pub(crate) fn tell(&self, console: &Console) {
        if self.tasks.is_empty() {
            return;
        }
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let sizes = self.tasks.iter().map(|task| size(&task.destination));
        console.line(&format!(
            "fetched {} crates: {} in {:.1} s",
            self.tasks.len(),
            HumanBytes(sizes.sum()),
            self.begin.elapsed().as_secs_f64()
        ));
    }
}
