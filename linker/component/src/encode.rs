//! Encoding: the module, its producers, validation.

use crate::Error;
use crate::data::{with_data, without_data};
use crate::entrance::with_entrance;
use crate::sections::{PREAMBLE, sections};
use wasm_metadata::Producers;
use wasmparser::{BinaryReaderError, Parser, Validator, WasmFeatures};
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
    check_sections(module)?;
    let (light, data) = without_data(module)?;
    let component = with_producers(&with_entrance(&encoded(&light)?, &light)?, producers)?;
    let component = with_data(&component, data)?;
    Validator::new_with_features(features()).validate_all(&component)?;
    Ok(component)
}

fn encoded(module: &[u8]) -> Result<Vec<u8>, Error> {
    let mut encoder = ComponentEncoder::default();
    let component = encoder
        .module(module)
        .and_then(|encoder| encoder.validate(false).debug_names(false).encode())
        .map_err(|error| Error::Encoding(format!("{error:#}")))?;
    without_names(&component)
}

/// wit-component panics where the code section is longer than the module.
fn check_sections(module: &[u8]) -> Result<(), BinaryReaderError> {
    Parser::new(0)
        .parse_all(module)
        .try_for_each(|payload| payload.map(drop))
}

/// The component without the names of its parts, which no host uses.
fn without_names(component: &[u8]) -> Result<Vec<u8>, Error> {
    let mut kept = component[..PREAMBLE].to_vec();
    for section in sections(component)? {
        if section.id != 0 || section.reader().read_string()? != "component-name" {
            kept.extend_from_slice(section.whole);
        }
    }
    Ok(kept)
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

/// What the component may use: the features of WebAssembly 3.0 that hosts have on by default, and of the component model
/// those types that hosts have to be asked for.
fn features() -> WasmFeatures {
    WasmFeatures::default()
        | WasmFeatures::CM_ERROR_CONTEXT
        | WasmFeatures::CM_FIXED_LENGTH_LISTS
        | WasmFeatures::CM_MAP
}
