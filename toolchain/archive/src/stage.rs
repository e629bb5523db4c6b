//! The stage `unpack`: an archive in, a folder out.

use crate::{Format, Limit, Unpacking, unpack};
use ampoule_action::{Action, Console, Outputs, Stage, StageError};
use std::path::PathBuf;

/// Unpack a pinned archive to a folder
#[derive(Clone, Debug, clap::Args)]
pub struct Unpack {
    /// The archive
    #[arg(long, value_name = "FILE")]
    pub archive: PathBuf,
    /// The archive's format: tar.xz, tar.gz, zip or deb
    #[arg(long)]
    pub format: Format,
    /// How many of the first folders of each path are dropped
    #[arg(long, default_value_t = 0)]
    pub strip: usize,
    /// The bytes that all its files together may have
    #[arg(long)]
    pub bytes: u64,
    /// The number of entries that it may have
    #[arg(long)]
    pub entries: u64,
    /// Write the files to this folder
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for Unpack {
    fn name(&self) -> &'static str {
        "unpack"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            archive,
            format,
            strip,
            bytes,
            entries,
            output,
        } = self;
        Action::default()
            .parameter("format", format.name())
            .parameter("strip", strip)
            .parameter("bytes", bytes)
            .parameter("entries", entries)
            .input("archive", archive)
            .output("folder", output)
    }

    fn execute(&self, outputs: &Outputs, _: &Console) -> Result<(), StageError> {
        let unpacking = Unpacking {
            format: self.format,
            strip: self.strip,
        };
        let limit = Limit {
            bytes: self.bytes,
            entries: self.entries,
        };
        unpack(&unpacking, limit, &self.archive, &outputs.path("folder"), &[])?;
        Ok(())
    }
}
