//! A repository in a registry, and what is put there.

use crate::answer::{failed, is_absent};
use crate::artifact::{Artifact, digest};
use crate::credentials;
use crate::destination::Destination;
use crate::error::Error;
use futures::{StreamExt, TryStreamExt, stream};
use oci_client::client::{Client, ClientConfig, ClientProtocol};
use oci_client::errors::OciDistributionError;
use oci_client::manifest::{OCI_IMAGE_INDEX_MEDIA_TYPE, OCI_IMAGE_MEDIA_TYPE, OciImageIndex};
use oci_client::secrets::RegistryAuth;
use oci_client::{Reference, RegistryOperation};
use std::time::Duration;

/// How long a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(20);
/// How long a registry may stay silent, which it is while a blob is sent.
const SILENCE: Duration = Duration::from_secs(1800);
/// How many blobs are sent at the same time.
const AT_ONCE: usize = 8;

/// A repository, spoken to with the user's credentials.
pub(crate) struct Registry<'a> {
    client: Client,
    credentials: RegistryAuth,
    destination: &'a Destination,
}

impl Registry<'_> {
    /// Looks for credentials and shows them to the registry.
    pub(crate) async fn open(destination: &Destination, plain_http: bool) -> Result<Registry<'_>, Error> {
        // It fails where one is installed already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let configuration = ClientConfig {
            protocol: if plain_http {
                ClientProtocol::Http
            } else {
                ClientProtocol::Https
            },
            // Not all registries take blobs in chunks.
            use_monolithic_push: true,
            connect_timeout: Some(CONNECT),
            read_timeout: Some(SILENCE),
            user_agent: concat!("ampoule/", env!("CARGO_PKG_VERSION")),
            ..ClientConfig::default()
        };
        let client = Client::try_from(configuration).map_err(failed(destination))?;
        let reference = destination.at(destination.tag());
        let credentials = credentials::of(&reference)?;
        let authorised = client.auth(&reference, &credentials, RegistryOperation::Push).await;
        authorised.map_err(failed(destination))?;
        Ok(Registry {
            client,
            credentials,
            destination,
        })
    }

    /// Puts an artifact under its digest, its blobs before it.
    pub(crate) async fn push(&self, artifact: &Artifact) -> Result<(), Error> {
        let layers = artifact.layers.iter().map(|layer| layer.data.clone());
        let blobs = layers.chain([artifact.config.data.clone()]).map(|data| async move {
            let digest = digest(&data);
            let reference = self.destination.at(&digest);
            // Whether it is there is asked to spare sending it; what is wrong is said when it is sent.
            if !self.client.blob_exists(&reference, &digest).await.unwrap_or(false) {
                self.client.push_blob(&reference, data, &digest).await?;
            }
            Ok::<_, OciDistributionError>(())
        });
        let sent = stream::iter(blobs).buffer_unordered(AT_ONCE).try_collect::<()>().await;
        sent.map_err(failed(self.destination))?;
        self.put(artifact, &artifact.digest()).await
    }

    /// Puts an artifact's manifest under a tag, or its digest.
    pub(crate) async fn put(&self, artifact: &Artifact, tag: &str) -> Result<(), Error> {
        self.put_manifest(tag, artifact.bytes(), OCI_IMAGE_MEDIA_TYPE).await
    }

    /// Puts an index under a tag.
    pub(crate) async fn put_index(&self, tag: &str, index: Vec<u8>) -> Result<(), Error> {
        self.put_manifest(tag, index, OCI_IMAGE_INDEX_MEDIA_TYPE).await
    }

    async fn put_manifest(&self, tag: &str, manifest: Vec<u8>, media_type: &str) -> Result<(), Error> {
        let media_type = media_type.parse().expect("a media type can stand in a header");
        let reference = self.destination.at(tag);
        let put = self.client.push_manifest_raw(&reference, manifest, media_type);
        put.await.map_err(failed(self.destination))?;
        Ok(())
    }

    /// The index under a tag, if there is one.
    pub(crate) async fn index(&self, tag: &str) -> Result<Option<Vec<u8>>, Error> {
        let reference = self.destination.at(tag);
        let media_types = [OCI_IMAGE_INDEX_MEDIA_TYPE];
        let pulled = self
            .client
            .pull_manifest_raw(&reference, &self.credentials, &media_types);
        match pulled.await {
            Ok((bytes, _)) => Ok(Some(bytes.to_vec())),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(failed(self.destination)(error)),
        }
    }

    /// What refers to a manifest, as far as the registry says it.
    pub(crate) async fn referrers(&self, digest: &str) -> Option<OciImageIndex> {
        let reference: Reference = self.destination.at(digest).clone_with_digest(digest.to_string());
        self.client.pull_referrers(&reference, None).await.ok()
    }
}
