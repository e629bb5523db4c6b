//! The command line: componentize-py's, unchanged, and Ampoule's own commands beside it.

use crate::commands::Command;
use crate::error::Failure;
use crate::flags::{CommonFlags, WorldFlags};
use clap::ArgMatches;
use std::process::ExitCode;

/// Builds Python applications into WebAssembly components, hermetically and reproducibly
#[derive(Debug, clap::Parser)]
#[command(version, name = "ampoule", after_help = crate::stages::help())]
pub struct CommandLine {
    #[command(flatten)]
    pub common: CommonFlags,
    #[command(flatten)]
    pub world: WorldFlags,
    #[command(subcommand)]
    pub command: Command,
}

impl CommandLine {
    /// Performs the command; `given` is what this was parsed from.
    pub fn perform(&self, given: &ArgMatches) -> Result<ExitCode, Failure> {
        if !self.command.takes_world() {
            WorldFlags::refuse(given)?;
        }
        self.command.perform(&self.common, &self.world)
    }
}
