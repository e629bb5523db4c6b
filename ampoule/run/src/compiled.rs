//! Components as Wasmtime compiles them, kept in the cache: compiling one takes seconds, loading a compiled one milliseconds.

use super::error::Error;
use super::imports;
use ampoule_action::{Action, Console, Outputs, Stage, StageError, read, write};
use ampoule_cache::Cache;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use wasmtime::Engine;
use wasmtime::component::Component;

/// Gives the component in a file: compiled by an earlier call, or now.
///
/// # Errors
/// When it is not valid, imports what the host does not have, or cannot be kept in the cache.
pub fn component(
    engine: &Engine,
    file: &Path,
    content: &[u8],
    given: &BTreeSet<String>,
    cache: &Cache,
) -> Result<Component, Error> {
    let load = || load(engine, file, content, given, cache);
    match load() {
        // The damaged one is gone now.
        Err(Error::Compiling(ampoule_cache::Error::Changed { .. } | ampoule_cache::Error::Lost(_))) => load(),
        result => result,
    }
}

fn load(
    engine: &Engine,
    file: &Path,
    content: &[u8],
    given: &BTreeSet<String>,
    cache: &Cache,
) -> Result<Component, Error> {
    let action = Compile { engine, file };
    let check = || Ok(imports::check_bytes(content, given)?);
    let outcome = cache.perform(&action, check, &Console::quiet());
    let outcome = outcome.map_err(|error| explained(file, error))?;
    let compiled = outcome.path(COMPILED);
    cache.verify(compiled)?;
    // SAFETY: an engine of the same compiler and configuration has written the file, and it has the digest that was recorded then.
    unsafe { Component::deserialize_file(engine, compiled) }.map_err(Error::Engine)
}

/// What Wasmtime says of a component is said of its file.
fn explained(file: &Path, error: ampoule_cache::Error) -> Error {
    let reason = match error {
        ampoule_cache::Error::Action(ampoule_action::Error::Stage(reason)) => reason,
        error => return Error::Compiling(error),
    };
    reason.downcast().map_or_else(
        |reason| Error::Invalid {
            path: file.to_path_buf(),
            reason: reason.to_string(),
        },
        |error| *error,
    )
}

/// The name of the output.
const COMPILED: &str = "compiled";

/// An action of the cache that no chain of stages has, since what it gives is for this machine only.
struct Compile<'a> {
    engine: &'a Engine,
    file: &'a Path,
}

impl Stage for Compile<'_> {
    fn name(&self) -> &'static str {
        "precompile"
    }

    /// The work is Wasmtime's, whose version is in the parameter.
    fn code(&self) -> &'static str {
        "wasmtime"
    }

    fn describe(&self) -> Action {
        let Self { engine, file } = self;
        let mut compiler = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut compiler);
        Action::default()
            .parameter("compiler", format!("{:016x}", compiler.finish()))
            .input("component", file)
            .output(COMPILED, PathBuf::from("component.cwasm"))
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let compiled = self.engine.precompile_component(&read(self.file)?);
        let compiled = compiled.map_err(|error| format!("{error:#}"))?;
        Ok(write(&outputs.path(COMPILED), compiled)?)
    }
}
