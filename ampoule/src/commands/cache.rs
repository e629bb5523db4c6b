//! `ampoule cache`: where the cache is, how large it is, emptying it, and what others take from it.

use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::prefilled::{self, Place};
use ampoule_action::{FileError, folder_of, make_folder, print_result};
use ampoule_cache::{Cache, Error};
use ampoule_fetch::is_archive;
use indicatif::HumanBytes;
use std::collections::BTreeMap;
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
        /// Folder of the prefilled cache, in which stays what is there, or an archive of one if the name ends in `.tar`
        #[arg(short, long, value_name = "PATH")]
        output: PathBuf,
        /// Only the toolchain, and of the SDK only the digest: it is fetched and made where something is compiled
        #[arg(long)]
        toolchain: bool,
    },
    /// Put what is in a prefilled cache into the cache
    Import {
        /// Folder or archive of the prefilled cache
        #[arg(value_name = "PATH")]
        place: Place,
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
                    Duration::from_secs(unused_for.saturating_mul(24 * 3600))
                };
                let pruned = Cache::prune(&folder, age)?;
                let size = HumanBytes(pruned.bytes);
                print_result(format_args!("removed {} entries, {size}", pruned.count))?;
            }
            CacheCommand::Export { output, toolchain } if is_archive(output) => {
                let place = folder_of(output);
                make_folder(place)?;
                let apart = tempfile::Builder::new().prefix(".ampoule-").tempdir_in(place);
                let apart = apart.map_err(FileError::writing(output))?;
                export(common, &folder, *toolchain, apart.path())?;
                ampoule_fetch::archive(&files_below(apart.path())?, output)?;
            }
            CacheCommand::Export { output, toolchain } => export(common, &folder, *toolchain, output)?,
            CacheCommand::Import { place } => {
                let count = Cache::open(&folder)?.import(&prefilled::open_to_import(place)?)?;
                print_result(format_args!("took over {count} entries"))?;
            }
        }
        Ok(())
    }
}

/// Exports the toolchain, or all that is in the cache, into a folder.
fn export(common: &CommonFlags, cache: &Path, toolchain: bool, output: &Path) -> Result<(), Failure> {
    if toolchain {
        return export_toolchain(common, output);
    }
    let cache = Cache::open(cache)?;
    for record in cache.records()? {
        match cache.export(&record, output, |_| true) {
            Err(error @ (Error::Changed { .. } | Error::Lost(_))) => {
                common.console().print(&format!("{error}; it is left out"));
            }
            done => done?,
        }
    }
    Ok(())
}

/// The files below a folder, by their paths in it.
fn files_below(folder: &Path) -> Result<BTreeMap<String, PathBuf>, FileError> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(FileError::reading(folder))?;
        let path = entry.path().strip_prefix(folder).expect("an entry is below its folder");
        if entry.file_type().is_file() {
            files.insert(path.to_string_lossy().into_owned(), entry.into_path());
        }
    }
    Ok(files)
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
