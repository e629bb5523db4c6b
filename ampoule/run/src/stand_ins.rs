//! `ampoule run --with FILE`: other components, whose exports are what the component imports.
//!
//! Each has a store of its own and a thread for each call, as a call inside a call cannot be in the same event loop. Values go from one
//! to the other; resources do not, as their types belong to a store.

use super::error::Error;
use super::exports::{self, Export};
use super::host::Host;
use super::kinds::find_in;
use super::{instantiate, load, wasi};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{Component, ComponentExportIndex, Instance, Linker, LinkerInstance, Val};
use wasmtime::{Engine, Store};

/// A component that stands in for what the host does not have.
pub struct StandIn {
    file: PathBuf,
    component: Component,
}

/// Reads the components.
///
/// # Errors
/// When one cannot be read, is not valid, or imports what the host does not have.
pub fn load_all(engine: &Engine, files: &[PathBuf], cache: Option<&Path>) -> Result<Vec<StandIn>, Error> {
    let load = |file: &PathBuf| {
        Ok(StandIn {
            file: file.clone(),
            component: load(engine, file, &BTreeSet::new(), cache)?,
        })
    };
    files.iter().map(load).collect()
}

impl StandIn {
    /// Starts it, in a host of its own, and gives its exports to a component that imports them.
    ///
    /// # Errors
    /// When it has nothing that the component imports, has it with other types or with resources, or does not start.
    pub fn link(&self, engine: &Engine, linker: &mut Linker<Host>, app: &Component, host: Host) -> Result<(), Error> {
        let wanted = functions_of_imports(engine, app);
        let mut exports: BTreeMap<Option<String>, Vec<Export>> = BTreeMap::new();
        for export in exports::all(engine, &self.component) {
            if let Some(wanted) = wanted.get(&(export.interface.clone(), export.function.clone())) {
                self.check_types(&export, wanted)?;
                self.check_values(&export)?;
                exports.entry(export.interface.clone()).or_default().push(export);
            }
        }
        if exports.is_empty() {
            return Err(self.refused("it exports nothing that the component imports".to_string()));
        }
        let running = Arc::new(Mutex::new(Running::start(engine, &self.component, host)?));
        linker.allow_shadowing(true);
        for (interface, exports) in exports {
            let mut place = match &interface {
                Some(name) => linker.instance(name).map_err(Error::Engine)?,
                None => linker.root(),
            };
            for export in exports {
                self.define(&mut place, &export, &running)?;
            }
        }
        Ok(())
    }

    fn check_types(&self, export: &Export, wanted: &ComponentFunc) -> Result<(), Error> {
        let own = &export.signature;
        let types = |function: &ComponentFunc| {
            let parameters: Vec<_> = function.params().map(|(_, kind)| kind).collect();
            (parameters, function.results().collect::<Vec<_>>())
        };
        if self.has_resources(export) {
            return Err(self.refused(format!(
                "the interface of {} has resources, which only components that are composed can share",
                export.name()
            )));
        }
        if types(own) != types(wanted) || own.async_() != wanted.async_() {
            return Err(self.refused(format!("the component imports {} with other types", export.name())));
        }
        Ok(())
    }

    fn has_resources(&self, export: &Export) -> bool {
        let engine = self.component.engine();
        let component = self.component.component_type();
        let mut exports = component.exports(engine);
        exports.any(|(name, item)| match item.ty {
            ComponentItem::ComponentInstance(interface) if export.interface.as_deref() == Some(name) => interface
                .exports(engine)
                .any(|(_, item)| matches!(item.ty, ComponentItem::Resource(_))),
            _ => false,
        })
    }

    /// Streams and futures are of one store, as resources are.
    fn check_values(&self, export: &Export) -> Result<(), Error> {
        let signature = &export.signature;
        let kinds = signature.params().map(|(_, kind)| kind).chain(signature.results());
        match kinds.into_iter().find_map(|kind| of_one_store(&kind)) {
            None => Ok(()),
            Some(what) => Err(self.refused(format!(
                "{} has {what}, which only components that are composed can pass to each other",
                export.name()
            ))),
        }
    }

