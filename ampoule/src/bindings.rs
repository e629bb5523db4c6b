//! `ampoule bindings`: componentize-py's command, unchanged.

use crate::chain::Chain;
use crate::command_line::Common;
use crate::error::Failure;
use std::path::PathBuf;

/// Flags of `ampoule bindings`.
#[derive(Debug, clap::Args)]
pub struct Bindings {
    /// Folder for the bindings
    folder: PathBuf,
}

impl Bindings {
    /// Writes the modules for editors and type checkers.
    pub fn perform(&self, common: &Common) -> Result<(), Failure> {
        let console = common.console();
        let chain = Chain::open(common, &console)?;
        chain.repairing(|| {
            let made = chain.bindings(&common.world(), true)?;
            for entry in walkdir::WalkDir::new(&made).sort_by_file_name() {
                let entry = entry.map_err(|error| ampoule_action::Error::reading(&made, error.into()))?;
                if entry.file_type().is_file() {
                    let below = entry.path().strip_prefix(&made).expect("an entry is below its folder");
                    ampoule_action::write_atomically(&self.folder.join(below), &ampoule_action::read(entry.path())?)?;
                }
            }
            Ok(())
        })
    }
}
