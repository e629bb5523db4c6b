//! The host of the example resources: it keeps resources of its own, passes its own and the component's in every position, and
//! looks at what is still alive afterwards.

pub mod bindings;
mod calls;
mod host;

use bindings::Resources;
use host::Host;
use std::path::Path;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Engine, Result, Store};

/// Runs all calls on the component in a file; gives a line for each thing that is not as it should be.
///
/// `rounds` is how often resources are made and dropped on either side.
///
/// # Errors
/// When the component cannot be read or instantiated, or when it traps.
pub fn check(file: &Path, rounds: u32) -> Result<Vec<String>> {
    let engine = Engine::default();
    let component = Component::from_file(&engine, file)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Resources::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    let mut store = Store::new(&engine, Host::new());
    store.limiter(|host| host);
    let world = Resources::instantiate(&mut store, &component, &linker)?;
    let mut calls = calls::Calls::new(store, world);
    calls.own_checks()?;
    calls.things()?;
    calls.aliases()?;
    calls.gauges()?;
    calls.tokens()?;
    calls.inline()?;
    calls.memory(rounds)?;
    Ok(calls.differences)
}
