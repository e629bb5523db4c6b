//! Runs random worlds through Ampoule, and through componentize-py as the control.

use ampoule_fuzz::{Builder, Case, Error, Style};
use clap::Parser;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Builds random worlds with random values and runs them: from the host to Python and back.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The first seed
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
    /// How many seeds
    #[arg(long, value_name = "N", default_value_t = 1000)]
    count: u64,
    /// Worlds with asynchronous functions, streams and futures
    #[arg(long, conflicts_with = "control")]
    asynchronous: bool,
    /// The program `ampoule`
    #[arg(long, value_name = "FILE")]
    ampoule: PathBuf,
    /// The program `componentize-py`: the same worlds go through it too
    #[arg(long, value_name = "FILE")]
    control: Option<PathBuf>,
    /// The folder for the cases; those that fail are kept
    #[arg(long, value_name = "DIR")]
    work: PathBuf,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(failures) => {
            eprintln!("error: {failures} worlds failed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Gives how many worlds failed.
fn run(arguments: &Arguments) -> Result<u64, Error> {
    let (mut worlds, mut calls, mut failures) = (0, 0, 0);
    let mut controls = BTreeMap::new();
    let style = match arguments.asynchronous {
        true => Style::Asynchronous,
        false => Style::Synchronous,
    };
    for seed in arguments.first..arguments.first + arguments.count {
        let folder = arguments.work.join(seed.to_string());
        std::fs::create_dir_all(&folder)?;
        let mut failed = false;
        match Case::new(seed, style, &folder) {
            Ok(None) => {}
            Ok(Some(case)) => {
                worlds += 1;
                calls += case.calls();
                if let Err(reason) = attempt(&case, (Builder::Ampoule, &arguments.ampoule), &folder, "ours.wasm") {
                    failed = true;
                    println!("seed {seed}: {}", reason.text());
                }
                if let Some(control) = &arguments.control {
                    let outcome = attempt(&case, (Builder::Control, control), &folder, "control.wasm");
                    if let Err(failure) = &outcome {
                        println!("seed {seed}: control {}: {}", failure.name(), failure.last_line());
                    }
                    let outcome = outcome.map_or_else(|failure| failure.name(), |()| "the same");
                    *controls.entry(outcome).or_insert(0) += 1;
                }
            }
            Err(error) => {
                failed = true;
                println!("seed {seed}: {error}");
            }
        }
        if failed {
            failures += 1;
        } else {
            std::fs::remove_dir_all(&folder)?;
        }
    }
    println!(
        "{worlds} worlds of {} seeds, {calls} calls, {failures} failures",
        arguments.count
    );
    for (outcome, count) in controls {
        println!("control: {outcome}: {count}");
    }
    Ok(failures)
}

enum Failure {
    Build(String),
    Run(String),
}

impl Failure {
    fn name(&self) -> &'static str {
        match self {
            Failure::Build(_) => "does not build",
            Failure::Run(_) => "differs or traps",
        }
    }

    fn text(&self) -> &str {
        let (Failure::Build(text) | Failure::Run(text)) = self;
        text
    }

    /// The reason, after the traceback that leads to it.
    fn last_line(&self) -> &str {
        self.text().lines().last().unwrap_or_default()
    }
}

fn attempt(case: &Case, (builder, program): (Builder, &Path), folder: &Path, out: &str) -> Result<(), Failure> {
    let mut command = Command::new(program);
    case.build(builder, &mut command, out);
    // The last line then is the reason.
    let output = command
        .env("RUST_BACKTRACE", "0")
        .output()
        .map_err(|error| Failure::Build(format!("{}: {error}", program.display())))?;
    if !output.status.success() {
        return Err(Failure::Build(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let ran = case.run(out).map_err(|error| Failure::Run(error.to_string()));
    if ran.is_ok() {
        let _ = std::fs::remove_file(folder.join(out));
    }
    ran
}
