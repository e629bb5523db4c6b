//! `ampoule`: builds Python applications into WebAssembly components.
//!
//! The program is [`main`]; what reads a project's file is public for the fuzz targets, what is written from its keys for the tests.

mod attest;
mod chain;
mod command_line;
mod commands;
pub mod error;
mod flags;
pub mod project;
pub mod reference;
mod run;
pub mod settings;
mod stages;

use clap::{CommandFactory, FromArgMatches};
use command_line::CommandLine;
use std::process::ExitCode;

/// The program: a stage if it is called as one, else what the command line says.
pub fn main() -> ExitCode {
    if let Some(code) = stages::dispatch() {
        return code;
    }
    let given = CommandLine::command().get_matches();
    let line = CommandLine::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    let console = line.common.console();
    match line.perform(&given) {
        Ok(code) => code,
        Err(failure) => {
            console.error(&failure);
            ExitCode::FAILURE
        }
    }
}
