//! Inputs from outside: pinned, fetched, verified, unpacked.
//!
//! [`Pins`] says what there is and where it comes from; [`fetch`] brings the files into a folder, each with the digest that its
//! pin gives; [`unpack`] takes them apart and trusts none of them.

mod download;
mod error;
mod fetch;
mod http;
mod mirror;
mod pins;
mod platform;
mod source;
mod unpack;

pub use error::{Error, FailedAttempt, FailedFile, MissingFile};
pub use fetch::{Options, fetch};
pub use pins::{Limit, Pin, PinnedFile, Pins};
pub use platform::Platform;
pub use source::{ParseSourceError, Source, listed, normalised};
pub use unpack::{Format, ParseFormatError, Unpack, Unpacking, unpack};

use std::path::Path;

/// The folder that a path is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}
