//! The stage's command line.

use ampoule_action::{Action, Console, Digest, Outputs, Stage, StageError, read, write};
use ampoule_host::{precompile, precompiled_name, target};
use clap::Args;
use std::path::PathBuf;

/// Compile an extension module for this machine, where snapshots run it
#[derive(Clone, Debug, Args)]
pub struct Precompile {
    /// The extension module: the output of `extension`, or any other side module
    #[arg(long, value_name = "FILE")]
    pub module: PathBuf,
    /// The folder to write: SHA256.cwasm, named after the digest of the module
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

/// The name of the file that has a module of this digest precompiled.
pub fn file_name(module: Digest) -> String {
    precompiled_name(&module.hexadecimal())
}

impl Stage for Precompile {
    fn name(&self) -> &'static str {
        "precompile"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self { module, output } = self;
        Action::default()
            .parameter("target", target())
            .input("module", module)
            .output("precompiled", output)
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let module = read(&self.module)?;
        let file = outputs.path("precompiled").join(file_name(Digest::of_bytes(&module)));
        let code = precompile(&module).map_err(|error| format!("{}: {error}", self.module.display()))?;
        Ok(write(&file, code)?)
    }
}
