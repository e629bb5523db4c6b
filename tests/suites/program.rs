//! A component that runs tests, each call in an instance of its own.

use ampoule_support::component::{State, linker};
use std::path::Path;
use std::time::Duration;
use wasmtime::component::{Component, Val};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::p2::pipe::MemoryOutputPipe;
use wasmtime_wasi::{FsPerms, WasiCtx};

/// How long a call may take, in seconds; on a loaded machine the slowest takes a few minutes.
const LIMIT: u64 = 1200;

/// How much a call may print.
const PRINTED: usize = 64 << 20;

/// The component, compiled once.
pub struct Program {
    component: Component,
}

impl Program {
    /// Loads the component.
    pub fn new(component: &Path) -> Program {
        let mut configuration = Config::new();
        configuration.epoch_interruption(true);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, component).expect("the component is valid");
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(Duration::from_secs(1));
                engine.increment_epoch();
            }
        });
        Program { component }
    }

    /// Calls a function that gives one value, with these folders; gives the value and what was printed.
    pub fn call(&self, name: &str, arguments: &[Val], folders: &[(&Path, &str)]) -> (wasmtime::Result<Val>, String) {
        let output = MemoryOutputPipe::new(PRINTED);
        let result = self.printing(&output, name, arguments, folders);
        (result, String::from_utf8_lossy(&output.contents()).into_owned())
    }

    fn printing(
        &self,
        output: &MemoryOutputPipe,
        name: &str,
        arguments: &[Val],
        folders: &[(&Path, &str)],
    ) -> wasmtime::Result<Val> {
        let mut context = WasiCtx::builder();
        context.stdout(output.clone()).stderr(output.clone());
        for (folder, path) in folders {
            context.preopened_dir(folder, path, FsPerms::ReadWrite)?;
        }
        let engine = self.component.engine();
        let mut store = Store::new(engine, State::new(context.build()));
        store.set_epoch_deadline(LIMIT);
        let instance = linker(engine)?.instantiate(&mut store, &self.component)?;
        let function = instance.get_func(&mut store, name).expect("the world exports it");
        let mut results = [Val::Bool(false)];
        function.call(&mut store, arguments, &mut results)?;
        let [result] = results;
        Ok(result)
    }
}

/// Texts as an argument.
pub fn list(texts: &[&str]) -> Val {
    Val::List(texts.iter().map(|text| Val::String(text.to_string())).collect())
}
