//! `ampoule`: builds Python applications into WebAssembly components.
//!
//! The program is [`main`]; what reads a project's file is public for the fuzz targets, what is written from its keys for the tests.

mod attest;
mod chain;
mod command_line;
mod commands;
mod draft;
pub mod error;
mod flags;
mod prefilled;
pub mod project;
mod recipes;
pub mod reference;
mod report;
pub mod settings;
mod stages;
mod tip;

use ampoule_action::usage;
use clap::{CommandFactory, FromArgMatches};
use command_line::CommandLine;
use std::process::ExitCode;
use tip::with_tip;

/// The program: a stage if it is called as one, else what the command line says.
pub fn main() -> ExitCode {
    if let Some(code) = stages::dispatch() {
        return code;
    }
    let mut command = CommandLine::command();
    let parsed = command.try_get_matches_from_mut(std::env::args_os());
    let parsed = parsed.and_then(|given| Ok((CommandLine::from_arg_matches(&given)?, given)));
    let (line, given) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let line = std::env::args_os().skip(1);
            let line = line.map(|word| word.to_string_lossy().into_owned());
            return usage(&with_tip(error, &command, line));
        }
    };
    let console = line.common.console();
    match line.perform(&given) {
        Ok(code) => code,
        Err(failure) => {
            console.error(&failure);
            ExitCode::FAILURE
        }
    }
}
