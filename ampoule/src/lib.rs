//! `ampoule`: builds Python applications into WebAssembly components.
//!
//! The program is [`main`]; what reads a project's file is public for the fuzz targets.

mod attest;
mod chain;
mod command_line;
mod commands;
pub mod error;
pub mod project;
mod run;
mod stages;

use clap::Parser;
use command_line::{Command, CommandLine};
use error::Failure;
use std::process::ExitCode;

/// The program: a stage if it is called as one, else what the command line says.
pub fn main() -> ExitCode {
    if let Some(code) = stages::dispatch() {
        return code;
    }
    let line = CommandLine::parse();
    let console = line.common.console();
    match perform(&line) {
        Ok(code) => code,
        Err(failure) => {
            console.error(&failure);
            ExitCode::FAILURE
        }
    }
}

fn perform(line: &CommandLine) -> Result<ExitCode, Failure> {
    let common = &line.common;
    if !line.command.takes_world() {
        common.refuse_world_flags()?;
    }
    match &line.command {
        Command::Build(command) => command.perform(common),
        Command::Componentize(command) => command.perform(common),
        Command::Bindings(command) => command.perform(common),
        Command::Fetch(command) => command.perform(common),
        Command::Verify(command) => command.perform(common),
        Command::Explain(command) => command.perform(common),
        Command::New(command) => command.perform(),
        Command::Toolchain(command) => command.perform(common),
        Command::Cache(command) => command.perform(common),
        Command::Run(command) => return Ok(run::run(command)?),
        Command::Serve(command) => return Ok(run::serve(command).map(|()| ExitCode::SUCCESS)?),
    }?;
    Ok(ExitCode::SUCCESS)
}
