//! `ampoule test`: what a project's `tests` say, natively and of its component.

use crate::chain::{Chain, Wit};
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use ampoule_action::{FileError, Links, copy_folder};
use ampoule_run::{Granted, Run, Serve};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The folder of a project's tests, and the files of calls and of HTTP requests in it.
const TESTS: &str = "tests";
const CALLS: &str = "calls.txt";
const REQUESTS: &str = "requests.txt";

/// What Python says by its exit code: whether it has pytest.
const HAS_PYTEST: &str = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pytest') is None)";

/// Flags of `ampoule test`.
#[derive(Debug, clap::Args)]
pub struct TestCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Python that runs pytest; it has the project's dependencies
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    python: PathBuf,
    /// Another component, whose exports are what this one imports in the calls; may be given several times
    #[arg(long, value_name = "FILE")]
    with: Vec<PathBuf>,
    /// What the component may use in the calls
    #[command(flatten)]
    granted: Granted,
}

impl TestCommand {
    /// Runs pytest over the bindings, then builds, and makes the calls and the requests of the files against the component.
    pub fn perform(&self, common: &CommonFlags) -> Result<ExitCode, Failure> {
        let project = Project::read(&self.folder)?;
        let tests = self.folder.join(TESTS);
        if !tests.is_dir() {
            return Err(Failure::NoTests { folder: tests });
        }
        if has_python(&tests)? && !self.pytest(&project, &tests, common)? {
            return Ok(ExitCode::FAILURE);
        }
        let console = common.console();
        let built = Chain::open(common.chain()?, &console)?.build(&project)?;
        console.line(&built.steps.table());
        let cache = common.cache_folder().ok();
        let (calls, requests) = (tests.join(CALLS), tests.join(REQUESTS));
        if calls.is_file() {
            ampoule_run::run(&self.calling(&project, calls), cache.as_deref())?;
        }
        if requests.is_file() {
            ampoule_run::requests(&self.serving(&project), &requests, cache.as_deref())?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn calling(&self, project: &Project, calls: PathBuf) -> Run {
        Run {
            file: project.output.clone(),
            call: None,
            calls: Some(calls),
            with: self.with.clone(),
            granted: self.granted.clone(),
            arguments: Vec::new(),
        }
    }

    /// The server of the component, which answers without a port.
    fn serving(&self, project: &Project) -> Serve {
        Serve {
            file: project.output.clone(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            requests_per_instance: 1,
            processes: None,
            granted: self.granted.clone(),
        }
    }

    /// Whether the tests in Python pass. They import the app and the bindings.
    fn pytest(&self, project: &Project, tests: &Path, common: &CommonFlags) -> Result<bool, Failure> {
        let bindings = tempfile::tempdir().map_err(FileError::writing(&std::env::temp_dir()))?;
        write_bindings(project, bindings.path(), common)?;
        let folders = project.paths.iter().cloned().chain([bindings.path().to_path_buf()]);
        let path = std::env::join_paths(folders).map_err(|error| Failure::PythonPath(error.to_string()))?;
        let python = |arguments: &[&str]| {
            let mut command = Command::new(&self.python);
            command.arg("-B").args(arguments).env("PYTHONPATH", &path);
            command
        };
        if !self.succeeds(&mut python(&["-c", HAS_PYTEST]))? {
            return Err(Failure::NoPytest {
                program: self.python.clone(),
                tests: tests.to_path_buf(),
            });
        }
        self.succeeds(python(&["-m", "pytest", "-p", "no:cacheprovider"]).arg(tests))
    }

    fn succeeds(&self, command: &mut Command) -> Result<bool, Failure> {
        let status = command.status().map_err(|error| Failure::NoPython {
            program: self.python.clone(),
            error,
        })?;
        Ok(status.success())
    }
}

/// Writes the bindings for use without a component, if the project has a world of its own.
fn write_bindings(project: &Project, folder: &Path, common: &CommonFlags) -> Result<(), Failure> {
    let console = common.console();
    let chain = Chain::open(common.chain()?, &console)?;
    let wit = Wit::find(
        &project.world.chosen.wit,
        &project.paths,
        &project.compile,
        project.wit_folder.as_deref(),
    )?;
    if wit.files.is_empty() && wit.packages.is_empty() {
        return Ok(());
    }
    chain.repairing(|| {
        let made = chain.bindings(&project.world, &wit, true)?;
        Ok(copy_folder(&made, folder, Links::Kept, |_| true)?)
    })
}

fn has_python(folder: &Path) -> Result<bool, Failure> {
    let entries = std::fs::read_dir(folder).map_err(FileError::reading(folder))?;
    let mut names = entries.flatten().map(|entry| entry.path());
    Ok(names.any(|path| path.extension().is_some_and(|extension| extension == "py")))
}
