//! `ampoule fetch`: every pinned input into the cache, or into a folder that serves as a mirror.

use crate::chain::{is_first_choice, tried};
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::recipes::Recipes;
use ampoule_action::{Console, FileError, print_result};
use ampoule_fetch::{Options, Pin, PinnedFile, Pins, Platform, is_archive};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Flags of `ampoule fetch`.
#[derive(Debug, clap::Args)]
pub struct FetchCommand {
    /// Folder for the files, or an archive if the name ends in `.tar`; either is for --mirror elsewhere [default: the cache]
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Rust's compiler as well, for extension modules in Rust
    #[arg(long)]
    rust: bool,
    /// What the packages with a recipe are built from as well, in each version that the recipe was tried with
    #[arg(long)]
    recipes: bool,
    /// Instead, fetch every file from each of its sources, for all systems, and say which sources are gone: for a run now and then
    #[arg(long, conflicts_with_all = ["output", "rust", "recipes"])]
    check: bool,
}

impl FetchCommand {
    /// Fetches and verifies.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let fetching = common.fetching();
        if self.check {
            return check(&fetching, &console);
        }
        let archive = self.output.as_ref().filter(|path| is_archive(path));
        let folder = match (&self.output, archive) {
            (Some(folder), None) => folder.clone(),
            _ => common.cache_folder()?.join("files"),
        };
        let pins = self.pins(&fetching.platform)?;
        let fetched = fetch_all(&pins, &folder, &fetching, &console)?;
        match archive {
            Some(archive) => {
                let named = |(_, path): (_, PathBuf)| Some((path.file_name()?.to_string_lossy().into_owned(), path));
                ampoule_fetch::archive(&fetched.into_iter().filter_map(named).collect(), archive)?;
                print_result(archive.display())?;
            }
            None => {
                for (name, path) in fetched {
                    print_result(format_args!("{name} {}", path.display()))?;
                }
            }
        }
        Ok(())
    }

    /// What is asked for, each file once.
    fn pins(&self, platform: &Platform) -> Result<Vec<Pin>, Failure> {
        let is_wanted = |pin: &&Pin| match pin.is_of_rust() {
            false => true,
            true => self.rust && is_first_choice(pin) && pin.file(platform).is_ok(),
        };
        let mut pins: Vec<Pin> = Pins::embedded().all().iter().filter(is_wanted).cloned().collect();
        if self.recipes {
            pins.extend(of_recipes()?);
        }
        let mut seen = BTreeSet::new();
        pins.retain(|pin| pin.file(platform).map_or(true, |file| seen.insert(file.file.clone())));
        Ok(pins)
    }
}

/// What the packages with a recipe are built from.
fn of_recipes() -> Result<Vec<Pin>, Failure> {
    let recipes = Recipes::default();
    let mut pins = Vec::new();
    for known in recipes.all() {
        for version in known.recipe.sdists.keys() {
            if let Some(package) = tried(&recipes, &known.recipe.package, version) {
                pins.extend(package.crates());
                pins.extend(package.pins()?);
            }
        }
    }
    Ok(pins)
}

/// Fetches files; gives their paths beside the names of their pins, of which several versions may be among them.
fn fetch_all(
    pins: &[Pin],
    folder: &Path,
    options: &Options,
    console: &Console,
) -> Result<Vec<(String, PathBuf)>, Failure> {
    ampoule_fetch::fetch(&pins.iter().collect::<Vec<_>>(), folder, options, console)?;
    let placed = pins.iter().map(|pin| {
        let file = pin.file(&options.platform)?;
        Ok((pin.name.clone(), file.path_in(folder)))
    });
    placed.collect()
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
