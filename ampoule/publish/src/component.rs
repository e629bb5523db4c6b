//! A component as a Wasm OCI artifact (CNCF TAG Runtime, "Wasm OCI Artifact layout").

use crate::artifact::{Artifact, digest, layer};
use crate::error::Error;
use ampoule_action::Digest;
use oci_client::client::Config;
use serde::Serialize;
use std::path::Path;
use wasmparser::{BinaryReaderError, Parser, Payload};

const CONFIG_MEDIA_TYPE: &str = "application/vnd.wasm.config.v0+json";
const LAYER_MEDIA_TYPE: &str = "application/wasm";

/// The same whatever the component's file was called, so that the digest is.
const TITLE: &str = "component.wasm";

/// The format wants a time; a component has none, whenever it was built.
const CREATED: &str = "1970-01-01T00:00:00Z";

/// A component that can be published.
#[derive(Clone, Debug)]
pub struct Component {
    bytes: Vec<u8>,
    world: World,
}

/// The names of what it exports and imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
struct World {
    exports: Vec<String>,
    imports: Vec<String>,
}

/// What registries and tools may learn of it without having it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WasmConfig<'a> {
    created: &'static str,
    architecture: &'static str,
    os: &'static str,
    layer_digests: [String; 1],
    component: &'a World,
}

impl Component {
    /// Reads a component.
    ///
    /// # Errors
    /// When the file cannot be read, or is none.
    pub fn read(file: &Path) -> Result<Component, Error> {
        let bytes = ampoule_action::read(file)?;
        if !Parser::is_component(&bytes) {
            return Err(Error::NotComponent(file.to_path_buf()));
        }
        match world(&bytes) {
            Ok(world) => Ok(Component { bytes, world }),
            Err(_) => Err(Error::NotComponent(file.to_path_buf())),
        }
    }

    /// The sha256 of the component itself.
    pub(crate) fn sha256(&self) -> String {
        Digest::of_bytes(&self.bytes).hexadecimal()
    }

    pub(crate) fn artifact(&self) -> Artifact {
        let config = WasmConfig {
            created: CREATED,
            architecture: "wasm",
            os: "wasip2",
            layer_digests: [digest(&self.bytes)],
            component: &self.world,
        };
        let config = serde_json::to_vec(&config).expect("a configuration is JSON");
        let config = Config::new(config, CONFIG_MEDIA_TYPE.to_string(), None);
        Artifact::new(config, vec![layer(&self.bytes, LAYER_MEDIA_TYPE, TITLE)])
    }
}

fn world(component: &[u8]) -> Result<World, BinaryReaderError> {
    let mut world = World::default();
    let mut depth = 0;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    world.imports.push(import?.name.name.to_string());
                }
            }
            Payload::ComponentExportSection(section) if depth == 1 => {
                for export in section {
                    world.exports.push(export?.name.name.to_string());
                }
            }
            _ => {}
        }
    }
    Ok(world)
}
