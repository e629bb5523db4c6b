//! `ampoule-release`: the steps of a release, one command each.

use ampoule_action::{Console, print_result};
use ampoule_release::check::check;
use ampoule_release::distribution::{self, Distribution};
use ampoule_release::make::{Make, make};
use ampoule_release::twice::{compare, twice};
use ampoule_release::wheel::{self, Wheels};
use ampoule_release::{Error, tools};
use clap::Parser;
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes a release of Ampoule: the same bytes wherever it runs
#[derive(Debug, Parser)]
#[command(version)]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Build `ampoule` and the stages' programs as static binaries into OUTPUT/bin
    Tools {
        /// Folder of Ampoule's source
        #[arg(long, value_name = "DIR", default_value = ".")]
        source: PathBuf,
        /// Folder for the programs
        #[arg(short, long, value_name = "DIR")]
        output: PathBuf,
        /// Folder for what cargo keeps between builds [default: `static` in cargo's target folder]
        #[arg(long, value_name = "DIR")]
        target_dir: Option<PathBuf>,
    },
    /// Make the release: tools, toolchain, an example, digests, provenance and bills of materials
    Make(Make),
    /// Make the release twice, from nothing and in different folders, and compare all bytes
    Twice(Make),
    /// Make the archive of the source that says where the release's programs and toolchain are, for Bazel and Nix
    Source(Distribution),
    /// Make the wheel for pip: the program with its toolchain
    Wheels(Wheels),
    /// Check a release by the digests and the provenance in it
    Check {
        /// Folder of the release
        folder: PathBuf,
    },
    /// Compare two releases byte by byte
    Compare {
        /// Folder of a release
        one: PathBuf,
        /// Folder of another
        other: PathBuf,
    },
}

fn main() -> ExitCode {
    match perform(CommandLine::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            Console::standard().error(&error);
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> Result<(), Error> {
    match command {
        Command::Tools {
            source,
            output,
            target_dir,
        } => {
            for program in tools::build(&source, target_dir.as_deref(), &output)? {
                print_result(program.display())?;
            }
        }
        Command::Make(how) => print_result(make(&how)?.join("\n"))?,
        Command::Twice(how) => print_result(twice(&how)?.join("\n"))?,
        Command::Source(how) => {
            distribution::make(&how)?;
            print_result(how.output.display())?;
        }
        Command::Wheels(how) => print_result(wheel::make(&how)?.display())?,
        Command::Check { folder } => {
            let (files, actions) = check(&folder)?;
            print_result(format_args!(
                "{files} files with the right digests, made by {actions} actions with known inputs"
            ))?;
        }
        Command::Compare { one, other } => compare(&one, &other)?,
    }
    Ok(())
}
