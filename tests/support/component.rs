//! Components with the world's one function `check: func(name: string) -> string`, in hosts that give more or less.

use std::path::Path;
use wasmtime::component::{Component, Linker, ResourceTable, Val};
use wasmtime::{Config, Engine, OptLevel, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a store holds.
pub struct State {
    context: WasiCtx,
    table: ResourceTable,
}

impl State {
    /// With what the host grants.
    pub fn new(context: WasiCtx) -> State {
        let table = ResourceTable::new();
        State { context, table }
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        let State { context: ctx, table } = self;
        WasiCtxView { ctx, table }
    }
}

/// A component, compiled once.
pub struct App {
    component: Component,
}

impl App {
    /// Builds an app of `tests/apps`.
    pub fn build(name: &str) -> App {
        let scratch = super::copy(&super::root().join("tests/apps").join(name));
        let printed = super::succeed(super::ampoule(scratch.path()).arg("build"));
        App::load(&scratch.path().join(printed.trim_end()))
    }

    /// Loads a component from its file.
    pub fn load(file: &Path) -> App {
        let mut configuration = Config::new();
        configuration.cranelift_opt_level(OptLevel::None);
        let engine = Engine::new(&configuration).expect("an engine");
        let component = Component::from_file(&engine, file).expect("the component is valid");
        App { component }
    }

    /// The interfaces that it imports.
    pub fn imports(&self) -> Vec<String> {
        let component_type = self.component.component_type();
        let imports = component_type.imports(self.component.engine());
        imports.map(|(name, _)| name.to_string()).collect()
    }

    /// Calls `check` in a new instance in a host with WASI.
    pub fn check(&self, state: State, name: &str) -> wasmtime::Result<String> {
        let mut linker = Linker::new(self.component.engine());
        wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
        self.call(&linker, state, name)
    }

    /// Calls `check` in a new instance in a host that has nothing.
    pub fn check_alone(&self, name: &str) -> wasmtime::Result<String> {
        self.call(&Linker::new(self.component.engine()), (), name)
    }

    fn call<T: 'static>(&self, linker: &Linker<T>, data: T, name: &str) -> wasmtime::Result<String> {
        let mut store = Store::new(self.component.engine(), data);
        let instance = linker.instantiate(&mut store, &self.component)?;
        let function = instance.get_func(&mut store, "check").expect("the world exports it");
        let mut results = [Val::Bool(false)];
        function.call(&mut store, &[Val::String(name.to_string())], &mut results)?;
        match &results[0] {
            Val::String(text) => Ok(text.clone()),
            other => panic!("{other:?} is no string"),
        }
    }
}
