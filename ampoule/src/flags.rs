//! The flags that all commands share. They depend on no command.

use crate::chain::{self, Steps};
use crate::error::Failure;
use crate::prefilled::{self, Place};
use crate::project::World;
use ampoule_action::Console;
use ampoule_cache::Cache;
use ampoule_fetch::Mirror;
use ampoule_settings::{ModuleSettings, RelatedWorldSettings, WorldSettings};
use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Args};
use indicatif::HumanBytes;
use std::path::PathBuf;
use std::time::Duration;

const GIGABYTE: u64 = 1_000_000_000;

/// How often the size of the cache is looked at.
const CUT_INTERVAL: Duration = Duration::from_secs(600);

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct CommonFlags {
    /// Print errors only
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Folder of the cache [default: $XDG_CACHE_HOME/ampoule]
    #[arg(long, value_name = "DIR", global = true)]
    cache: Option<PathBuf>,
    /// Prefilled cache, as `ampoule cache export` writes it, from which results are taken that are not in the cache: a folder, an
    /// archive or a URL; may be given several times
    #[arg(long, value_name = "PLACE", global = true)]
    cache_from: Vec<Place>,
    /// Folder or archive with pinned files, looked at before the network; may be given several times
    #[arg(long, value_name = "PATH", global = true)]
    mirror: Vec<Mirror>,
    /// Debian mirror before those of apt, or, with @SNAPSHOTID@ in it, archive of snapshots; may be given several times
    #[arg(long, value_name = "URL", global = true)]
    debian_mirror: Vec<String>,
    /// Size in GB to which the cache is cut after a build: what was not used for longest is removed; 0 lets it grow
    #[arg(long, value_name = "GB", global = true, default_value_t = 10)]
    cache_limit: u64,
    /// Use no network: what is missing is an error
    #[arg(long, global = true)]
    offline: bool,
    /// Unpacked wasi-sdk release to use in place of the pinned SDK
    #[arg(long, value_name = "DIR", global = true)]
    sdk: Option<PathBuf>,
}

impl CommonFlags {
    /// Where messages go.
    pub fn console(&self) -> Console {
        if self.quiet {
            Console::quiet()
        } else {
            Console::standard()
        }
    }

    /// The cache's folder: the flag, `$XDG_CACHE_HOME/ampoule`, or `~/.cache/ampoule`.
    pub fn cache_folder(&self) -> Result<PathBuf, Failure> {
        let absolute = |name: &str| {
            std::env::var_os(name)
                .map(PathBuf::from)
                .filter(|path| path.is_absolute())
        };
        self.cache
            .clone()
            .or_else(|| Some(absolute("XDG_CACHE_HOME")?.join("ampoule")))
            .or_else(|| Some(absolute("HOME")?.join(".cache/ampoule")))
            .ok_or(Failure::NoCacheFolder)
    }

    /// Cuts the cache after a build that has put something into it.
    pub fn cut_cache(&self, steps: &Steps, console: &Console) -> Result<(), Failure> {
        if self.cache_limit == 0 || steps.0.iter().all(|step| step.hit) {
            return Ok(());
        }
        // That it cannot be cut, as in a folder that others own, is no reason for a build to fail.
        if let Ok(pruned) = Cache::cut(
            &self.cache_folder()?,
            self.cache_limit.saturating_mul(GIGABYTE),
            CUT_INTERVAL,
        ) && pruned.count > 0
        {
            let size = HumanBytes(pruned.bytes);
            console.line(&format!("removed {} entries from the cache, {size}", pruned.count));
        }
        Ok(())
    }

    /// Where fetched files come from.
    pub fn fetching(&self) -> ampoule_fetch::Options {
        ampoule_fetch::Options {
            mirrors: [self.mirror.clone(), prefilled::mirrors(&self.cache_from)].concat(),
            debian_mirrors: self.debian_mirror.clone(),
            offline: self.offline,
            ..ampoule_fetch::Options::default()
        }
    }

    /// What the chain works with.
    pub fn chain(&self) -> Result<chain::Options, Failure> {
        Ok(chain::Options {
            cache: self.cache_folder()?,
            prefilled: prefilled::open(&self.cache_from, self.offline)?,
            fetching: self.fetching(),
            sdk: self.sdk.clone(),
            verify_fused: false,
        })
    }
}

/// The folder of WIT where none is given.
pub const DEFAULT_WIT: &str = "wit";

/// The flags that choose WIT and world. They stand before the command, as componentize-py has them.
#[derive(Debug, clap::Args)]
pub struct WorldFlags {
    #[command(flatten)]
    chosen: WorldSettings,
    #[command(flatten)]
    module: ModuleSettings,
}

impl WorldFlags {
    /// The world that is chosen, and others.
    pub fn world(&self, related: &RelatedWorldSettings) -> World {
        World {
            chosen: self.chosen.clone(),
            module: self.module.clone(),
            related: related.clone(),
        }
    }

    /// Refuses these flags, where they would change nothing.
    pub fn refuse(given: &ArgMatches) -> Result<(), Failure> {
        let own = WorldFlags::augment_args(clap::Command::new(""));
        let is_given = |flag: &&Arg| given.value_source(flag.get_id().as_str()) == Some(ValueSource::CommandLine);
        let flags = own.get_arguments().filter(is_given).filter_map(Arg::get_long);
        let flags: Vec<String> = flags.map(|flag| format!("--{flag}")).collect();
        if flags.is_empty() {
            Ok(())
        } else {
            Err(Failure::MisplacedFlags {
                flags: flags.join(", "),
            })
        }
    }
}
