//! `wasi:cli`: arguments, environment, exit, standard streams. No stream is a terminal.

use crate::guest::{Block, Guest, Part};
use crate::handles::{Destination, Resource};
use crate::{Exit, Host};
use wasmtime::{Caller, Error, Result};

/// `get-environment: func() -> list<tuple<string, string>>`
pub(crate) fn get_environment(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let environment = std::mem::take(&mut guest.host().environment);
    let entries: Vec<Vec<Part<'_>>> = environment
        .iter()
        .map(|(name, value)| vec![Part::Text(name), Part::Text(value)])
        .collect();
    let list = guest.give_entries(&entries)?;
    drop(entries);
    guest.host().environment = environment;
    Block::<8>::new().list(0, list).store(&mut guest, result)
}

/// `get-arguments: func() -> list<string>`
pub(crate) fn get_arguments(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    let mut guest = Guest(caller);
    let arguments = std::mem::take(&mut guest.host().arguments);
    let entries: Vec<Vec<Part<'_>>> = arguments.iter().map(|argument| vec![Part::Text(argument)]).collect();
    let list = guest.give_entries(&entries)?;
    drop(entries);
    guest.host().arguments = arguments;
    Block::<8>::new().list(0, list).store(&mut guest, result)
}

/// `initial-cwd: func() -> option<string>`: there is none beside `/`.
pub(crate) fn initial_cwd(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    Block::<12>::new().store(&mut Guest(caller), result)
}

/// `exit: func(status: result)`
pub(crate) fn exit(_caller: Caller<'_, Host>, status: u32) -> Result<()> {
    Err(Error::new(Exit {
        code: u8::from(status != 0),
    }))
}

/// `exit-with-code: func(status-code: u8)`
pub(crate) fn exit_with_code(_caller: Caller<'_, Host>, code: u32) -> Result<()> {
    Err(Error::new(Exit { code: code as u8 }))
}

/// `get-stdin: func() -> input-stream`: nothing can be read from it.
pub(crate) fn get_stdin(caller: Caller<'_, Host>) -> u32 {
    Guest(caller).host().handles.insert(Resource::Input(None))
}

/// `get-stdout: func() -> output-stream`
pub(crate) fn get_stdout(caller: Caller<'_, Host>) -> u32 {
    let stream = Resource::Output(Destination::Stdout);
    Guest(caller).host().handles.insert(stream)
}

/// `get-stderr: func() -> output-stream`
pub(crate) fn get_stderr(caller: Caller<'_, Host>) -> u32 {
    let stream = Resource::Output(Destination::Stderr);
    Guest(caller).host().handles.insert(stream)
}

/// `get-terminal-stdin` and its kin: `func() -> option<terminal-input>`.
pub(crate) fn no_terminal(caller: Caller<'_, Host>, result: u32) -> Result<()> {
    Block::<8>::new().store(&mut Guest(caller), result)
}
