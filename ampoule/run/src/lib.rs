//! `ampoule run`: calls an export of a component and prints its result, or runs a command; `ampoule serve`: answers HTTP requests;
//! `ampoule test`: both, with what they must give.

mod body;
mod call;
mod calls;
mod command;
mod compiled;
mod error;
mod exports;
mod host;
mod imports;
mod kinds;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(not(target_os = "linux"))]
#[path = "one_process.rs"]
mod processes;
mod received;
mod requests;
mod serve;
mod stand_ins;
mod workers;

pub use error::Error;
pub use host::Granted;
pub use requests::requests;
pub use serve::{Serve, Server, serve};

use ampoule_cache::Cache;
use call::Call;
use host::Host;
use stand_ins::StandIn;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use wasmtime::component::{Component, Instance, Linker};
use wasmtime::{Engine, Store};

/// Call an export of a component, or run a command component
#[derive(Debug, Clone, clap::Args)]
pub struct Run {
    /// The component
    pub file: PathBuf,
    /// The call in WAVE syntax: `function(1, "two", [3])`, or `ns:package/interface@1.0.0#function(...)` for a function of an
    /// interface. Without it the component's wasi:cli/run is run
    #[arg(value_name = "CALL")]
    pub call: Option<String>,
    /// Make the calls in this file, and fail if one gives something else than the file says: each call is on a line of its own,
    /// and the next line is `= ` and the expected result in WAVE syntax. Each call has a fresh instance
    #[arg(long, value_name = "FILE", conflicts_with_all = ["call", "arguments"])]
    pub calls: Option<PathBuf>,
    /// Another component, whose exports are what this one imports: for a test, in place of what a host would have. It has what
    /// this one may use, and a fresh instance for each of its instances; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// What the component may use
    #[command(flatten)]
    pub granted: Granted,
    /// Arguments that the component reads as its command line
    #[arg(last = true, value_name = "ARGUMENT")]
    pub arguments: Vec<String>,
}

/// Runs the component; the exit code is the component's own. What Wasmtime compiles is kept in the cache in this folder, if there is one.
pub fn run(run: &Run, cache: Option<&Path>) -> Result<ExitCode, Error> {
    let call = run.call.as_deref().map(Call::parse).transpose()?;
    let cases = run.calls.as_deref().map(calls::read).transpose()?;
    let engine = host::engine().map_err(Error::Engine)?;
    let component = load(&engine, &run.file, &imports::provided_by(&run.with)?, cache)?;
    let stand_ins = stand_ins::load_all(&engine, &run.with, cache)?;
    let start = || start(run, &engine, &component, &stand_ins);
    let runtime = runtime()?;
    if let Some(cases) = cases {
        for case in &cases {
            let target = exports::find(&engine, &component, &case.call)?;
            let (mut store, linker) = start()?;
            runtime.block_on(async {
                let instance = instantiate(&mut store, &linker, &component).await?;
                case.call.compare(&mut store, &instance, &target, &case.result).await
            })?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let target = match &call {
        Some(call) => Some(exports::find(&engine, &component, call)?),
        None => None,
    };
    let (mut store, linker) = start()?;
    runtime.block_on(async {
        let instance = instantiate(&mut store, &linker, &component).await?;
        match (&call, &target) {
            (Some(call), Some(target)) => call.invoke(&mut store, &instance, target).await,
            _ => command::invoke(&engine, &component, &mut store, &instance).await,
        }
    })
}

/// A store for an instance of the component, and all that this imports.
fn start(
    run: &Run,
    engine: &Engine,
    component: &Component,
    stand_ins: &[StandIn],
) -> Result<(Store<Host>, Linker<Host>), Error> {
    let mut linker = wasi(engine)?;
    for stand_in in stand_ins {
        let host = Host::new(&run.file, &run.granted, &run.arguments)?;
        stand_in.link(engine, &mut linker, component, host)?;
    }
    let host = Host::new(&run.file, &run.granted, &run.arguments)?;
    Ok((Store::new(engine, host), linker))
}

fn runtime() -> Result<tokio::runtime::Runtime, Error> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().map_err(Error::Runtime)
}

/// Reads a component, which imports what the host has, or what is given beside that.
fn load(engine: &Engine, file: &Path, given: &BTreeSet<String>, cache: Option<&Path>) -> Result<Component, Error> {
    let bytes = ampoule_action::read(file)?;
    if wasmtime::Engine::detect_precompiled(&bytes).is_none() && !is_component(&bytes) {
        return Err(Error::NotComponent {
            path: file.to_path_buf(),
        });
    }
    // What is no file, such as a pipe, is read once.
    let component = if let Some(cache) = cache.and_then(|folder| Cache::open(folder).ok())
        && file.is_file()
    {
        compiled::component(engine, file, &bytes, given, &cache)?
    } else {
        imports::check_bytes(&bytes, given)?;
        Component::from_binary(engine, &bytes).map_err(|error| Error::Invalid {
            path: file.to_path_buf(),
            reason: format!("{error:#}"),
        })?
    };
    imports::check(engine, &component, given)?;
    Ok(component)
}

/// Whether the file starts as a component does: the magic number, then version 13, layer 1.
fn is_component(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\0asm\x0d\0\x01\0")
}

/// All that the host has.
fn wasi(engine: &Engine) -> Result<Linker<Host>, Error> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker).map_err(Error::Engine)?;
    wasmtime_wasi_http::p2::add_only_http_to_linker_async(&mut linker).map_err(Error::Engine)?;
    wasmtime_wasi::p3::add_to_linker(&mut linker).map_err(Error::Engine)?;
    wasmtime_wasi_http::p3::add_to_linker(&mut linker).map_err(Error::Engine)?;
    wasmtime_wasi_config::add_to_linker(&mut linker, Host::configuration).map_err(Error::Engine)?;
    wasmtime_wasi_keyvalue::add_to_linker(&mut linker, Host::values).map_err(Error::Engine)?;
    Ok(linker)
}

async fn instantiate(store: &mut Store<Host>, linker: &Linker<Host>, component: &Component) -> Result<Instance, Error> {
    linker
        .instantiate_async(store, component)
        .await
        .map_err(|error| match error.downcast_ref::<wasmtime::Trap>() {
            Some(trap) => Error::Trapped {
                function: "start".to_string(),
                reason: trap.to_string(),
            },
            None => Error::Instantiating {
                reason: format!("{error:#}"),
            },
        })
}
