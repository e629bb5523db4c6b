//! The chain on one machine: the toolchain's stages, then the app's, each looked up in the cache first.

mod app;
mod dependencies;
mod report;
mod toolchain;

pub use dependencies::DEPENDENCIES;
pub use report::Built;

use crate::error::Failure;
use crate::project::Project;
use ampoule_action::{Console, Digest, Stage, StageError};
use ampoule_cache::{Cache, Error, Outcome};
use ampoule_fetch::{Pin, Pins, Platform};
use std::cell::RefCell;
use std::path::PathBuf;

/// How often a build starts again after it has found and removed a damaged entry of the cache.
const REPAIRS: usize = 8;

/// What the chain works with.
#[derive(Clone, Debug)]
pub struct Options {
    /// The cache's folder.
    pub cache: PathBuf,
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
    steps: RefCell<Vec<Outcome>>,
}

impl<'a> Chain<'a> {
    /// Opens the cache.
    pub fn open(options: Options, console: &'a Console) -> Result<Chain<'a>, Failure> {
        Ok(Chain {
            cache: Cache::open(&options.cache)?,
            console,
            pins: Pins::embedded(),
            options,
            steps: RefCell::default(),
        })
    }

    /// Builds a project and writes its component.
    ///
    /// # Errors
    /// Also when the component's file is one that it is built from.
    pub fn build(&self, project: &Project) -> Result<Built, Failure> {
        if is_input(project) {
            let file = project.output.clone();
            return Err(Failure::OutputIsInput { file });
        }
        self.repairing(|| {
            let component = self.component(project)?;
            self.cache.verify(&component)?;
            ampoule_action::write_atomically(&project.output, &ampoule_action::read(&component)?)?;
            Ok(())
        })?;
        Ok(self.built())
    }

    /// What has been built since the last call.
    pub fn built(&self) -> Built {
        Built {
            steps: self.steps.take(),
        }
    }

    /// Where fetched files are in the cache.
    pub fn files(&self) -> PathBuf {
        self.cache.files()
    }

    /// The pins of the toolchain.
    pub fn pins(&self) -> &Pins {
        &self.pins
    }

    /// The machine that the pinned files are for.
    pub fn platform(&self) -> &Platform {
        &self.options.fetching.platform
    }

    /// Does the work; when an entry of the cache turns out to be damaged, it is gone by then, and the work is done again.
    pub fn repairing<T>(&self, work: impl Fn() -> Result<T, Failure>) -> Result<T, Failure> {
        for _ in 0..REPAIRS {
            self.steps.borrow_mut().clear();
            match work() {
                Err(Failure::Action(Error::Changed { path, .. })) => {
                    self.console.print(&format!(
                        "{} was damaged in the cache; it is built again",
                        path.display()
                    ));
                }
                result => return result,
            }
        }
        work()
    }

    /// Where pinned files are, or will be when they are fetched; their digests count as known.
    fn pinned<const COUNT: usize>(&self, pins: &[&Pin; COUNT]) -> Result<[PathBuf; COUNT], Failure> {
        let mut paths = Vec::with_capacity(COUNT);
        for pin in pins {
            paths.push(self.place(pin)?);
        }
        Ok(paths.try_into().expect("there is a path for each pin"))
    }

    /// Where one pinned file is, or will be.
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

    /// Runs a stage through the cache; `pins` are fetched if it has to run. Gives the position of its outcome.
    fn perform(&self, pins: &[&Pin], stage: &dyn Stage) -> Result<Done<'_>, Failure> {
        let outcome = self.cache.perform(stage, || self.fetch(pins), self.console)?;
        self.steps.borrow_mut().push(outcome);
        let position = self.steps.borrow().len() - 1;
        Ok(Done {
            steps: &self.steps,
            position,
        })
    }
}

/// Whether the project's output is one of its inputs. A component in its folders is none: an earlier build has left it.
fn is_input(project: &Project) -> bool {
    let Ok(output) = project.output.canonicalize() else {
        return false;
    };
    let wit = project.world.wit.iter().chain([&project.wit_folder]);
    let lock = project.lock.iter().map(|lock| &lock.file);
    let inputs = wit.chain(lock).chain(&project.paths);
    let inputs = inputs.filter_map(|path| path.canonicalize().ok());
    let is_within =
        |input: PathBuf| output == input || output.starts_with(&input) && !ampoule_compile::is_component(&output);
    output.is_file() && inputs.into_iter().any(is_within)
}

/// A stage that has been done.
pub struct Done<'a> {
    steps: &'a RefCell<Vec<Outcome>>,
    position: usize,
}

impl Done<'_> {
    /// The digest of an output.
    pub fn digest(&self, name: &str) -> Digest {
        self.steps.borrow()[self.position].outputs[name].digest
    }

    /// The path of an output.
    pub fn path(&self, name: &str) -> PathBuf {
        self.steps.borrow()[self.position].path(name).to_path_buf()
    }
}
