//! `ampoule bindings`: componentize-py's command, unchanged.

use crate::chain::{Chain, Wit};
use crate::error::Failure;
use crate::flags::{CommonFlags, DEFAULT_WIT, WorldFlags};
use ampoule_action::{Links, copy_folder};
use ampoule_settings::{CompileSettings, RelatedWorldSettings};
use std::path::{Path, PathBuf};

/// Flags of `ampoule bindings`.
#[derive(Debug, clap::Args)]
pub struct BindingsCommand {
    /// Folder for the bindings
    folder: PathBuf,
}

impl BindingsCommand {
    /// Writes the modules for editors and type checkers.
    pub fn perform(&self, common: &CommonFlags, world: &WorldFlags) -> Result<(), Failure> {
        let console = common.console();
        let chain = Chain::open(common.chain()?, &console)?;
        // Packages with WIT of their own come with their own bindings.
        let world = world.world(&RelatedWorldSettings::default());
        let wit = Wit::find(
            &world.chosen.wit,
            &[],
            &CompileSettings::default(),
            Some(Path::new(DEFAULT_WIT)),
        )?;
        chain.repairing(|| {
            let made = chain.bindings(&world, &wit, true)?;
            Ok(copy_folder(&made, &self.folder, Links::Kept, |_| true)?)
        })
    }
}
