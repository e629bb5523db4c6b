//! `ampoule fetch`: every pinned input into the cache, or into a folder that serves as a mirror.

use crate::chain::is_first_choice;
use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::print_result;
use ampoule_fetch::Pin;
use std::path::PathBuf;

/// Flags of `ampoule fetch`.
#[derive(Debug, clap::Args)]
pub struct FetchCommand {
    /// Folder for the files, usable with --mirror elsewhere [default: the cache]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Rust's compiler as well, for extension modules in Rust
    #[arg(long)]
    rust: bool,
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
        let fetching = common.fetching();
        let is_wanted = |pin: &&Pin| match pin.is_of_rust() {
            false => true,
            true => self.rust && is_first_choice(pin) && pin.file(&fetching.platform).is_ok(),
        };
        let pins: Vec<&Pin> = pins.all().iter().filter(is_wanted).collect();
        let fetched = ampoule_fetch::fetch(&pins, &folder, &fetching, &console)?;
        for (name, path) in fetched {
            print_result(format_args!("{name} {}", path.display()))?;
        }
        Ok(())
    }
}
