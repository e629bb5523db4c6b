//! A component that is a command: it exports wasi:cli/run.

use super::call::failure;
use super::error::Error;
use super::exports::{self, Export};
use super::host::Host;
use std::process::ExitCode;
use wasmtime::component::{Component, Instance};
use wasmtime::{Engine, Store};

/// Runs the command; its exit code is the result.
pub async fn invoke(
    engine: &Engine,
    component: &Component,
    store: &mut Store<Host>,
    instance: &Instance,
) -> Result<ExitCode, Error> {
    let exports = exports::all(engine, component);
    let index = exports
        .iter()
        .find(|export| is_run(export))
        .and_then(|export| export.index(component))
        .ok_or_else(|| Error::NotCommand {
            exports: exports.iter().map(Export::name).collect(),
        })?;
    let function = instance
        .get_typed_func::<(), (Result<(), ()>,)>(&mut *store, index)
        .map_err(|error| Error::Instantiating {
            reason: format!("{error:#}"),
        })?;
    match function.call_async(&mut *store, ()).await {
        Ok((Ok(()),)) => Ok(ExitCode::SUCCESS),
        Ok((Err(()),)) => Ok(ExitCode::FAILURE),
        Err(error) => failure("wasi:cli/run", &error),
    }
}

fn is_run(export: &Export) -> bool {
    let interface = export.interface.as_deref().unwrap_or_default();
    interface.starts_with("wasi:cli/run@") && export.function == "run"
}
