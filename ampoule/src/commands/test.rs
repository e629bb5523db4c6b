//! `ampoule test`: what a project's `tests` say, natively and of its component.

use crate::chain::{Chain, Wit};
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use ampoule_action::{FileError, Links, copy_folder};
use ampoule_run::{Granted, Run};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The folder of a project's tests, and the file of calls in it.
const TESTS: &str = "tests";
const CALLS: &str = "calls.txt";

/// Flags of `ampoule test`.
#[derive(Debug, clap::Args)]
pub struct TestCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Python that runs pytest; it has the project's dependencies
    #[arg(long, value_name = "PROGRAM", default_value = "python3")]
    python: PathBuf,
    /// What the component may use in the calls
    #[command(flatten)]
    granted: Granted,
}

impl TestCommand {
    /// Runs pytest over the bindings, then builds, and makes the calls of the file against the component.
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
        let calls = tests.join(CALLS);
        if !calls.is_file() {
            return Ok(ExitCode::SUCCESS);
        }
        let run = Run {
            file: project.output.clone(),
            call: None,
            calls: Some(calls),
            with: Vec::new(),
            granted: self.granted.clone(),
            arguments: Vec::new(),
        };
        Ok(ampoule_run::run(&run, common.cache_folder().ok().as_deref())?)
    }

    /// Whether the tests in Python pass. They import the app and the bindings.
    fn pytest(&self, project: &Project, tests: &Path, common: &CommonFlags) -> Result<bool, Failure> {
        let bindings = tempfile::tempdir().map_err(FileError::writing(&std::env::temp_dir()))?;
        write_bindings(project, bindings.path(), common)?;
        let folders = project.paths.iter().cloned().chain([bindings.path().to_path_buf()]);
        let path = std::env::join_paths(folders).map_err(|error| Failure::PythonPath(error.to_string()))?;
        let mut command = Command::new(&self.python);
        command
            .args(["-B", "-m", "pytest", "-p", "no:cacheprovider"])
            .arg(tests);
        let status = command.env("PYTHONPATH", path).status();
        let status = status.map_err(|error| Failure::NoPython {
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
