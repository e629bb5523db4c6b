//! `ampoule cache`: where the cache is, how large it is, emptying it, and what others take from it.

use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::prefilled;
use ampoule_action::print_result;
use ampoule_cache::{Cache, Prefilled};
use indicatif::HumanBytes;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What of the toolchain's outputs only those need who compile C or test CPython: the stage and the output.
const RARELY_NEEDED: [(&str, &str); 2] = [("sdk", "sdk"), ("cpython", "tests")];

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
    /// Write what is in the cache as a prefilled cache, for --cache-from elsewhere
    Export {
        /// Folder of the prefilled cache; what is there already stays
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
        /// Only the toolchain, and of the SDK only the digest: it is fetched and made where something is compiled
        #[arg(long)]
        toolchain: bool,
    },
    /// Put what is in a prefilled cache into the cache
    Import {
        /// Folder of the prefilled cache
        folder: PathBuf,
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
            CacheCommand::Export {
                output,
                toolchain: true,
            } => export_toolchain(common, output)?,
            CacheCommand::Export { output, .. } => {
                let cache = Cache::open(&folder)?;
                let mut records = cache.records()?.into_iter();
                records.try_for_each(|record| cache.export(&record, output, |_| true))?;
            }
            CacheCommand::Import { folder: from } => {
                let count = Cache::open(&folder)?.import(&Prefilled::open(from)?)?;
                print_result(format_args!("took over {count} entries"))?;
            }
        }
        Ok(())
    }
}

/// Builds the toolchain, or finds it in the cache, and exports what apps need of it, with the pinned files that web applications need.
fn export_toolchain(common: &CommonFlags, output: &Path) -> Result<(), Failure> {
    let console = common.console();
    let chain = Chain::open(common.chain()?, &console)?;
    chain.repairing(|| {
        chain.prefillable()?;
        for step in chain.steps().0 {
            let record = &step.record;
            let is_wanted = |name: &str| !RARELY_NEEDED.contains(&(record.stage.as_str(), name));
            chain.export(record, output, is_wanted)?;
        }
        chain.fetch_group("web", &output.join(prefilled::FILES))
    })
}
