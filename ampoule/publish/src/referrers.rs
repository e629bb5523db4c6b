//! That a registry lists what refers to a component: by itself (OCI 1.1), or else in an index under the tag `sha256-HEX` of the component's digest
//! (OCI's distribution specification, "Referrers Tag Schema").

use crate::artifact::Artifact;
use crate::error::Error;
use crate::registry::Registry;
use oci_client::manifest::{OCI_IMAGE_INDEX_MEDIA_TYPE, OciDescriptor};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How often the index is written, as others may do that at the same time: registries have no lock.
const ATTEMPTS: usize = 4;

/// An index, with all that others have put into it as it is.
#[derive(Debug, Serialize, Deserialize)]
struct Index {
    manifests: Vec<Value>,
    #[serde(flatten)]
    other: BTreeMap<String, Value>,
}

/// Has referrers listed that are in the registry.
pub(crate) async fn list(registry: &Registry<'_>, component: &Artifact, referrers: &[Artifact]) -> Result<(), Error> {
    let digest = component.digest();
    let tag = digest.replace(':', "-");
    for _ in 0..ATTEMPTS {
        if are_listed(registry, &digest, referrers).await {
            return Ok(());
        }
        let mut index = match registry.index(&tag).await? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(|_| Error::NotIndex { tag: tag.clone() })?,
            None => Index::new(),
        };
        index.add(referrers.iter().map(descriptor));
        registry.put_index(&tag, index.to_json()).await?;
    }
    match are_listed(registry, &digest, referrers).await {
        true => Ok(()),
        false => Err(Error::NotListed { tag }),
    }
}

async fn are_listed(registry: &Registry<'_>, digest: &str, referrers: &[Artifact]) -> bool {
    let listed = registry.referrers(digest).await;
    let listed = listed.map(|index| index.manifests).unwrap_or_default();
    let is_listed = |referrer: &Artifact| listed.iter().any(|entry| entry.digest == referrer.digest());
    referrers.iter().all(is_listed)
}

/// How an index names a referrer.
fn descriptor(referrer: &Artifact) -> OciDescriptor {
    OciDescriptor {
        artifact_type: referrer.manifest.artifact_type.clone(),
        ..referrer.descriptor()
    }
}

impl Index {
    fn new() -> Index {
        let other = [
            ("schemaVersion", json!(2)),
            ("mediaType", json!(OCI_IMAGE_INDEX_MEDIA_TYPE)),
        ];
        Index {
            manifests: Vec::new(),
            other: other.map(|(name, value)| (name.to_string(), value)).into(),
        }
    }

    /// Adds those that are not there, after what is.
    fn add(&mut self, descriptors: impl Iterator<Item = OciDescriptor>) {
        for descriptor in descriptors {
            if !self.manifests.iter().any(|entry| entry["digest"] == descriptor.digest) {
                let entry = serde_json::to_value(&descriptor).expect("a descriptor is JSON");
                self.manifests.push(entry);
            }
        }
    }

    fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("an index is JSON")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(digest: &str) -> OciDescriptor {
        OciDescriptor {
            digest: digest.to_string(),
            ..OciDescriptor::default()
        }
    }

    #[test]
    fn what_others_have_put_into_an_index_stays_as_it_is() {
        let others = json!({
            "schemaVersion": 2,
            "mediaType": OCI_IMAGE_INDEX_MEDIA_TYPE,
            "manifests": [{"digest": "sha256:a", "size": 1, "mediaType": "x/y", "data": "e30="}],
            "annotations": {"by": "another"},
        });
        let mut index: Index = serde_json::from_value(others.clone()).unwrap();
        index.add(["sha256:a", "sha256:b"].map(descriptor).into_iter());
        let written: Value = serde_json::from_slice(&index.to_json()).unwrap();
        assert_eq!(written["annotations"], others["annotations"]);
        assert_eq!(written["manifests"][0], others["manifests"][0]);
        assert_eq!(written["manifests"][1]["digest"], "sha256:b");
        assert_eq!(written["manifests"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn an_image_is_no_index() {
        let image = json!({"schemaVersion": 2, "config": {}, "layers": []});
        assert!(serde_json::from_value::<Index>(image).is_err());
    }
}
