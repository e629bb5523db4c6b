//! `ampoule toolchain`: the toolchain alone, for images of CI machines and for releases.

use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_action::{Links, copy_folder, remove};
use ampoule_settings::PythonSettings;
use std::path::PathBuf;

/// Flags of `ampoule toolchain`.
#[derive(Debug, clap::Args)]
pub struct ToolchainCommand {
    /// Folder for a copy of it: `sdk` (usable with --sdk), `cpython`, `interpreter` [default: the cache alone has it]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl ToolchainCommand {
    /// Builds the toolchain into the cache, and copies it if so wished.
    pub fn perform(&self, common: &CommonFlags) -> Result<(), Failure> {
        let console = common.console();
        let chain = Chain::open(common.chain()?, &console)?;
        chain.repairing(|| {
            let Some(output) = &self.output else {
                return chain.toolchain(&PythonSettings::default()).map(drop);
            };
            let toolchain = chain.whole_toolchain()?;
            let interpreter = toolchain.interpreter.path("precompiled");
            let interpreter = interpreter.parent().expect("the interpreter's outputs are in a folder");
            let parts = [
                ("sdk", toolchain.sdk.as_path()),
                ("cpython", &toolchain.cpython),
                ("interpreter", interpreter),
            ];
            for (name, folder) in parts {
                let to = output.join(name);
                remove(&to)?;
                copy_folder(folder, &to, Links::Kept, |_| true)?;
            }
            Ok(())
        })?;
        console.line(&chain.steps().table());
        Ok(())
    }
}
