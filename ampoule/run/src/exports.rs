//! The functions that a component exports, and which of them a call means.

use super::call::Call;
use super::error::Error;
use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::wasm_wave::wasm::DisplayFunc;
use wasmtime::component::{Component, ComponentExportIndex};

/// An exported function.
pub struct Export {
    /// The interface that has it, or none for a function of the world.
    pub interface: Option<String>,
    /// Its name there.
    pub function: String,
    /// Its types.
    pub signature: ComponentFunc,
}

impl Export {
    /// The name as `ampoule run` takes it.
    pub fn name(&self) -> String {
        match &self.interface {
            Some(interface) => format!("{interface}#{}", self.function),
            None => self.function.clone(),
        }
    }

    /// The name and the types.
    pub fn declaration(&self) -> String {
        format!("{}: {}", self.name(), DisplayFunc(self.signature.clone()))
    }

    /// Where the function stands in the component.
    pub fn index(&self, component: &Component) -> Option<ComponentExportIndex> {
        let interface = match &self.interface {
            Some(interface) => Some(component.get_export_index(None, interface)?),
            None => None,
        };
        component.get_export_index(interface.as_ref(), &self.function)
    }
}

/// An export together with its place in the component.
pub struct Target {
    /// The function.
    pub export: Export,
    /// Its place.
    pub index: ComponentExportIndex,
}

/// All functions that the component exports, in the order in which it does.
pub fn all(engine: &Engine, component: &Component) -> Vec<Export> {
    let mut found = Vec::new();
    for (name, export) in component.component_type().exports(engine) {
        match export.ty {
            ComponentItem::ComponentFunc(signature) => found.push(Export {
                interface: None,
                function: name.to_string(),
                signature,
            }),
            ComponentItem::ComponentInstance(interface) => {
                for (function, export) in interface.exports(engine) {
                    if let ComponentItem::ComponentFunc(signature) = export.ty {
                        found.push(Export {
                            interface: Some(name.to_string()),
                            function: function.to_string(),
                            signature,
                        });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// The function that the call means.
pub fn find(engine: &Engine, component: &Component, call: &Call) -> Result<Target, Error> {
    let (mut meant, others): (Vec<Export>, Vec<Export>) = all(engine, component)
        .into_iter()
        .partition(|export| call.means(export.interface.as_deref(), &export.function));
    // The world's own function is the one that its bare name means.
    if let Some(own) = meant.iter().position(|export| export.name() == call.name()) {
        meant.swap(0, own);
        meant.truncate(1);
    }
    match meant.len() {
        0 => Err(Error::NoSuchExport {
            name: call.name(),
            exports: others.iter().map(Export::name).collect(),
        }),
        1 => {
            let export = meant.remove(0);
            let index = export.index(component).ok_or_else(|| Error::NoSuchExport {
                name: call.name(),
                exports: Vec::new(),
            })?;
            Ok(Target { export, index })
        }
        _ => Err(Error::Ambiguous {
            name: call.name(),
            exports: meant.iter().map(Export::name).collect(),
        }),
    }
}
