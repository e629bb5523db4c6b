//! The stage: packages in, a tree out.

use crate::merge::merge;
use crate::{Error, programs};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use ampoule_archive::{Archive, Format};
use std::path::{Path, PathBuf};

/// The name of the package whose program links what runs on this machine.
const CLANG: &str = "clang";

/// Put Rust's compiler and cargo together from pinned packages, with what they need to run
#[derive(Clone, Debug, clap::Args)]
pub struct MakeRust {
    /// One of the packages: the Rust project's archives (tar.xz) of rustc, cargo and the standard libraries, or Debian's packages of them; the
    /// packages of Debian that they run with; and clang, the wheel; given once for each
    #[arg(long = "archive", value_name = "NAME=FORMAT,strip=N,bytes=N,entries=N:FILE")]
    pub archives: Vec<Archive>,
    /// Write the tree to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for MakeRust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self { archives, output } = self;
        Action::default()
            .parameter("archives", Archive::parameters(archives))
            .inputs(Archive::inputs(archives))
            .output("rust", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        let root = outputs.path("rust");
        let scratch = root.with_file_name("parts");
        for (done, archive) in self.archives.iter().enumerate() {
            console.step("unpacking Rust's compiler", done as u64, self.archives.len() as u64);
            install(archive, self.has_system(), &scratch, &root)?;
        }
        programs::write_all(&root)?;
        Ok(())
    }
}

impl MakeRust {
    /// Whether packages bring the libraries of the system, those to link with among them. Where they do not, clang does.
    fn has_system(&self) -> bool {
        let mut formats = self.archives.iter().map(|archive| archive.unpacking.format);
        formats.any(|format| format == Format::Deb)
    }
}

/// Unpacks what is needed of a package, each kind to a folder of its own.
fn install(archive: &Archive, has_system: bool, scratch: &Path, root: &Path) -> Result<(), Error> {
    let (folder, only): (_, &[&str]) = match (archive.name.as_str(), archive.unpacking.format) {
        (CLANG, _) if has_system => ("zig", &["zig", "LICENSE"]),
        (CLANG, _) => ("zig", &["zig", "lib", "LICENSE"]),
        (_, Format::Deb) => (
            "system",
            &[
                "usr/bin/cargo",
                "usr/bin/rustc",
                "usr/lib/aarch64-linux-gnu",
                "usr/lib/rustlib/aarch64-unknown-linux-gnu",
                "usr/lib/rustlib/wasm32-wasip2",
                "usr/lib/rustlib/x86_64-unknown-linux-gnu",
                "usr/lib/x86_64-linux-gnu",
            ],
        ),
        _ => ("rust", &["bin/cargo", "bin/rustc", "lib"]),
    };
    let unpacked = scratch.join(&archive.name);
    archive.unpack(&unpacked, only)?;
    merge(&unpacked, &root.join(folder))
}
