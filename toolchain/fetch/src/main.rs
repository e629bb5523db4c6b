//! `ampoule-fetch`: brings the pinned inputs into a folder.

use ampoule_action::Console;
use ampoule_fetch::{JOBS, Mirror, Options, Pins, Platform, crates_of, fetch};
use clap::Parser;
use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

/// Fetches the pinned inputs of the toolchain and verifies them
#[derive(Debug, Parser)]
#[command(name = "ampoule-fetch", version)]
struct Arguments {
    /// Store the files in this folder, each under its own name
    #[arg(long, value_name = "DIR")]
    output: PathBuf,
    /// Read the pins from this file instead of those that the program was built with
    #[arg(long, value_name = "FILE")]
    pins: Option<PathBuf>,
    /// Fetch the crates that this Cargo.lock names, and nothing else
    #[arg(long, value_name = "FILE", conflicts_with_all = ["pins", "only"])]
    lock: Option<PathBuf>,
    /// Fetch this input only; may be given several times
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Take files from this folder or archive, where they stand under their names or their sha256; may be given several times
    #[arg(long, value_name = "PATH")]
    mirror: Vec<Mirror>,
    /// Use this Debian mirror before those of apt, or, with @SNAPSHOTID@ in it, this archive of snapshots; may be given several times
    #[arg(long, value_name = "URL")]
    debian_mirror: Vec<String>,
    /// Fetch for another machine, such as aarch64-linux or aarch64-darwin
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
    /// Do not use the network; fail with the list of what is missing
    #[arg(long)]
    offline: bool,
    /// Fetch this many files at a time
    #[arg(long, value_name = "COUNT", default_value_t = JOBS)]
    jobs: NonZero<usize>,
    /// Print errors only
    #[arg(short, long)]
    quiet: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let console = if arguments.quiet {
        Console::quiet()
    } else {
        Console::standard()
    };
    match run(&arguments, &console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments, console: &Console) -> Result<(), ampoule_fetch::Error> {
    let pins = match &arguments.pins {
        Some(path) => Pins::open(path)?,
        None => Pins::embedded(),
    };
    let locked = arguments.lock.as_deref().map(crates_of).transpose()?;
    let chosen = match &locked {
        Some(crates) => crates.iter().collect(),
        None if arguments.only.is_empty() => pins.toolchain(),
        None => {
            let named = arguments.only.iter().map(|name| pins.pin(name));
            named.collect::<Result<_, _>>()?
        }
    };
    let options = Options {
        platform: arguments
            .platform
            .as_deref()
            .map_or_else(Platform::host, Platform::named),
        mirrors: arguments.mirror.clone(),
        debian_mirrors: arguments.debian_mirror.clone(),
        offline: arguments.offline,
        jobs: arguments.jobs,
        ..Options::default()
    };
    fetch(&chosen, &arguments.output, &options, console)?;
    Ok(())
}
