//! What a registry keeps: blobs, and the manifest that names them.

use ampoule_action::Digest;
use oci_client::annotations::ORG_OPENCONTAINERS_IMAGE_TITLE;
use oci_client::client::{Config, ImageLayer};
use oci_client::manifest::{OCI_IMAGE_MEDIA_TYPE, OciDescriptor, OciImageManifest};
use std::collections::BTreeMap;

/// A manifest with its blobs.
pub(crate) struct Artifact {
    pub(crate) config: Config,
    pub(crate) layers: Vec<ImageLayer>,
    pub(crate) manifest: OciImageManifest,
}

impl Artifact {
    pub(crate) fn new(config: Config, layers: Vec<ImageLayer>) -> Artifact {
        let manifest = OciImageManifest {
            media_type: Some(OCI_IMAGE_MEDIA_TYPE.to_string()),
            ..OciImageManifest::build(&layers, &config, None)
        };
        Artifact {
            config,
            layers,
            manifest,
        }
    }

    /// The manifest as it is sent.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.manifest).expect("a manifest is JSON")
    }

    /// The manifest's digest, by which the whole is known.
    pub(crate) fn digest(&self) -> String {
        digest(&self.bytes())
    }

    /// How others name it.
    pub(crate) fn descriptor(&self) -> OciDescriptor {
        OciDescriptor {
            media_type: OCI_IMAGE_MEDIA_TYPE.to_string(),
            digest: self.digest(),
            size: self.bytes().len() as i64,
            ..OciDescriptor::default()
        }
    }
}

/// A layer, with the name of the file that tools such as `oras pull` make of it.
pub(crate) fn layer(content: &[u8], media_type: &str, title: &str) -> ImageLayer {
    let annotations = BTreeMap::from([(ORG_OPENCONTAINERS_IMAGE_TITLE.to_string(), title.to_string())]);
    ImageLayer::new(content.to_vec(), media_type.to_string(), Some(annotations))
}

/// The digest of bytes as OCI writes it.
pub(crate) fn digest(bytes: &[u8]) -> String {
    oci_digest(Digest::of_bytes(bytes))
}

/// A digest as OCI writes it.
pub(crate) fn oci_digest(digest: Digest) -> String {
    format!("sha256:{}", digest.hexadecimal())
}
