//! The flags that all commands share. They depend on no command.

use crate::chain;
use crate::error::Failure;
use crate::project::World;
use ampoule_action::Console;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What every command takes.
#[derive(Debug, clap::Args)]
pub struct CommonFlags {
    /// Print errors only
    #[arg(short, long)]
    quiet: bool,
    /// Folder of the cache [default: $XDG_CACHE_HOME/ampoule]
    #[arg(long, value_name = "DIR", global = true)]
    cache: Option<PathBuf>,
    /// Folder with pinned files, looked at before the network; may be given several times
    #[arg(long, value_name = "DIR", global = true)]
    mirror: Vec<PathBuf>,
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

    /// Where fetched files come from.
    pub fn fetching(&self) -> ampoule_fetch::Options {
        ampoule_fetch::Options {
            mirrors: self.mirror.clone(),
            offline: self.offline,
            ..ampoule_fetch::Options::default()
        }
    }

    /// What the chain works with.
    pub fn chain(&self) -> Result<chain::Options, Failure> {
        Ok(chain::Options {
            cache: self.cache_folder()?,
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
    /// File or folder with WIT; may be given several times [default: ./wit]
    #[arg(short = 'd', long, value_name = "PATH")]
    wit_path: Vec<PathBuf>,
    /// World to target; the union is taken of several
    #[arg(short, long)]
    world: Vec<String>,
    /// WIT features to turn on, separated by commas
    #[arg(long, value_delimiter = ',')]
    features: Vec<String>,
    /// Turn all WIT features on
    #[arg(long)]
    all_features: bool,
    /// Module name of an imported interface: `ns:pkg/iface@1.2.3=name`
    #[arg(long, value_name = "INTERFACE=NAME", value_parser = parse_pair)]
    import_interface_name: Vec<(String, String)>,
    /// Module name of an exported interface: `ns:pkg/iface@1.2.3=name`
    #[arg(long, value_name = "INTERFACE=NAME", value_parser = parse_pair)]
    export_interface_name: Vec<(String, String)>,
    /// Python module of the bindings [default: wit_world]
    #[arg(long)]
    world_module: Option<String>,
    /// Name all interface modules by package, interface and version
    #[arg(long)]
    full_names: bool,
}

impl WorldFlags {
    /// The WIT and world that the flags choose; the WIT may be none.
    pub fn world(&self) -> World {
        World {
            wit: self.wit_path.clone(),
            worlds: self.world.clone(),
            world_module: self.world_module.clone(),
            features: self.features.clone(),
            all_features: self.all_features,
            full_names: self.full_names,
            import_interface_names: table(&self.import_interface_name),
            export_interface_names: table(&self.export_interface_name),
            ..World::default()
        }
    }

    /// Refuses the flags that would change nothing.
    pub fn refuse(&self) -> Result<(), Failure> {
        let given = [
            ("--wit-path", !self.wit_path.is_empty()),
            ("--world", !self.world.is_empty()),
            ("--features", !self.features.is_empty()),
            ("--all-features", self.all_features),
            ("--import-interface-name", !self.import_interface_name.is_empty()),
            ("--export-interface-name", !self.export_interface_name.is_empty()),
            ("--world-module", self.world_module.is_some()),
            ("--full-names", self.full_names),
        ];
        let flags: Vec<&str> = given
            .iter()
            .filter(|(_, given)| *given)
            .map(|(flag, _)| *flag)
            .collect();
        if flags.is_empty() {
            Ok(())
        } else {
            Err(Failure::MisplacedFlags {
                flags: flags.join(", "),
            })
        }
    }
}

fn table(pairs: &[(String, String)]) -> BTreeMap<String, String> {
    pairs.iter().cloned().collect()
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((interface, name)) if !interface.is_empty() && !name.is_empty() => {
            Ok((interface.to_string(), name.to_string()))
        }
        _ => Err("expected INTERFACE=NAME, such as `ns:pkg/iface@1.2.3=name`".to_string()),
    }
}