    fn define(
        &self,
        place: &mut LinkerInstance<Host>,
        export: &Export,
        running: &Arc<Mutex<Running>>,
    ) -> Result<(), Error> {
        let lacking = || self.refused(format!("it has no {}", export.name()));
        let index = export.index(&self.component).ok_or_else(lacking)?;
        let running = Arc::clone(running);
        if export.signature.async_() {
            return define_asynchronous(place, &export.function, index, running);
        }
        let call =
            move |_: wasmtime::StoreContextMut<Host>, _: ComponentFunc, arguments: &[Val], results: &mut [Val]| {
                let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
                running.call(index, arguments, results)
            };
        place.func_new(&export.function, call).map_err(Error::Engine)
    }

    fn refused(&self, reason: String) -> Error {
        Error::StandIn {
            path: self.file.clone(),
            reason,
        }
    }
}

/// A function that is asynchronous for who calls it; the component itself has one call after the other.
fn define_asynchronous(
    place: &mut LinkerInstance<Host>,
    name: &str,
    index: ComponentExportIndex,
    running: Arc<Mutex<Running>>,
) -> Result<(), Error> {
    let defined = place.func_new_concurrent(name, move |_, _, arguments, results| {
        let (running, arguments) = (Arc::clone(&running), arguments.to_vec());
        let mut values = results.to_vec();
        Box::pin(async move {
            let call = move || {
                let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
                running.call(index, &arguments, &mut values).map(|()| values)
            };
            results.clone_from_slice(&tokio::task::spawn_blocking(call).await??);
            Ok(())
        })
    });
    defined.map_err(Error::Engine)
}

/// The kind of a value, or of one within it, that cannot leave its store.
fn of_one_store(kind: &Type) -> Option<&'static str> {
    find_in(kind, &|kind| match kind {
        Type::Stream(_) => Some("streams"),
        Type::Future(_) => Some("futures"),
        _ => None,
    })
}

/// The functions that a component imports, by interface and name.
fn functions_of_imports(engine: &Engine, app: &Component) -> BTreeMap<(Option<String>, String), ComponentFunc> {
    let mut found = BTreeMap::new();
    for (name, import) in app.component_type().imports(engine) {
        match import.ty {
            ComponentItem::ComponentFunc(function) => drop(found.insert((None, name.to_string()), function)),
            ComponentItem::ComponentInstance(interface) => {
                found.extend(interface.exports(engine).filter_map(|(function, item)| match item.ty {
                    ComponentItem::ComponentFunc(kind) => Some(((Some(name.to_string()), function.to_string()), kind)),
                    _ => None,
                }));
            }
            _ => {}
        }
    }
    found
}

/// An instance in its own store.
struct Running {
    runtime: tokio::runtime::Runtime,
    store: Store<Host>,
    instance: Instance,
}

impl Running {
    fn start(engine: &Engine, component: &Component, host: Host) -> Result<Running, Error> {
        let linker = wasi(engine)?;
        let mut store = Store::new(engine, host);
        on_a_thread(|| {
            let runtime = super::runtime()?;
            let instance = runtime.block_on(instantiate(&mut store, &linker, component))?;
            Ok((runtime, instance))
        })
        .map(|(runtime, instance)| Running {
            runtime,
            store,
            instance,
        })
    }

    fn call(&mut self, index: ComponentExportIndex, arguments: &[Val], results: &mut [Val]) -> wasmtime::Result<()> {
        let Running {
            runtime,
            store,
            instance,
        } = self;
        on_a_thread(|| {
            let function = instance.get_func(&mut *store, index);
            let function = function.ok_or_else(|| wasmtime::Error::msg("the function is not there any more"))?;
            runtime.block_on(function.call_async(&mut *store, arguments, results))
        })
    }
}

/// Runs something in a thread of its own, where no event loop of the caller's is.
fn on_a_thread<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(result) => result,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
