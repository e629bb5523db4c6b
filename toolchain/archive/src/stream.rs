//! The streams below an archive's entries.

use crate::{Cause, Limit};
use liblzma::stream::{CONCATENATED, Stream};
use std::io::{BufReader, Error, Read, Result};

/// What an entry's headers may take: tar's own block, its padding, and a long name.
const HEADER_BYTES: u64 = 4096;

/// What xz may allocate: the Rust project packs with larger dictionaries than any preset has.
const XZ_MEMORY: u64 = 512 << 20;

/// The content of a gzip file.
pub(crate) fn gzip(file: impl Read) -> impl Read {
    flate2::read::MultiGzDecoder::new(BufReader::new(file))
}

/// The content of an xz file.
pub(crate) fn xz(file: impl Read) -> std::result::Result<impl Read, Cause> {
    let stream = Stream::new_stream_decoder(XZ_MEMORY, CONCATENATED).map_err(Cause::damaged)?;
    Ok(liblzma::read::XzDecoder::new_stream(file, stream))
}

/// A stream that fails when it has given more than an archive within the limit can have.
pub(crate) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Bounded<R> {
    pub(crate) fn new(inner: R, limit: Limit) -> Bounded<R> {
        let headers = limit.entries.saturating_add(2).saturating_mul(HEADER_BYTES);
        Bounded {
            inner,
            left: limit.bytes.saturating_add(headers),
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.checked_sub(count as u64);
        self.left = left.ok_or_else(|| Error::other("it grows beyond the size that its pin allows"))?;
        Ok(count)
    }
}
