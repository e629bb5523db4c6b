//! The command line of a stage.

use crate::{Console, Stage};
use clap::{Args, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;

// What every stage takes beside its own flags. No doc comment: clap would show that in place of the stage's.
#[derive(Debug, Args)]
struct Common {
    /// Write the action's record (canonical JSON: digests of all inputs and outputs) to this file
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// Print errors only
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, clap::Parser)]
#[command(version)]
struct Program<S: Args> {
    #[command(flatten)]
    stage: S,
    #[command(flatten)]
    common: Common,
}

/// The whole `main` of a stage's binary: reads the command line, runs the stage, prints what went wrong.
///
/// The exit code is 0 on success, 1 on an error, 2 on a usage error.
pub fn main<S: Stage + Args>() -> ExitCode {
    let name = std::env::args_os()
        .next()
        .map(PathBuf::from)
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .unwrap_or_default();
    main_from::<S>(name, std::env::args_os().skip(1))
}

/// As [`main`], with the program's name and its arguments given.
pub fn main_from<S: Stage + Args>(name: String, arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let line = std::iter::once(OsString::from(&name)).chain(arguments);
    let mut command = Program::<S>::command().name(&name).bin_name(name);
    let parsed = command
        .try_get_matches_from_mut(line)
        .and_then(|matches| Program::<S>::from_arg_matches(&matches));
    let program = match parsed {
        Ok(program) => program,
        Err(error) => return usage(&error),
    };
    let console = if program.common.quiet {
        Console::quiet()
    } else {
        Console::standard()
    };
    match crate::run(&program.stage, program.common.record.as_deref(), &console) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            console.error(&error);
            ExitCode::FAILURE
        }
    }
}

/// Prints the help that was asked for, or what is wrong with a command line; gives the exit code.
pub fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print().and_then(|()| std::io::stdout().flush());
    match printed {
        Err(reason) if reason.kind() != ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from),
    }
}
