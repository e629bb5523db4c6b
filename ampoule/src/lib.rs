//! `ampoule`: builds Python applications into WebAssembly components.
//!
//! The program is [`main`]; what reads a project's file is public for the fuzz targets.

mod attest;
mod chain;
mod command_line;
mod commands;
pub mod error;
mod flags;
pub mod project;
mod run;
mod stages;

use clap::Parser;
use command_line::CommandLine;
use std::process::ExitCode;

/// The program: a stage if it is called as one, else what the command line says.
pub fn main() -> ExitCode {
    if let Some(code) = stages::dispatch() {
        return code;
    }
    let line = CommandLine::parse();
    let console = line.common.console();
    match line.command.perform(&line.common, &line.world) {
        Ok(code) => code,
        Err(failure) => {
            console.error(&failure);
            ExitCode::FAILURE
        }
    }
}
