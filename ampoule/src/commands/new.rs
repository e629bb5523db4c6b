//! `ampoule new`: a working project to begin with, the same that `nix flake init` gives.

use crate::error::Failure;
use ampoule_action::FileError;
use include_dir::{Dir, include_dir};
use std::path::{Path, PathBuf};

static TEMPLATE: Dir = include_dir!("$CARGO_MANIFEST_DIR/../nix/template");

/// Flags of `ampoule new`.
#[derive(Debug, clap::Args)]
pub struct NewCommand {
    /// Folder of the new project: not there yet, or empty
    folder: PathBuf,
}

impl NewCommand {
    /// Writes the project and says how it is built and called.
    pub fn perform(&self) -> Result<(), Failure> {
        if !is_vacant(&self.folder)? {
            return Err(Failure::NotVacant {
                folder: self.folder.clone(),
            });
        }
        write(&TEMPLATE, &self.folder)?;
        let folder = self.folder.display();
        let lines = [
            format!("{folder} has a project; build it and call it:"),
            format!("    ampoule build {folder}"),
            format!("    ampoule run {folder}/shop.wasm 'total([\"tea\", \"cake\"])'"),
        ];
        Ok(ampoule_action::print_result(lines.join("\n"))?)
    }
}

/// Whether a folder is missing or empty.
fn is_vacant(folder: &Path) -> Result<bool, Failure> {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => Ok(false),
        Err(error) => Err(FileError::reading(folder)(error).into()),
    }
}

fn write(template: &Dir, folder: &Path) -> Result<(), Failure> {
    for file in template.files() {
        ampoule_action::write(&folder.join(file.path()), file.contents())?;
    }
    template.dirs().try_for_each(|inner| write(inner, folder))
}
