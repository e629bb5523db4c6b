//! The command line: componentize-py's, unchanged, and Ampoule's own commands beside it.

use crate::commands::Command;
use crate::flags::{CommonFlags, WorldFlags};

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
