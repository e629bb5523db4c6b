//! Error contexts, which Wasmtime has behind a gate.
//!
//! One app of `tests/apps/error-context` calls the other, in one component. Wasmtime lets a host receive error contexts, but not read
//! one, and does not count what a host holds: only components can use them.

mod support;

use support::component::State;
use wasm_encoder::{ComponentBuilder, ComponentExportKind};
use wasmtime::component::{Component, Instance, Linker, Val};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::WasiCtx;

/// The interface between the apps.
const REPORTS: &str = "test:contexts/reports";

struct Program {
    store: Store<State>,
    instance: Instance,
}

impl Program {
    fn new(component: &[u8]) -> Program {
        let mut config = Config::new();
        config
            .wasm_component_model_async(true)
            .wasm_component_model_error_context(true);
        let engine = Engine::new(&config).expect("an engine");
        let component = Component::new(&engine, component).expect("the component compiles");
        let mut store = Store::new(&engine, State::new(WasiCtx::default()));
        let instance = Linker::new(&engine)
            .instantiate(&mut store, &component)
            .expect("the component is instantiated");
        Program { store, instance }
    }

    fn call(&mut self, interface: Option<&str>, name: &str, arguments: &[Val], results: &mut [Val]) {
        let interface = interface.map(|name| {
            self.instance
                .get_export_index(&mut self.store, None, name)
                .expect("an interface")
        });
        let function = self
            .instance
            .get_export_index(&mut self.store, interface.as_ref(), name)
            .expect("it is exported");
        let function = self.instance.get_func(&mut self.store, function).expect("a function");
        function
            .call(&mut self.store, arguments, results)
            .unwrap_or_else(|error| panic!("{name}: {error:?}"));
    }
}

#[test]
fn cross_between_components() {
    let scratch = build();
    let read = |path| std::fs::read(scratch.path().join(path)).expect("the component can be read");
    let mut program = Program::new(&composed(&read("maker/maker.wasm"), &read("user/user.wasm")));
    let mut results = [Val::Bool(false)];
    program.call(None, "results", &[], &mut results);
    let [Val::List(results)] = results else {
        panic!("no list")
    };
    let lines: Vec<String> = results.iter().map(line).collect();
    let golden = support::root().join("tests/apps/error-context/results.txt");
    support::check_golden(&golden, &lines.concat()).unwrap_or_else(|difference| panic!("{difference}"));
    program.call(None, "churn", &[Val::U32(10_000)], &mut []);
}

#[test]
fn reach_the_host() {
    let scratch = build();
    let component = std::fs::read(scratch.path().join("maker/maker.wasm")).expect("the component can be read");
    let mut program = Program::new(&component);
    for number in 0..1000 {
        let mut results = [Val::Bool(false)];
        program.call(Some(REPORTS), "fail", &[Val::String(number.to_string())], &mut results);
        let [Val::Result(Err(Some(cause)))] = results else {
            panic!("call {number} did not fail")
        };
        assert!(matches!(*cause, Val::ErrorContext(_)), "{cause:?}");
    }
}

fn build() -> tempfile::TempDir {
    let scratch = support::copy(&support::root().join("tests/apps/error-context"));
    for app in ["maker", "user"] {
        support::succeed(support::ampoule(scratch.path()).args(["build", app]));
    }
    scratch
}

fn line(result: &Val) -> String {
    let Val::String(text) = result else {
        panic!("no text: {result:?}")
    };
    format!("{text}\n")
}

/// One component of two: the user's imports are the maker's exports.
fn composed(maker: &[u8], user: &[u8]) -> Vec<u8> {
    let (instance, function) = (ComponentExportKind::Instance, ComponentExportKind::Func);
    let mut component = ComponentBuilder::default();
    let maker = component.component_raw(None, maker);
    let user = component.component_raw(None, user);
    let nothing: [(&str, ComponentExportKind, u32); 0] = [];
    let maker = component.instantiate(None, maker, nothing);
    let reports = component.alias_export(maker, REPORTS, instance);
    let user = component.instantiate(None, user, [(REPORTS, instance, reports)]);
    for name in ["results", "churn"] {
        let index = component.alias_export(user, name, function);
        component.export(name, function, index, None);
    }
    component.finish()
}
