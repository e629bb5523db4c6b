//! What a build says of itself: where its outputs came from (in-toto statements with SLSA provenance), and what is in them (a CycloneDX bill of materials).
//!
//! Both are derived from digests alone, so the same build gives the same bytes: no times, no random identifiers, no paths of the machine.

pub mod bill;
mod error;
pub mod provenance;

pub use bill::{Bill, Part, Scope};
pub use error::Error;
pub use provenance::{Action, Artifact, BuildDefinition, Origin, Resource, Statement};
