//! `ampoule publish`: a component in an OCI registry.

use super::explain;
use crate::attest;
use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use crate::project::Project;
use ampoule_action::{Console, print_result, read};
use ampoule_attestation::provenance::BUILDER;
use ampoule_publish::{Attachment, Component, Destination};
use std::path::{Path, PathBuf};

/// Flags of `ampoule publish`.
#[derive(Debug, clap::Args)]
pub struct PublishCommand {
    /// Where to: REGISTRY/NAME:TAG; the tag is `latest` where none is given
    reference: Destination,
    /// Folder with pyproject.toml
    #[arg(default_value = ".")]
    folder: PathBuf,
    /// URI of who builds, for the provenance
    #[arg(long, value_name = "URI", default_value = BUILDER)]
    builder: String,
    /// Component to publish as it is, in place of a project that is built
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folder", "builder"])]
    component: Option<PathBuf>,
    /// Provenance of that component, as `ampoule build --provenance` has written it
    #[arg(long, value_name = "FILE", requires = "component")]
    provenance: Option<PathBuf>,
    /// Bill of materials of that component, as `ampoule build --sbom` has written it
    #[arg(long, value_name = "FILE", requires = "component")]
    sbom: Option<PathBuf>,
    /// Whether to speak to the registry without TLS; so it is with this machine's own (localhost, 127.0.0.1)
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    plain_http: Option<bool>,
}

impl PublishCommand {
    /// Publishes the component and prints its reference with the digest.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let (component, attachments) = match &self.component {
            Some(file) => self.given(file)?,
            None => self.built(common, &console)?,
        };
        let plain_http = self.plain_http.unwrap_or(self.reference.is_loopback());
        let published = ampoule_publish::publish(&self.reference, plain_http, &component, &attachments)?;
        for attachment in &published.attachments {
            console.line(&format!("attached {attachment}"));
        }
        Ok(print_result(published.reference)?)
    }

    /// The component of a file, and what the flags name.
    fn given(&self, file: &Path) -> Result<(Component, Vec<Attachment>), Failure> {
        let component = Component::read(file)?;
        let mut attachments = Vec::new();
        if let Some(file) = &self.provenance {
            attachments.push(Attachment::provenance(&read(file)?, &component)?);
        }
        if let Some(file) = &self.sbom {
            attachments.push(Attachment::bill(&read(file)?, &component)?);
        }
        Ok((component, attachments))
    }

    /// The component of a project as `ampoule build` makes it, and what is said of the build.
    fn built(&self, common: &CommonFlags, console: &Console) -> Result<(Component, Vec<Attachment>), Failure> {
        let project = Project::read(&self.folder)?;
        let options = common.chain()?;
        let cache = options.cache.clone();
        let built = Chain::open(options, console)?.build(&project)?;
        explain::remember(&cache, &self.folder, &built.steps)?;
        console.line(&built.steps.table());
        let component = Component::read(built.component())?;
        let provenance = attest::provenance_of(&built, &self.builder);
        let bill = attest::bill_of(&built)?;
        let attachments = vec![
            Attachment::provenance(&provenance, &component)?,
            Attachment::bill(&bill, &component)?,
        ];
        common.cut_cache(&built.steps, console)?;
        Ok((component, attachments))
    }
}
