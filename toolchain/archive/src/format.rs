//! How an archive is unpacked, and what it may hold.

use serde::Deserialize;

/// How a file is unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unpacking {
    /// The archive's format.
    pub format: Format,
    /// How many of the first folders of each path are dropped.
    pub strip: usize,
}

/// What an archive may hold at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// The bytes of all its files together.
    pub bytes: u64,
    /// The number of its entries.
    pub entries: u64,
}

/// An archive's format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Format {
    /// A tar under xz.
    #[serde(rename = "tar.xz")]
    TarXz,
    /// A tar under gzip; a `.crate` and an sdist too.
    #[serde(rename = "tar.gz")]
    TarGz,
    /// A zip; a wheel too.
    #[serde(rename = "zip")]
    Zip,
    /// The files of a Debian package, without its control files.
    #[serde(rename = "deb")]
    Deb,
}

impl Format {
    /// The format's name, as pins and command lines have it.
    pub fn name(self) -> &'static str {
        match self {
            Format::TarXz => "tar.xz",
            Format::TarGz => "tar.gz",
            Format::Zip => "zip",
            Format::Deb => "deb",
        }
    }
}

/// A text that names no format.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is not one of tar.xz, tar.gz, zip and deb")]
pub struct ParseFormatError(String);

impl std::str::FromStr for Format {
    type Err = ParseFormatError;

    fn from_str(text: &str) -> Result<Format, ParseFormatError> {
        [Format::TarXz, Format::TarGz, Format::Zip, Format::Deb]
            .into_iter()
            .find(|format| format.name() == text)
            .ok_or_else(|| ParseFormatError(text.to_string()))
    }
}
