//! What a build says of itself: the provenance of each action, and the bill of materials of the component.

mod actions;
mod bill;
pub mod distributions;

pub use actions::of as actions_of;

use crate::chain::Built;
use crate::error::Failure;
use crate::project::Project;
use ampoule_action::is_standard_output;
use ampoule_attestation::provenance::{self, BUILDER};
use std::path::{Path, PathBuf};

/// Flags for what is said of a build.
#[derive(Debug, clap::Args)]
pub struct Attest {
    /// File for the provenance of every action: in-toto statements, one a line
    #[arg(long, value_name = "FILE")]
    provenance: Option<PathBuf>,
    /// URI of who builds, for the provenance
    #[arg(long, value_name = "URI", default_value = BUILDER, requires = "provenance")]
    builder: String,
    /// File for the bill of materials: CycloneDX
    #[arg(long, value_name = "FILE")]
    sbom: Option<PathBuf>,
}

impl Attest {
    /// Refuses files where the next build would take them for a part of the app.
    pub fn check(&self, project: &Project) -> Result<(), Failure> {
        let mut files = self.provenance.iter().chain(&self.sbom);
        files.try_for_each(|file| check_outside(file, project))
    }

    /// Whether standard output gets one of the files.
    pub fn is_printed(&self) -> bool {
        let mut files = self.provenance.iter().chain(&self.sbom);
        files.any(|file| is_standard_output(file))
    }

    /// Writes the files that the flags ask for.
    pub fn perform(&self, built: &Built) -> Result<(), Failure> {
        if let Some(file) = &self.provenance {
            ampoule_action::write_atomically(file, &provenance_of(built, &self.builder))?;
        }
        if let Some(file) = &self.sbom {
            ampoule_action::write_atomically(file, &bill_of(built)?)?;
        }
        Ok(())
    }
}

/// What `builder` (a URI) says of every action of a build: in-toto statements, one a line.
pub fn provenance_of(built: &Built, builder: &str) -> Vec<u8> {
    let actions = actions::of(built);
    let statements: Vec<_> = actions.iter().map(|action| action.statement(builder)).collect();
    provenance::json_lines(&statements)
}

/// The bill of materials of what was built: CycloneDX.
pub fn bill_of(built: &Built) -> Result<Vec<u8>, Failure> {
    Ok(bill::of(built)?.to_json()?)
}

/// Refuses a file where the next build would take it for a part of the app.
pub fn check_outside(file: &Path, project: &Project) -> Result<(), Failure> {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let inside = |folder: &&PathBuf| absolute(file).starts_with(absolute(folder));
    match project.paths.iter().find(inside) {
        Some(folder) if !is_standard_output(file) => Err(Failure::AttestationInApp {
            file: file.to_path_buf(),
            folder: folder.clone(),
        }),
        _ => Ok(()),
    }
}
