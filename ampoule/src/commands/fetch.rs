//! `ampoule fetch`: every pinned input into the cache, or into a folder that serves as a mirror.

use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::print_result;
use std::path::PathBuf;

/// Flags of `ampoule fetch`.
#[derive(Debug, clap::Args)]
pub struct FetchCommand {
    /// Folder for the files, usable with --mirror elsewhere [default: the cache]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl FetchCommand {
    /// Fetches and verifies.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let folder = match &self.output {
            Some(folder) => folder.clone(),
            None => common.cache_folder()?.join("files"),
        };
        let pins = ampoule_fetch::Pins::embedded();
        let fetched = ampoule_fetch::fetch(
            &pins.all().iter().collect::<Vec<_>>(),
            &folder,
            &common.fetching(),
            &console,
        )?;
        for (name, path) in fetched {
            print_result(format_args!("{name} {}", path.display()))?;
        }
        Ok(())
    }
}
