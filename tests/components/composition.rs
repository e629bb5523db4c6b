//! Components that use each other, in one component that needs nothing of a host.

use ampoule_support::component::State;
use std::path::Path;
use wasm_encoder::{ComponentBuilder, ComponentExportKind};
use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::WasiCtx;

/// A part of a composition: a component, and for each interface that it imports the part that has it, by its position.
pub struct Part<'a> {
    component: Vec<u8>,
    imports: &'a [(&'a str, usize)],
}

impl<'a> Part<'a> {
    /// A component with its imports.
    pub fn new(component: Vec<u8>, imports: &'a [(&'a str, usize)]) -> Part<'a> {
        Part { component, imports }
    }
}

/// Builds apps that stand beside each other in a folder of `tests/apps`.
pub fn build<const N: usize>(folder: &str, apps: [&str; N]) -> [Vec<u8>; N] {
    let scratch = ampoule_support::copy(&ampoule_support::root().join("tests/apps").join(folder));
    apps.map(|app| {
        let printed = ampoule_support::succeed(ampoule_support::ampoule(scratch.path()).args(["build", app]));
        let file = scratch.path().join(Path::new(printed.trim_end()));
        std::fs::read(file).expect("the component can be read")
    })
}

/// One component of several, with these functions of the last.
pub fn compose(parts: &[Part], functions: &[&str]) -> Vec<u8> {
    let (instance, function) = (ComponentExportKind::Instance, ComponentExportKind::Func);
    let mut component = ComponentBuilder::default();
    let mut instances: Vec<u32> = Vec::new();
    for part in parts {
        let index = component.component_raw(None, &part.component);
        let imports = part.imports.iter();
        let arguments: Vec<_> = imports
            .map(|&(name, owner)| (name, instance, component.alias_export(instances[owner], name, instance)))
            .collect();
        instances.push(component.instantiate(None, index, arguments));
    }
    let last = *instances.last().expect("there is a part");
    for name in functions {
        let index = component.alias_export(last, name, function);
        component.export(*name, function, index, None);
    }
    component.finish()
}

/// A running component, in a host that gives it nothing.
pub struct Program {
    runtime: tokio::runtime::Runtime,
    store: Store<State>,
    instance: Instance,
}

impl Program {
    /// Starts a component.
    pub fn new(component: &[u8]) -> Program {
        let mut config = Config::new();
        config
            .wasm_component_model_async(true)
            .wasm_component_model_error_context(true);
        let engine = Engine::new(&config).expect("an engine");
        let component = Component::new(&engine, component).expect("the component compiles");
        let mut store = Store::new(&engine, State::new(WasiCtx::default()));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        let instance = runtime
            .block_on(Linker::new(&engine).instantiate_async(&mut store, &component))
            .expect("the component is instantiated");
        Program {
            runtime,
            store,
            instance,
        }
    }

    /// Calls a function, of an interface or of the world itself.
    pub fn call(&mut self, interface: Option<&str>, name: &str, arguments: &[Val], results: &mut [Val]) {
        let (store, instance) = (&mut self.store, self.instance);
        let interface = interface.map(|name| {
            instance
                .get_export_index(&mut *store, None, name)
                .expect("an interface")
        });
        let index = instance
            .get_export_index(&mut *store, interface.as_ref(), name)
            .expect("it is exported");
        let function = instance.get_func(&mut *store, index).expect("a function");
        self.runtime
            .block_on(function.call_async(&mut *store, arguments, results))
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }

    /// What a function of the world itself gives that takes nothing and gives a list.
    pub fn list(&mut self, name: &str) -> Vec<Val> {
        let mut results = [Val::Bool(false)];
        self.call(None, name, &[], &mut results);
        let [Val::List(items)] = results else {
            panic!("{name} gives no list")
        };
        items
    }
}
