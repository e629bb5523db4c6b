//! The imported functions, a file for each package of WASI.

pub(crate) mod cli;
pub(crate) mod clocks;
pub(crate) mod filesystem;
pub(crate) mod io;
pub(crate) mod random;
pub(crate) mod sockets;

use crate::Host;
use crate::guest::Guest;
use wasmtime::{Caller, Result};

/// Any `[resource-drop]...`: forgets the handle.
pub(crate) fn drop_resource(caller: Caller<'_, Host>, handle: u32) -> Result<()> {
    Guest(caller).host().handles.remove(handle)
}
