//! Components with the world's one function `check: func(name: string) -> string`, in hosts that give more or less.

use std::path::Path;
use wasmtime::component::{Component, Func, Linker, ResourceTable, Val};
use wasmtime::{Config, Engine, OptLevel, ResourceLimiter, Store};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

/// What a store holds.
pub struct State {
    context: WasiCtx,
    table: ResourceTable,
    memory: Memory,
}

/// How large the linear memory has become, and may become.
struct Memory {
    size: usize,
    limit: usize,
}

impl State {
    /// With what the host grants.
    pub fn new(context: WasiCtx) -> State {
        State::limited(context, usize::MAX)
    }

    /// With so many bytes of linear memory at the most.
    pub fn limited(context: WasiCtx, limit: usize) -> State {
        State {
            context,
            table: ResourceTable::new(),
            memory: Memory { size: 0, limit },
        }
    }
}

impl ResourceLimiter for Memory {
    fn memory_growing(&mut self, _: usize, desired: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        let is_allowed = desired <= self.limit;
        if is_allowed {
            self.size = desired;
        }
        Ok(is_allowed)
    }

    fn table_growing(&mut self, _: usize, _: usize, _: Option<usize>) -> wasmtime::Result<bool> {
        Ok(true)
    }
}

impl WasiView for State {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView {
            ctx: &mut self.context,
            table: &mut self.table,
        }
    }
}

/// A linker with WASI. It is not generic, so that its hundreds of functions are compiled once for all programs of tests.
///
/// # Errors
/// When Wasmtime does not take a function.
pub fn linker(engine: &Engine) -> wasmtime::Result<Linker<State>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    Ok(linker)
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
        self.start(state)?.check(name)
    }

    /// A new instance in a host with WASI, to be called several times.
    pub fn start(&self, state: State) -> wasmtime::Result<Instance<State>> {
        let linker = linker(self.component.engine())?;
        let mut store = Store::new(self.component.engine(), state);
        store.limiter(|state| &mut state.memory);
        Instance::new(&linker, store, &self.component)
    }

    /// Calls `check` in a new instance in a host that has nothing.
    pub fn check_alone(&self, name: &str) -> wasmtime::Result<String> {
        let store = Store::new(self.component.engine(), ());
        Instance::new(&Linker::new(self.component.engine()), store, &self.component)?.check(name)
    }
}

/// An instance of a component.
pub struct Instance<T: 'static> {
    store: Store<T>,
    function: Func,
}

impl Instance<State> {
    /// How large its linear memory is, in bytes.
    pub fn memory(&self) -> usize {
        self.store.data().memory.size
    }
}

impl<T: 'static> Instance<T> {
    fn new(linker: &Linker<T>, mut store: Store<T>, component: &Component) -> wasmtime::Result<Instance<T>> {
        let instance = linker.instantiate(&mut store, component)?;
        let function = instance.get_func(&mut store, "check").expect("the world exports it");
        Ok(Instance { store, function })
    }

    /// Calls `check`.
    pub fn check(&mut self, name: &str) -> wasmtime::Result<String> {
        let mut results = [Val::Bool(false)];
        let arguments = [Val::String(name.to_string())];
        self.function.call(&mut self.store, &arguments, &mut results)?;
        match &results[0] {
            Val::String(text) => Ok(text.clone()),
            other => panic!("{other:?} is no string"),
        }
    }
}
