//! Starts the interpreter once: the state in which Python is ready becomes the module's own.

use crate::Error;
use ampoule_host::{Captured, Files, HostConfiguration, Interpreter, Outcome, engine, precompile};
use ampoule_snapshot::{capture, rewrite};
use wasmtime::Module;

/// The constructors' entry, which would run again in every instance.
const CONSTRUCTORS: &str = "_initialize";

/// The base after `_initialize` and `ampoule_initialize`.
pub(crate) fn initialised(base: &[u8], library: Files) -> Result<Vec<u8>, Error> {
    let mut interpreter = instantiate(&precompile(base)?, library, &Captured::new())?;
    if interpreter.initialize()? != Outcome::Done {
        return Err(Error::Python {
            what: "Python does not start",
            output: String::new(),
        });
    }
    let state = capture(&mut interpreter, true)?;
    Ok(rewrite(base, &state, |name| name != CONSTRUCTORS)?)
}

/// A new instance of a precompiled module, with both of its output streams captured.
pub(crate) fn instantiate(compiled: &[u8], files: Files, output: &Captured) -> Result<Interpreter, Error> {
    let configuration = HostConfiguration {
        files,
        stdout: output.sink(),
        stderr: output.sink(),
        ..HostConfiguration::default()
    };
    // SAFETY: the bytes come from `precompile`, called by this very process.
    let module = unsafe { Module::deserialize(&engine()?, compiled) }.map_err(ampoule_host::HostError::Instantiate)?;
    Ok(Interpreter::new(&module, configuration)?)
}
