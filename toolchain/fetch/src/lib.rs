//! Inputs from outside: pinned, fetched, verified.
//!
//! [`Pins`] says what there is and where it comes from; [`fetch`] brings the files into a folder, each with the digest that its
//! pin gives.

mod crates;
mod download;
mod error;
mod fetch;
mod http;
mod lock;
mod mirror;
mod pins;
mod platform;
mod source;

pub use error::{Error, FailedAttempt, FailedFile, MissingFile};
pub use fetch::{JOBS, Options, fetch};
pub use http::Server;
pub use lock::{crate_pin, crates_of};
pub use mirror::{Mirror, archive, is_archive};
pub use pins::{Pin, PinnedFile, Pins};
pub use platform::Platform;
pub use source::{ParseSourceError, Source, listed};
