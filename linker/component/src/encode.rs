//! Encoding: the module, its producers, validation.

use crate::Error;
use wasm_metadata::Producers;
use wasmparser::{Validator, WasmFeatures};
use wit_component::ComponentEncoder;

/// An entry of the producers section.
#[derive(Clone, Copy, Debug)]
pub struct Producer<'a> {
    /// `language`, `processed-by` or `sdk`.
    pub field: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
}

/// Makes a component of a core module, with its producers named, and validates it.
///
/// # Errors
/// When the module lacks what its world asks for, or the result is not valid.
pub fn encode(module: &[u8], producers: &[Producer<'_>]) -> Result<Vec<u8>, Error> {
    let mut encoder = ComponentEncoder::default();
    let component = encoder
        .module(module)
        .and_then(|encoder| encoder.validate(false).encode())
        .map_err(|error| Error::Encoding(format!("{error:#}")))?;
    let component = with_producers(&component, producers)?;
    Validator::new_with_features(features()).validate_all(&component)?;
    Ok(component)
}

fn with_producers(component: &[u8], producers: &[Producer<'_>]) -> Result<Vec<u8>, Error> {
    let mut section = Producers::empty();
    for producer in producers {
        section.add(producer.field, producer.name, producer.version);
    }
    section
        .add_to_wasm(component)
        .map_err(|error| Error::Producers(format!("{error:#}")))
}

/// What the component may use: the features of WebAssembly 3.0 that hosts have on by default, and the component model.
fn features() -> WasmFeatures {
    WasmFeatures::default() | WasmFeatures::COMPONENT_MODEL
}
