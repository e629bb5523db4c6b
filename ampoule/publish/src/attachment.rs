//! What is said of a component: artifacts of their own that refer to it.

use crate::artifact::{Artifact, layer};
use crate::component::Component;
use crate::error::Error;
use oci_client::client::{Config, ImageLayer};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A statement of in-toto.
const STATEMENT_MEDIA_TYPE: &str = "application/vnd.in-toto+json";
/// A bill of materials of CycloneDX.
const BILL_MEDIA_TYPE: &str = "application/vnd.cyclonedx+json";

/// What an artifact has in place of a configuration: `{}` (OCI's image specification, "Guidance for an Empty Descriptor").
const EMPTY_MEDIA_TYPE: &str = "application/vnd.oci.empty.v1+json";
const EMPTY: &str = "{}";

/// By which tools choose among statements, as BuildKit has it.
const PREDICATE_TYPE: &str = "in-toto.io/predicate-type";

/// Provenance or a bill of materials.
#[derive(Clone, Debug)]
pub struct Attachment {
    media_type: &'static str,
    layers: Vec<ImageLayer>,
}

/// What is read of a statement.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    predicate_type: String,
    subject: Vec<Subject>,
}

#[derive(Deserialize)]
struct Subject {
    #[serde(default)]
    digest: BTreeMap<String, String>,
}

/// What is read of a bill.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bill {
    bom_format: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    component: Whole,
}

#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    hashes: Vec<Hash>,
}

#[derive(Deserialize)]
struct Hash {
    content: String,
}

impl Attachment {
    /// Provenance as `ampoule build --provenance` writes it: an in-toto statement a line, each of which becomes a layer.
    ///
    /// # Errors
    /// When it is something else, or of another component.
    pub fn provenance(text: &[u8], component: &Component) -> Result<Attachment, Error> {
        let sha256 = component.sha256();
        let mut is_about = false;
        let mut layers = Vec::new();
        for (number, line) in text.split_inclusive(|byte| *byte == b'\n').enumerate() {
            let statement: Statement = serde_json::from_slice(line).map_err(|error| Error::Provenance {
                line: number + 1,
                error,
            })?;
            let mut digests = statement
                .subject
                .iter()
                .filter_map(|subject| subject.digest.get("sha256"));
            is_about |= digests.any(|digest| *digest == sha256);
            let title = format!("{:03}.intoto.json", number + 1);
            let mut layer = layer(line, STATEMENT_MEDIA_TYPE, &title);
            layer
                .annotations
                .get_or_insert_default()
                .insert(PREDICATE_TYPE.to_string(), statement.predicate_type);
            layers.push(layer);
        }
        if !is_about {
            return Err(Error::OtherComponent {
                what: "provenance",
                sha256,
            });
        }
        Ok(Attachment {
            media_type: STATEMENT_MEDIA_TYPE,
            layers,
        })
    }

    /// A bill of materials as `ampoule build --sbom` writes it: CycloneDX in JSON.
    ///
    /// # Errors
    /// When it is something else, or of another component.
    pub fn bill(text: &[u8], component: &Component) -> Result<Attachment, Error> {
        let bill: Bill = serde_json::from_slice(text).map_err(Error::Bill)?;
        let sha256 = component.sha256();
        let hashes = bill.metadata.component.hashes;
        if bill.bom_format != "CycloneDX" || !hashes.iter().any(|hash| hash.content == sha256) {
            return Err(Error::OtherComponent {
                what: "bill of materials",
                sha256,
            });
        }
        Ok(Attachment {
            media_type: BILL_MEDIA_TYPE,
            layers: vec![layer(text, BILL_MEDIA_TYPE, "sbom.cdx.json")],
        })
    }

    /// The artifact that refers to a component.
    pub(crate) fn artifact(&self, component: &Artifact) -> Artifact {
        let empty = Config::new(EMPTY, EMPTY_MEDIA_TYPE.to_string(), None);
        let mut artifact = Artifact::new(empty, self.layers.clone());
        artifact.manifest.artifact_type = Some(self.media_type.to_string());
        artifact.manifest.subject = Some(component.descriptor());
        artifact
    }
}
