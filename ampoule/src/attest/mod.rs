//! What a build says of itself: the provenance of each action, and the bill of materials of the component.

mod actions;
mod bill;
pub mod distributions;

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
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
        let files = self.provenance.iter().chain(&self.sbom);
        for file in files.filter(|file| !is_standard_output(file)) {
            let inside = |folder: &&PathBuf| absolute(file).starts_with(absolute(folder));
            if let Some(folder) = project.paths.iter().find(inside) {
                return Err(Failure::AttestationInApp {
                    file: file.clone(),
                    folder: folder.clone(),
                });
            }
        }
        Ok(())
    }

    /// Writes the files that the flags ask for.
    pub fn perform(&self, built: &Built) -> Result<(), Failure> {
        if let Some(file) = &self.provenance {
            let actions = actions::of(built);
            let statements: Vec<_> = actions.iter().map(|action| action.statement(&self.builder)).collect();
            ampoule_action::write_atomically(file, &provenance::json_lines(&statements))?;
        }
        if let Some(file) = &self.sbom {
            let bill = bill::of(built)?;
            ampoule_action::write_atomically(file, &bill.to_json()?)?;
        }
        Ok(())
    }
}
