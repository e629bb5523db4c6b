//! The host of the example asynchronous: it makes calls at once, gives and takes streams, and looks at what is cancelled.

pub mod bindings;
mod calls;
mod channels;
mod host;

use bindings::Asynchronous;
use host::Host;
use std::path::Path;
use wasmtime::component::{Component, HasSelf, Linker};
use wasmtime::{Config, Engine, Result, Store};

/// Makes all calls of the component in a file; gives a line for each thing that is not as it should be.
///
/// # Errors
/// When the component cannot be read or instantiated, or when it traps.
pub fn check(file: &Path) -> Result<Vec<String>> {
    let mut config = Config::new();
    config.wasm_component_model_async(true);
    let engine = Engine::new(&config)?;
    let component = Component::from_file(&engine, file)?;
    let mut linker = Linker::new(&engine);
    wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
    Asynchronous::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut store = Store::new(&engine, Host::new());
        let world = Asynchronous::instantiate_async(&mut store, &component, &linker).await?;
        let mut differences = store
            .run_concurrent(async |accessor| calls::make(accessor, &world).await)
            .await??;
        let waiting = store.data().waiting();
        if waiting > 0 {
            differences.push(format!("{waiting} calls of imports were not cancelled"));
        }
        Ok(differences)
    })
}
