//! Starts the interpreter once: the state in which Python is ready becomes the module's own.

use crate::Error;
use ampoule_host::{Captured, Files, HostConfiguration, HostError, Outcome, Python, engine};
use ampoule_settings::PythonSettings;
use ampoule_state::{capture, rewrite};
use wasmtime::Module;

/// What has run and must not run again; without these exports the link leaves out what only they need.
const STARTERS: [&str; 2] = ["_initialize", "ampoule_initialize"];

/// The base after `_initialize` and `ampoule_initialize`. `compiled` is the base, precompiled.
pub(crate) fn initialised(
    base: &[u8],
    compiled: &[u8],
    library: Files,
    python: &PythonSettings,
    hash_seed: u32,
) -> Result<Vec<u8>, Error> {
    let mut interpreter = started(compiled, library, &Captured::new(), python, hash_seed)?;
    let state = capture(&mut interpreter, true)?;
    Ok(rewrite(base, &state, |name| !STARTERS.contains(&name))?)
}

/// A new instance of the precompiled base in which Python is ready; both of its output streams are captured.
pub(crate) fn started(
    compiled: &[u8],
    files: Files,
    output: &Captured,
    python: &PythonSettings,
    hash_seed: u32,
) -> Result<Python, Error> {
    let mut interpreter = instantiate(compiled, files, output, python)?;
    match interpreter.initialize(hash_seed)? {
        Outcome::Done => Ok(interpreter),
        Outcome::Raised => Err(Error::Python {
            what: "Python does not start",
            output: output.take_text(),
        }),
    }
}

fn instantiate(compiled: &[u8], files: Files, output: &Captured, python: &PythonSettings) -> Result<Python, Error> {
    let configuration = HostConfiguration {
        files,
        arguments: python.arguments(),
        environment: python.environment(),
        stdout: output.sink(),
        stderr: output.sink(),
        ..HostConfiguration::default()
    };
    // SAFETY: the bytes come from `precompile`, called by this very process.
    let module = unsafe { Module::deserialize(&engine()?, compiled) }.map_err(HostError::Instantiate)?;
    Ok(Python::new(&module, configuration)?)
}
