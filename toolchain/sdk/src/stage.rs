//! The stage: packages in, an SDK out.

use crate::parts::Parts;
use crate::{Sdk, cxx, parts, wrappers};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use ampoule_fetch::Pins;
use std::path::PathBuf;

/// Put the C and C++ toolchain together from pinned packages, in wasi-sdk's layout
#[derive(Clone, Debug, clap::Args)]
pub struct MakeSdk {
    /// The wheel with clang, wasm-ld and ar in one program, clang's headers, and the source of libc++
    #[arg(long, value_name = "WHL")]
    pub clang: PathBuf,
    /// The Debian package of wasi-libc
    #[arg(long, value_name = "DEB")]
    pub wasi_libc: PathBuf,
    /// The Debian package of compiler-rt for WebAssembly
    #[arg(long, value_name = "DEB")]
    pub compiler_rt: PathBuf,
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
        let Self {
            clang,
            wasi_libc,
            compiler_rt,
            output,
        } = self;
        Action::default()
            .parameter("clang-version", parts::clang_version())
            .input("clang", clang)
            .input("wasi-libc", wasi_libc)
            .input("compiler-rt", compiler_rt)
            .output("sdk", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let root = outputs.path("sdk");
        let scratch = root.with_file_name("parts");
        console.line("unpacking the toolchain");
        let parts = Parts::unpack(&Pins::embedded(), self, &scratch)?;
        parts.install(&root)?;
        wrappers::write(&root)?;
        cxx::install_headers(&parts, &root)?;
        let sdk = Sdk::open(&root)?;
        cxx::build(&parts, &sdk, &scratch.join("objects"), console)?;
        Ok(())
    }
}
