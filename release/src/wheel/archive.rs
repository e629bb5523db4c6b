//! The wheel as an archive: sorted, without times, with its RECORD last.

use crate::Error;
use ampoule_action::{Digest, FileError};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file of the wheel.
#[derive(Debug)]
pub struct Member {
    content: Content,
    is_program: bool,
}

/// Where it comes from.
#[derive(Debug)]
pub enum Content {
    /// From the disk.
    File(PathBuf),
    /// From here.
    Text(String),
}

impl Member {
    /// A file from the disk.
    pub fn file(path: PathBuf) -> Member {
        Member {
            content: Content::File(path),
            is_program: false,
        }
    }

    /// A program from the disk.
    pub fn program(path: PathBuf) -> Member {
        Member {
            content: Content::File(path),
            is_program: true,
        }
    }

    /// A text.
    pub fn text(text: String) -> Member {
        Member {
            content: Content::Text(text),
            is_program: false,
        }
    }

    fn read(&self) -> Result<Vec<u8>, FileError> {
        match &self.content {
            Content::File(path) => ampoule_action::read(path),
            Content::Text(text) => Ok(text.clone().into_bytes()),
        }
    }
}

/// Writes a wheel of files by their paths in it; `record` is the path of its RECORD.
///
/// # Errors
/// When a file cannot be read, or the wheel cannot be written.
pub fn write(wheel: &Path, members: &BTreeMap<String, Member>, record: &str) -> Result<(), Error> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut lines = csv::WriterBuilder::new().has_headers(false).from_writer(Vec::new());
    let failed = |error: std::io::Error| FileError::writing(wheel)(error);
    for (path, member) in members {
        let content = member.read()?;
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Digest::of_bytes(&content).bytes());
        let line = [path, &format!("sha256={digest}"), &content.len().to_string()];
        lines.write_record(line).map_err(std::io::Error::from).map_err(failed)?;
        let started = archive.start_file(path, options(path, member.is_program));
        started.map_err(std::io::Error::from).map_err(failed)?;
        archive.write_all(&content).map_err(failed)?;
    }
    lines
        .write_record([record, "", ""])
        .map_err(std::io::Error::from)
        .map_err(failed)?;
    let lines = lines.into_inner().map_err(|error| failed(error.into_error()))?;
    archive
        .start_file(record, options(record, false))
        .map_err(std::io::Error::from)
        .map_err(failed)?;
    archive.write_all(&lines).map_err(failed)?;
    let written = archive.finish().map_err(std::io::Error::from).map_err(failed)?;
    Ok(ampoule_action::write_atomically(wheel, &written.into_inner())?)
}

/// How a file is stored: what is compressed already, as it is.
fn options(path: &str, is_program: bool) -> SimpleFileOptions {
    let method = if path.ends_with(".zst") {
        CompressionMethod::Stored
    } else {
        CompressionMethod::Deflated
    };
    SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(DateTime::default())
        .unix_permissions(if is_program { 0o755 } else { 0o644 })
}
