//! `ampoule build`: the project in a folder.

use super::explain;
use super::python_flags::PythonFlags;
use super::watch::Watch;
use crate::attest::Attest;
use crate::chain::{self, Chain, Steps};
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use crate::settings::HashSeedSettings;
use ampoule_action::{is_standard_output, print_result};
use std::path::PathBuf;

/// Flags of `ampoule build`.
#[derive(Debug, clap::Args)]
pub struct BuildCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    pub(super) folder: PathBuf,
    /// File of the component, or `-` for standard output [default: the project's `output`, or its name with `.wasm`]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Folder for the action record of each stage
    #[arg(long, value_name = "DIR")]
    records: Option<PathBuf>,
    #[command(flatten)]
    hash_seed: HashSeedSettings,
    #[command(flatten)]
    python: PythonFlags,
    /// Run the linked module as well as its parts, and fail if that leaves another state
    #[arg(long)]
    verify_fused: bool,
    #[command(flatten)]
    attest: Attest,
    #[command(flatten)]
    watch: Watch,
}

impl BuildCommand {
    /// Builds the project, and again when it changes if that is wanted.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        self.watch.check()?;
        if self.watch.watch {
            self.watch.perform(self, common)
        } else {
            self.build(&self.project()?, common, Steps::table)
        }
    }

    /// Builds the project, prints a summary of the stages and the path of the component.
    pub(super) fn build(
        &self,
        project: &Project,
        common: &CommonFlags,
        summary: fn(&Steps) -> String,
    ) -> Result<(), Failure> {
        self.attest.check(project)?;
        let console = common.console();
        let options = chain::Options {
            verify_fused: self.verify_fused,
            ..common.chain()?
        };
        let cache = options.cache.clone();
        let built = Chain::open(options, &console)?.build(project)?;
        explain::remember(&cache, &self.folder, &built.steps)?;
        if let Some(folder) = &self.records {
            built.steps.write_records(folder)?;
        }
        self.attest.perform(&built)?;
        console.line(&summary(&built.steps));
        common.cut_cache(&built.steps, &console)?;
        if !is_standard_output(&project.output) && !self.attest.is_printed() {
            print_result(project.output.display())?;
        }
        Ok(())
    }

    /// The project as the flags have it.
    pub(super) fn project(&self) -> Result<Project, Failure> {
        let project = Project::read(&self.folder)?;
        Ok(Project {
            output: self.output.clone().unwrap_or(project.output),
            hash_seed: self.hash_seed.hash_seed.unwrap_or(project.hash_seed),
            python: self.python.after(project.python),
            ..project
        })
    }
}
