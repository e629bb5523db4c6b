//! The chain on one machine: the toolchain's stages, then the app's, each looked up in the cache first.

mod app;
mod built;
mod dependencies;
mod native;
mod packages;
mod resolved;
mod rust;
mod toolchain;
mod wit;

pub use built::{Built, Steps};
pub use dependencies::{DEPENDENCIES, tried};
pub use resolved::Resolved;
pub use rust::is_first_choice;
pub use wit::Wit;

use crate::error::Failure;
use crate::project::Project;
use ampoule_action::{Console, Links, Record, Stage, StageError, copy_folder, parallel};
use ampoule_archive::Archive;
use ampoule_cache::{Cache, Error, Outcome, Prefilled};
use ampoule_fetch::{Pin, PinnedFile, Pins};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// How often a build starts again after it has found and removed a damaged entry of the cache.
const REPAIRS: usize = 8;

/// What the chain works with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The cache's folder.
    pub cache: PathBuf,
    /// Prefilled caches.
    pub prefilled: Vec<Prefilled>,
    /// Where fetched files come from.
    pub fetching: ampoule_fetch::Options,
    /// An unpacked wasi-sdk release in place of the pinned SDK.
    pub sdk: Option<PathBuf>,
    /// Whether snapshots run the linked module, too, to compare.
    pub verify_fused: bool,
}

/// The chain with its cache.
pub struct Chain<'a> {
    cache: Cache,
    console: &'a Console,
    pins: Pins,
    options: Options,
    steps: RefCell<Steps>,
    /// The crates of which libraries were made, as their locks name them.
    crates: RefCell<Vec<Pin>>,
}

