//! `ampoule report`: a page on what a component is made of.

use super::explain;
use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use crate::report::{Report, page};
use ampoule_action::{is_standard_output, print_result, write_atomically};
use std::path::PathBuf;

/// Flags of `ampoule report`.
#[derive(Debug, clap::Args)]
pub struct ReportCommand {
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// Write the same data as JSON, for machines
    #[arg(long)]
    json: bool,
    /// File of the report, or `-` for standard output [default: beside the component, its name with `.report.html`; standard output with --json]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl ReportCommand {
    /// Builds the project and writes the report.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let project = Project::read(&self.folder)?;
        let output = self.output(&project);
        // The file beside the component is left out of the app, as the component is.
        if output != project.report {
            crate::attest::check_outside(&output, &project)?;
        }
        let console = common.console();
        let options = common.chain()?;
        let cache = options.cache.clone();
        // What a cache that cannot be written has no place for is there as long as the chain is.
        let chain = Chain::open(options, &console)?;
        let built = chain.assemble(&project)?;
        let stages = explain::explained(&cache, &self.folder, &built.steps)?;
        let previous = explain::previous(&cache, &self.folder)?;
        let report = Report::new(&built, stages, &chain.recall(&previous))?;
        let text = if self.json { report.to_json() } else { page(&report) };
        write_atomically(&output, text.as_bytes())?;
        common.cut_cache(&built.steps, &console)?;
        if !is_standard_output(&output) {
            print_result(output.display())?;
        }
        Ok(())
    }

    fn output(&self, project: &Project) -> PathBuf {
        let default = if self.json { "-".into() } else { project.report.clone() };
        self.output.clone().unwrap_or(default)
    }
}
