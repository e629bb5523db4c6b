//! `ampoule cache`: where the cache is, how large it is, and emptying it.

use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::print_result;
use ampoule_cache::Cache;
use indicatif::HumanBytes;
use std::time::Duration;

/// Commands of `ampoule cache`.
#[derive(Debug, clap::Subcommand)]
pub enum CacheCommand {
    /// Print the cache's folder
    Dir,
    /// Print the size of what is in the cache
    Size,
    /// Remove what has not been used for some days
    Prune {
        /// Days without use after which an entry is removed
        #[arg(long, value_name = "DAYS", default_value_t = 30)]
        unused_for: u64,
        /// Remove everything
        #[arg(long, conflicts_with = "unused_for")]
        all: bool,
    },
}

impl CacheCommand {
    /// Performs the command.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let folder = common.cache_folder()?;
        match self {
            CacheCommand::Dir => print_result(folder.display())?,
            CacheCommand::Size => {
                let size = if folder.exists() {
                    ampoule_cache::size(&folder)?
                } else {
                    0
                };
                print_result(HumanBytes(size))?;
            }
            CacheCommand::Prune { unused_for, all } => {
                let age = if *all {
                    Duration::ZERO
                } else {
                    Duration::from_secs(unused_for * 24 * 3600)
                };
                let pruned = Cache::prune(&folder, age)?;
                let size = HumanBytes(pruned.bytes);
                print_result(format_args!("removed {} entries, {size}", pruned.count))?;
            }
        }
        Ok(())
    }
}
