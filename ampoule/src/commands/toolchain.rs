//! `ampoule toolchain`: the toolchain alone, for images of CI machines and for releases.

use crate::chain::Chain;
use crate::error::Failure;
use crate::flags::CommonFlags;
use ampoule_settings::PythonSettings;
use std::path::{Path, PathBuf};

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
            let toolchain = chain.toolchain(&PythonSettings::default())?;
            let Some(output) = &self.output else {
                return Ok(());
            };
            let interpreter = toolchain.interpreter.path("precompiled");
            let interpreter = interpreter.parent().expect("the interpreter's outputs are in a folder");
            let parts = [
                ("sdk", toolchain.sdk.as_path()),
                ("cpython", &toolchain.cpython),
                ("interpreter", interpreter),
            ];
            for (name, folder) in parts {
                copy(folder, &output.join(name))?;
            }
            Ok(())
        })?;
        console.line(&chain.steps().table());
        Ok(())
    }
}

/// Copies a folder with its links and modes; what is in the way is replaced.
fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    ampoule_action::remove(to)?;
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.map_err(|error| ampoule_action::Error::reading(from, error.into()))?;
        let target = to.join(entry.path().strip_prefix(from).expect("an entry is below its folder"));
        let copied = if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target)
        } else if entry.file_type().is_symlink() {
            link(entry.path(), &target)
        } else {
            std::fs::copy(entry.path(), &target).map(drop)
        };
        copied.map_err(|error| ampoule_action::Error::writing(&target, error))?;
    }
    Ok(())
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(std::fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(drop)
}
