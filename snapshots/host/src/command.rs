//! Programs with a `main`, run once.

use crate::engine::{engine, load_precompiled, on_large_stack};
use crate::{Exit, Files, Host, HostConfiguration, HostError, add_to_linker};
use std::path::Path;
use wasmtime::{Instance, Linker, Module, Store};

/// A compiled program with a `main`: one that exports `wasi:cli/run@0.2.x#run`, or `_start`.
#[derive(Clone)]
pub struct Command {
    module: Module,
    start: String,
}

/// How a program ended, and what it left behind.
#[derive(Debug)]
pub struct Finished {
    /// The exit status; 0 for success.
    pub code: u8,
    /// The file system, with what the program wrote.
    pub files: Files,
}

impl Command {
    /// Compiles a program.
    pub fn compile(module: &[u8]) -> Result<Command, HostError> {
        Command::new(Module::new(&engine()?, module).map_err(HostError::Compile)?)
    }

    /// Loads a program that [`crate::precompile`] has compiled.
    pub fn precompiled(file: &Path) -> Result<Command, HostError> {
        Command::new(load_precompiled(file)?)
    }

    fn new(module: Module) -> Result<Command, HostError> {
        let start = module
            .exports()
            .map(|export| export.name())
            .find(|name| is_start(name))
            .ok_or_else(|| HostError::MissingExport("wasi:cli/run#run".to_owned()))?
            .to_owned();
        Ok(Command { module, start })
    }

    /// Runs the program to its end. Only a trap is an error; any exit status is a result.
    pub fn run(&self, configuration: HostConfiguration) -> Result<Finished, HostError> {
        on_large_stack(|| self.run_here(configuration))?
    }

    fn run_here(&self, configuration: HostConfiguration) -> Result<Finished, HostError> {
        let (mut store, instance) = instantiate(&self.module, configuration)?;
        let outcome = if self.start == "_start" {
            instance
                .get_typed_func::<(), ()>(&mut store, &self.start)
                .and_then(|start| start.call(&mut store, ()))
                .map(|()| 0)
        } else {
            instance
                .get_typed_func::<(), u32>(&mut store, &self.start)
                .and_then(|start| start.call(&mut store, ()))
        };
        let code = match outcome.map_err(|error| HostError::of_call(&self.start, error)) {
            Ok(status) => u8::from(status != 0),
            Err(HostError::Exited {
                exit: Exit { code }, ..
            }) => code,
            Err(error) => return Err(error),
        };
        Ok(Finished {
            code,
            files: store.into_data().into_files(),
        })
    }
}

fn is_start(name: &str) -> bool {
    name == "_start" || (name.starts_with("wasi:cli/run@0.2.") && name.ends_with("#run"))
}

/// Compiles a program and runs it once.
pub fn run_command(module: &[u8], configuration: HostConfiguration) -> Result<Finished, HostError> {
    Command::compile(module)?.run(configuration)
}

/// Instantiates a module that imports nothing beside what this host gives.
pub(crate) fn instantiate(
    module: &Module,
    configuration: HostConfiguration,
) -> Result<(Store<Host>, Instance), HostError> {
    let mut linker = Linker::new(module.engine());
    add_to_linker(&mut linker, module)?;
    let mut store = Store::new(module.engine(), Host::new(configuration));
    let instance = linker.instantiate(&mut store, module).map_err(HostError::Instantiate)?;
    Ok((store, instance))
}
