//! `ampoule publish`: a component in an OCI registry, and what is said of its build beside it.
//!
//! The component is a Wasm OCI artifact as the CNCF has it and wasm tools read it; provenance and bill of materials refer to it as their subject
//! (OCI 1.1). Nothing of it depends on times or names of this machine: the same component has the same digest in every registry.

mod answer;
mod artifact;
mod attachment;
mod component;
mod credentials;
mod destination;
mod error;
mod referrers;
mod registry;

pub use attachment::Attachment;
pub use component::{Component, World};
pub use destination::Destination;
pub use error::Error;

use artifact::Artifact;
use registry::Registry;

/// What has been published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The component's reference with tag and digest.
    pub reference: String,
    /// The reference of each attachment, in their order.
    pub attachments: Vec<String>,
}

/// Publishes a component with what is said of it. The tag is moved last, when all else is there.
///
/// # Errors
/// When there is something wrong with the credentials, or the registry does not take a part.
pub fn publish(
    destination: &Destination,
    plain_http: bool,
    component: &Component,
    attachments: &[Attachment],
) -> Result<Published, Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime
        .map_err(Error::Runtime)?
        .block_on(push(destination, plain_http, component, attachments))
}

async fn push(
    destination: &Destination,
    plain_http: bool,
    component: &Component,
    attachments: &[Attachment],
) -> Result<Published, Error> {
    let registry = Registry::open(destination, plain_http).await?;
    let component = component.artifact();
    registry.push(&component).await?;
    let referrers: Vec<Artifact> = attachments
        .iter()
        .map(|attachment| attachment.artifact(&component))
        .collect();
    for referrer in &referrers {
        registry.push(referrer).await?;
    }
    referrers::list(&registry, &component, &referrers).await?;
    registry.put(&component, destination.tag()).await?;
    Ok(Published {
        reference: format!("{destination}@{}", component.digest()),
        attachments: referrers
            .iter()
            .map(|referrer| format!("{}@{}", destination.repository(), referrer.digest()))
            .collect(),
    })
}
