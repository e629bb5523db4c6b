//! The stage: packages in, an SDK out.

use crate::parts::Parts;
use crate::{Sdk, cxx, wrappers};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use ampoule_archive::Archive;
use std::path::PathBuf;

/// Put the C and C++ toolchain together from pinned packages, in wasi-sdk's layout
#[derive(Clone, Debug, clap::Args)]
pub struct MakeSdk {
    /// One of the packages: clang (the wheel with clang, wasm-ld and ar in one program, clang's headers and those of libc++),
    /// wasi-libc and compiler-rt (their Debian packages); given once for each
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// Write the SDK to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for MakeSdk {
    fn name(&self) -> &'static str {
        "sdk"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self { archives, output } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .inputs(Archive::inputs(archives))
            .output("sdk", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let root = outputs.path("sdk");
        let scratch = root.with_file_name("parts");
        console.step("unpacking the toolchain", 0, 1);
        let parts = Parts::unpack(&self.archives, &scratch)?;
        parts.install(&root)?;
        wrappers::write(&root)?;
        let sdk = Sdk::open(&root)?;
        cxx::install_headers(&parts, &sdk.cxx_headers())?;
        Ok(())
    }
}
