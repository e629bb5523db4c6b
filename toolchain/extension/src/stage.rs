//! The stage's command line.

use crate::{Description, Folders};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use ampoule_sdk::Sdk;
use clap::Args;
use std::path::PathBuf;

/// Compile C and C++ sources to an extension module of CPython
#[derive(Clone, Debug, Args)]
pub struct Extension {
    /// The SDK: the output of `sdk`, or an unpacked wasi-sdk release
    #[arg(long, value_name = "DIR")]
    pub sdk: PathBuf,
    /// CPython: the output of `cpython`
    #[arg(long, value_name = "DIR")]
    pub cpython: PathBuf,
    /// The description of the extension module (TOML)
    #[arg(long, value_name = "FILE")]
    pub description: PathBuf,
    /// The folder that the description's paths are relative to
    #[arg(long, value_name = "DIR")]
    pub source: PathBuf,
    /// Write the extension module to this file
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
}

impl Extension {
    fn headers(&self) -> PathBuf {
        self.cpython.join(ampoule_image::HEADERS)
    }
}

impl Stage for Extension {
    fn name(&self) -> &'static str {
        "extension"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            sdk,
            cpython: _,
            description,
            source,
            output,
        } = self;
        Action::default()
            .input("sdk", sdk)
            .input("headers", self.headers())
            .input("description", description)
            .input("source", source)
            .output("extension", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let description = Description::read(&self.description)?;
        let sdk = Sdk::open(&self.sdk)?;
        let folders = Folders {
            headers: self.headers(),
            source: self.source.clone(),
        };
        crate::build(&sdk, &folders, &description, &outputs.path("extension"), console)?;
        Ok(())
    }
}
