//! `ampoule fetch`: every pinned input into the cache, or into a folder that serves as a mirror.

use crate::chain::is_first_choice;
use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::{Console, FileError, print_result};
use ampoule_fetch::{Options, Pin, PinnedFile, Pins, Platform};
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
    /// Instead, fetch every file from each of its sources, for all systems, and say which sources are gone: for a run now and then
    #[arg(long, conflicts_with_all = ["output", "rust"])]
    check: bool,
}

impl FetchCommand {
    /// Fetches and verifies.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        if self.check {
            return check(&common.fetching(), &console);
        }
        let folder = match &self.output {
            Some(folder) => folder.clone(),
            None => common.cache_folder()?.join("files"),
        };
        let pins = Pins::embedded();
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

/// Asks every source of every pin for its file.
fn check(options: &Options, console: &Console) -> Result<(), Failure> {
    let (mut asked, mut gone) = (0, Vec::new());
    for pin in Pins::embedded().all() {
        for file in &pin.files {
            for source in &file.sources {
                asked += 1;
                let alone = PinnedFile {
                    sources: vec![source.clone()],
                    ..file.clone()
                };
                match answers(pin, alone, options, console) {
                    Ok(()) => print_result(format_args!("{} {source}", file.file))?,
                    Err(error) => gone.push(format!("{} {source}: {}", file.file, ampoule_action::sentence(&error))),
                }
            }
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    Err(Failure::SourcesGone { asked, gone })
}

/// Fetches one file from the one source that it is left.
fn answers(pin: &Pin, file: PinnedFile, options: &Options, console: &Console) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(FileError::writing(&std::env::temp_dir()))?;
    let options = Options {
        platform: file.platform.as_deref().map_or_else(Platform::host, Platform::named),
        mirrors: Vec::new(),
        ..options.clone()
    };
    let pin = Pin {
        files: vec![file],
        ..pin.clone()
    };
    ampoule_fetch::fetch(&[&pin], folder.path(), &options, console)?;
    Ok(())
}
