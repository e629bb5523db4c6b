//! The same without `bindgen!`: imports and calls of exports that take their types from the component when it runs.

use crate::bindings::Echo;
use crate::host::Host;
use crate::{Checked, calls, engine};
use std::path::Path;
use std::sync::{Arc, Mutex};
use wasmtime::component::types::{ComponentFunc, ComponentItem, Type};
use wasmtime::component::{Component, Instance, Linker, LinkerInstance, Val};
use wasmtime::{Engine, Error, Result, Store, StoreContextMut};

/// A call of a function that gives its arguments back: one alone as it is, several in a tuple.
#[derive(Clone, Debug)]
pub struct Call {
    /// The interface, or none for a function of the world itself.
    pub interface: Option<String>,
    /// The function.
    pub function: String,
    /// The types of its parameters.
    pub parameters: Vec<Type>,
    /// What it returns.
    pub result: Option<Type>,
    /// What it is called with.
    pub arguments: Vec<Val>,
}

/// The calls made so far.
type Calls = Arc<Mutex<Vec<Call>>>;

/// Every call that an export makes of the import of its own name, once each.
///
/// # Errors
/// When the component cannot be read or instantiated, or when it traps.
pub fn record(file: &Path) -> Result<Vec<Call>> {
    let engine = engine()?;
    let component = Component::from_file(&engine, file)?;
    let calls = Calls::default();
    let (mut store, instance) = instantiate(&engine, &component, &calls)?;
    let echo = Echo::new(&mut store, &instance)?;
    calls::Calls::new(store).round(&echo)?;
    let exports = component.component_type();
    let mut recorded = std::mem::take(&mut *calls.lock().expect("no call panics"));
    recorded.retain(|call| {
        let name = call.interface.as_deref().unwrap_or(&call.function);
        exports.exports(&engine).any(|(export, _)| export == name)
    });
    Ok(recorded)
}

/// Calls the exports with recorded values and compares what comes back.
///
/// # Errors
/// When the component cannot be read or instantiated, or when it traps.
pub fn check(file: &Path, recorded: &[Call]) -> Result<Checked> {
    let engine = engine()?;
    let component = Component::from_file(&engine, file)?;
    let (mut store, instance) = instantiate(&engine, &component, &Calls::default())?;
    let mut checked = Checked::default();
    for call in recorded {
        let interface = call.interface.as_deref();
        let parent = interface.and_then(|name| instance.get_export_index(&mut store, None, name));
        let function = instance
            .get_export_index(&mut store, parent.as_ref(), &call.function)
            .and_then(|index| instance.get_func(&mut store, index))
            .ok_or_else(|| Error::msg(format!("{} is not exported", call.function)))?;
        let mut results = vec![Val::Bool(false); usize::from(call.result.is_some())];
        function.call(&mut store, &call.arguments, &mut results)?;
        checked.calls += 1;
        if format!("{results:?}") != format!("{:?}", returned(&call.arguments, results.len())) {
            checked.differences.push(call.function.clone());
        }
    }
    Ok(checked)
}

/// What a function gives back that has as many results.
fn returned(arguments: &[Val], results: usize) -> Vec<Val> {
    match arguments {
        _ if results == 0 => Vec::new(),
        [one] => vec![one.clone()],
        several => vec![Val::Tuple(several.to_vec())],
    }
}

fn instantiate(engine: &Engine, component: &Component, calls: &Calls) -> Result<(Store<Host>, Instance)> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi::p2::add_to_linker_sync(&mut linker)?;
    for (name, import) in component.component_type().imports(engine) {
        match import.ty {
            ComponentItem::ComponentFunc(function) => define(&mut linker.root(), None, name, &function, calls)?,
            ComponentItem::ComponentInstance(interface) if !name.starts_with("wasi:") => {
                let mut instance = linker.instance(name)?;
                for (function, item) in interface.exports(engine) {
                    if let ComponentItem::ComponentFunc(item) = item.ty {
                        define(&mut instance, Some(name), function, &item, calls)?;
                    }
                }
            }
            _ => {}
        }
    }
    let mut store = Store::new(engine, Host::new());
    let instance = linker.instantiate(&mut store, component)?;
    Ok((store, instance))
}

/// Defines an import that gives its arguments back and records the call.
fn define(
    linker: &mut LinkerInstance<Host>,
    interface: Option<&str>,
    name: &str,
    function: &ComponentFunc,
    calls: &Calls,
) -> Result<()> {
    let template = Call {
        interface: interface.map(str::to_string),
        function: name.to_string(),
        parameters: function.params().map(|(_, parameter)| parameter).collect(),
        result: function.results().next(),
        arguments: Vec::new(),
    };
    let calls = calls.clone();
    linker.func_new(name, move |mut store: StoreContextMut<Host>, _, arguments, results| {
        results.clone_from_slice(&returned(arguments, results.len()));
        store.data_mut().called(&template.function, arguments);
        let mut call = template.clone();
        call.arguments = arguments.to_vec();
        calls.lock().expect("no call panics").push(call);
        Ok(())
    })
}
