//! A component as a Wasm OCI artifact (CNCF TAG Runtime, "Wasm OCI Artifact layout").

use crate::artifact::{Artifact, layer, oci_digest};
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
    digest: Digest,
    world: World,
}

/// The names of what a component exports and imports, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct World {
    /// What it exports.
    pub exports: Vec<String>,
    /// What it imports.
    pub imports: Vec<String>,
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
        match World::of(&bytes) {
            Ok(world) => Ok(Component {
                digest: Digest::of_bytes(&bytes),
                bytes,
                world,
            }),
            Err(_) => Err(Error::NotComponent(file.to_path_buf())),
        }
    }

    /// The sha256 of the component itself.
    pub(crate) fn sha256(&self) -> String {
        self.digest.hexadecimal()
    }

    pub(crate) fn artifact(&self) -> Artifact {
        let config = WasmConfig {
            created: CREATED,
            architecture: "wasm",
            os: "wasip2",
            layer_digests: [oci_digest(self.digest)],
            component: &self.world,
        };
        let config = serde_json::to_vec(&config).expect("a configuration is JSON");
        let config = Config::new(config, CONFIG_MEDIA_TYPE.to_string(), None);
        Artifact::new(config, vec![layer(&self.bytes, LAYER_MEDIA_TYPE, TITLE)])
    }
}

impl World {
    /// Reads them from a component (component model, "Binary.md").
    ///
    /// # Errors
    /// When it is not well-formed.
    pub fn of(component: &[u8]) -> Result<World, BinaryReaderError> {
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
}
