//! The commands of `ampoule`, a file for each: its flags, and what it does.

mod bindings;
mod build;
mod cache;
mod componentize;
mod explain;
mod fetch;
mod new;
mod publish;
mod python_flags;
mod recipes;
mod report;
mod schema;
mod stages;
mod test;
mod toolchain;
mod verify;
mod watch;
mod wheel;

pub use explain::Explained;

use crate::error::Failure;
use crate::flags::{CommonFlags, WorldFlags};
use ampoule_run::{Run, Serve};
use bindings::BindingsCommand;
use build::BuildCommand;
use cache::CacheCommand;
use componentize::ComponentizeCommand;
use explain::ExplainCommand;
use fetch::FetchCommand;
use new::NewCommand;
use publish::PublishCommand;
use recipes::RecipesCommand;
use report::ReportCommand;
use schema::SchemaCommand;
use stages::StagesCommand;
use std::process::ExitCode;
use test::TestCommand;
use toolchain::ToolchainCommand;
use verify::VerifyCommand;
use wheel::WheelCommand;

/// What `ampoule` does.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Build the project in a folder by [tool.ampoule] of its pyproject.toml
    Build(BuildCommand),
    /// Write a working project to begin with
    New(NewCommand),
    /// Run a project's tests: pytest over its bindings, then tests/calls.txt and tests/requests.txt against its component
    Test(TestCommand),
    /// Build a component from an app module (componentize-py's command)
    Componentize(ComponentizeCommand),
    /// Write the bindings of a world for editors and type checkers (componentize-py's command)
    Bindings(BindingsCommand),
    /// Fetch and verify every pinned input
    Fetch(FetchCommand),
    /// Build a project twice, the second time from nothing in another folder, and compare every digest
    Verify(VerifyCommand),
    /// Say why each stage of a project's last build ran
    Explain(ExplainCommand),
    /// Write a page on what a project's component is made of, what it imports, and how it came about
    Report(ReportCommand),
    /// Build a project and publish its component in an OCI registry, with provenance and bill of materials
    Publish(PublishCommand),
    /// Build the toolchain alone
    Toolchain(ToolchainCommand),
    /// Build the wheel of a package with native code from its source distribution
    Wheel(WheelCommand),
    /// List the packages with native code that are built from source
    Recipes(RecipesCommand),
    /// List the stages of the chain, each a command too
    Stages(StagesCommand),
    /// Print the JSON schema of [tool.ampoule], for editors
    Schema(SchemaCommand),
    /// Look at the cache or empty it
    #[command(subcommand)]
    Cache(CacheCommand),
    /// Call an export of a component and print its result
    Run(Run),
    /// Answer HTTP requests with a component
    Serve(Serve),
}

impl Command {
    /// Performs the command.
    pub fn perform(&self, common: &CommonFlags, world: &WorldFlags) -> Result<ExitCode, Failure> {
        match self {
            Command::Build(command) => command.perform(common),
            Command::New(command) => command.perform(),
            Command::Test(command) => return command.perform(common),
            Command::Componentize(command) => command.perform(common, world),
            Command::Bindings(command) => command.perform(common, world),
            Command::Fetch(command) => command.perform(common),
            Command::Verify(command) => command.perform(common),
            Command::Explain(command) => command.perform(common),
            Command::Report(command) => command.perform(common),
            Command::Publish(command) => command.perform(common),
            Command::Toolchain(command) => command.perform(common),
            Command::Wheel(command) => command.perform(common),
            Command::Recipes(command) => command.perform(common),
            Command::Stages(command) => command.perform(),
            Command::Schema(command) => command.perform(),
            Command::Cache(command) => command.perform(common),
            Command::Run(command) => return Ok(ampoule_run::run(command, common.cache_folder().ok().as_deref())?),
            Command::Serve(command) => {
                ampoule_run::serve(command, common.cache_folder().ok().as_deref()).map_err(Failure::from)
            }
        }?;
        Ok(ExitCode::SUCCESS)
    }

    /// Whether the flags that choose WIT and world apply.
    pub fn takes_world(&self) -> bool {
        matches!(self, Command::Componentize(_) | Command::Bindings(_))
    }
}
