//! The proof run: the linked module itself, with all that the build runs, goes the same way and must come out the same.

use crate::Error;
use ampoule_host::{HostConfiguration, HostError, Python, engine};
use ampoule_layout::INITIALIZE;
use ampoule_state::State;
use wasmtime::Module;

/// Compiles and instantiates the linked module, and initialises what was linked into it.
pub(crate) fn start(linked: &[u8], configuration: HostConfiguration) -> Result<Python, Error> {
    let module = Module::new(&engine()?, linked).map_err(HostError::Compile)?;
    let mut interpreter = Python::new(&module, configuration)?;
    interpreter.call::<(), ()>(INITIALIZE, ())?;
    Ok(interpreter)
}

/// Says where two states differ.
pub(crate) fn compare(split: &State, fused: &State) -> Result<(), Error> {
    if split.memory.len() != fused.memory.len() {
        return Err(Error::Differs(format!(
            "their memories have {} and {} bytes",
            split.memory.len(),
            fused.memory.len()
        )));
    }
    let differing = split
        .memory
        .iter()
        .zip(&fused.memory)
        .position(|(split, fused)| split != fused);
    if let Some(address) = differing {
        return Err(Error::Differs(format!(
            "their memories differ from address {address:#x} on"
        )));
    }
    if split.globals != fused.globals {
        return Err(Error::Differs(format!(
            "their globals are {:?} and {:?}",
            split.globals, fused.globals
        )));
    }
    Ok(())
}