impl<'a> Chain<'a> {
    /// Opens the cache.
    pub fn open(options: Options, console: &'a Console) -> Result<Chain<'a>, Failure> {
        Ok(Chain {
            cache: Cache::open(&options.cache)?.with(options.prefilled.clone()),
            console,
            pins: Pins::embedded(),
            options,
            steps: RefCell::default(),
            crates: RefCell::default(),
        })
    }

    /// What came of the actions of an earlier build, as far as it is in the cache still.
    pub fn recall(&self, records: &[Record]) -> Steps {
        let outcomes = records.iter().filter_map(|record| self.cache.recall(record));
        Steps(outcomes.map(Rc::new).collect())
    }

    /// Builds a project and writes its component.
    ///
    /// # Errors
    /// Also when the component's file is one that it is built from, or the component is larger than its budget.
    pub fn build<'p>(&self, project: &'p Project) -> Result<Built<'p>, Failure> {
        if is_input(project) {
            let file = project.output.clone();
            return Err(Failure::OutputIsInput { file });
        }
        let built = self.assemble(project)?;
        let component = ampoule_action::read(built.component())?;
        crate::report::check_budget(&built, &component)?;
        ampoule_action::write_atomically(&project.output, &component)?;
        Ok(built)
    }

    /// Builds a project, whose component stays in the cache.
    pub fn assemble<'p>(&self, project: &'p Project) -> Result<Built<'p>, Failure> {
        let built = self.repairing(|| {
            let resolved = self.resolve(project)?;
            let component = self.component(&resolved)?;
            self.cache.verify(&component)?;
            self.write_stubs(&resolved)?;
            Ok(resolved)
        });
        let resolved = built.map_err(|failure| dependencies::with_hint(failure, project))?;
        Ok(Built {
            steps: self.steps(),
            pinned: self.by_path(&resolved.pins)?,
            resolved,
        })
    }

    /// Brings the bindings for editors up to date, where the project wants any.
    fn write_stubs(&self, resolved: &Resolved) -> Result<(), Failure> {
        let Some(folder) = &resolved.project.stubs else {
            return Ok(());
        };
        let made = self.bindings(&resolved.project.world, &resolved.wit, true)?;
        copy_folder(&made, folder, Links::Kept, |_| true).map_err(|error| Failure::Stubs {
            folder: folder.clone(),
            error,
        })
    }

    /// What has been done since the last call.
    pub fn steps(&self) -> Steps {
        self.steps.take()
    }

    /// The pins of the toolchain, of crates and these, by the paths of their files.
    fn by_path(&self, pins: &[Pin]) -> Result<BTreeMap<PathBuf, (Pin, PinnedFile)>, Failure> {
        let mut found = BTreeMap::new();
        for pin in self.pins.all().iter().chain(pins).chain(self.crates.borrow().iter()) {
            // Some are for other systems.
            if let Ok(file) = pin.file(&self.options.fetching.platform) {
                found.insert(file.path_in(&self.cache.files()), (pin.clone(), file.clone()));
            }
        }
        Ok(found)
    }

    /// Does the work; when an entry of the cache turns out to be damaged, it is gone by then, and the work is done again. So it is when
    /// something is read of which a prefilled cache has the digest alone: it is made then.
    pub fn repairing<T>(&self, work: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
        for _ in 0..REPAIRS {
            self.steps.take();
            match work() {
                Err(Failure::Action(Error::Changed { path, .. })) => {
                    self.console.print(&format!(
                        "{} was damaged in the cache; it is built again",
                        path.display()
                    ));
                }
                Err(Failure::Action(Error::Lost(error))) => {
                    self.console
                        .print(&format!("{error}: it was in the cache before; it is built again"));
                }
                Err(Failure::Action(Error::Absent(path))) => {
                    let name = path.file_name().unwrap_or_default().display();
                    self.console
                        .line(&format!("{name} is needed, which no prefilled cache has: it is made"));
                }
                result => return result,
            }
        }
        work()
    }

    /// Adds the result of an action to a prefilled cache; of the outputs that are not wanted, the digest alone.
    pub fn export(&self, record: &Record, folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<(), Failure> {
        Ok(self.cache.export(record, folder, is_wanted)?)
    }

    /// A pinned archive as a stage takes it.
    fn archive(&self, pin: &Pin) -> Result<Archive, Failure> {
        self.place(pin)?;
        Ok(pin.archive(&self.options.fetching.platform, &self.cache.files())?)
    }

    /// Where a pinned file is, or will be when it is fetched; its digest counts as known.
    fn place(&self, pin: &Pin) -> Result<PathBuf, Failure> {
        let file = pin.file(&self.options.fetching.platform)?;
        let path = file.path_in(&self.cache.files());
        self.cache.state(&path, file.digest);
        Ok(path)
    }

    fn fetch(&self, pins: &[&Pin]) -> Result<(), StageError> {
        if !pins.is_empty() {
            ampoule_fetch::fetch(pins, &self.cache.files(), &self.options.fetching, self.console)?;
        }
        Ok(())
    }

    /// Fetches the pinned files of a group into a folder.
    pub fn fetch_group(&self, group: &str, folder: &Path) -> Result<(), Failure> {
        let pins = self.pins.group(group);
        ampoule_fetch::fetch(&pins, folder, &self.options.fetching, self.console)?;
        Ok(())
    }

    /// Runs stages that need nothing fetched and do not need each other, several at the same time.
    fn perform_all<S: Stage + Sync>(&self, stages: &[S]) -> Result<Vec<Rc<Outcome>>, Failure> {
        let (cache, console) = (&self.cache, self.console);
        let perform = |stage: &S| cache.perform(stage, || Ok(()), console);
        let outcomes = parallel::map(None, stages, perform, |_, _| ())?;
        let outcomes: Vec<Rc<Outcome>> = outcomes.into_iter().map(Rc::new).collect();
        self.steps.borrow_mut().0.extend(outcomes.iter().cloned());
        Ok(outcomes)
    }

    /// Runs a stage through the cache; `pins` are fetched if it has to run.
    fn perform(&self, pins: &[&Pin], stage: &dyn Stage) -> Result<Rc<Outcome>, Failure> {
        self.perform_after(|| self.fetch(pins), stage)
    }

    /// Runs a stage through the cache; `prepare` is called before it has to run.
    fn perform_after(
        &self,
        prepare: impl FnOnce() -> Result<(), StageError>,
        stage: &dyn Stage,
    ) -> Result<Rc<Outcome>, Failure> {
        let outcome = Rc::new(self.cache.perform(stage, prepare, self.console)?);
        self.steps.borrow_mut().0.push(outcome.clone());
        Ok(outcome)
    }
}

/// Whether the project's output is one of its inputs. A component in its folders is none: an earlier build has left it.
fn is_input(project: &Project) -> bool {
    let Ok(output) = project.output.canonicalize() else {
        return false;
    };
    let wit = project.world.chosen.wit.iter().chain(&project.wit_folder);
    let lock = project.lock.iter().map(|lock| &lock.file);
    let inputs = wit.chain(lock).chain(&project.paths);
    let inputs = inputs.filter_map(|path| path.canonicalize().ok());
    let is_within =
        |input: PathBuf| output == input || output.starts_with(&input) && !ampoule_compile::is_component(&output);
    output.is_file() && inputs.into_iter().any(is_within)
}
