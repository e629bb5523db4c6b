//! The host of the example echo: it calls every export with many values, serves the imports that the exports call in turn, and
//! compares what comes back with what it gave.

pub mod bindings;
mod calls;
mod dynamic;
mod host;
mod values;

pub use dynamic::{Call, check as check_dynamic, record};

use bindings::Echo;
use host::Host;
use std::path::Path;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Result, Store};

/// What the calls gave.
#[derive(Debug, Default)]
pub struct Checked {
    /// How many calls there were.
    pub calls: usize,
    /// A line for each value that came back changed.
    pub differences: Vec<String>,
}

/// Runs all calls on the component in a file.
///
/// # Errors
/// When the component cannot be read or instantiated, or when it traps.
pub fn check(file: &Path) -> Result<Checked> {
    let engine = engine()?;
    let component = Component::from_file(&engine, file)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Echo::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    let mut store = Store::new(&engine, Host::new());
    let echo = Echo::instantiate(&mut store, &component, &linker)?;
    let mut calls = calls::Calls::new(store);
    // Twice, so that the second round finds what the first one has left behind.
    for _ in 0..2 {
        calls.round(&echo)?;
    }
    Ok(calls.checked)
}

fn engine() -> Result<Engine> {
    let mut config = Config::new();
    config.wasm_component_model_map(true);
    Engine::new(&config)
}
