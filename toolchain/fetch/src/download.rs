//! One file from one URL: resumed where an earlier attempt stopped, and checked before it gets its name.

use crate::http::Client;
use crate::pins::PinnedFile;
use crate::source::SourceError;
use ampoule_action::Digest;
use indicatif::ProgressBar;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What a file may have whose pin tells no size.
const UNKNOWN_SIZE: u64 = 2 << 30;

/// A file on its way: `NAME.partial` beside its final place, locked against other processes.
pub(crate) struct Partial<'a> {
    pinned: &'a PinnedFile,
    path: PathBuf,
    file: File,
}

impl<'a> Partial<'a> {
    /// Opens what an earlier attempt left, or starts anew. Waits while another process works on it.
    pub(crate) fn open(pinned: &'a PinnedFile, destination: &Path) -> Result<Partial<'a>, String> {
        let path = destination.with_file_name(format!("{}.partial", pinned.file));
        let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        loop {
            let file = options.open(&path).map_err(failed)?;
            file.lock().map_err(failed)?;
            // Whoever had the lock before may have renamed or removed the file.
            if is_same(&file, &path) {
                return Ok(Partial { pinned, path, file });
            }
        }
    }

    /// Downloads what is missing.
    pub(crate) fn download(&mut self, client: &Client, url: &str, bar: &ProgressBar) -> Result<(), SourceError> {
        if self.may_be_whole()? {
            if self.check(url).is_ok() {
                return Ok(());
            }
            self.cut(0)?;
        }
        let have = self.length()?;
        let rest = client.file(url, have)?;
        self.cut(rest.offset)?;
        bar.set_position(rest.offset);
        self.append(url, rest.content, bar)?;
        // What an earlier attempt left may be of another file; then the whole, fetched again, is right.
        self.check(url).map_err(|error| SourceError {
            transient: error.transient || rest.offset > 0,
            ..error
        })
    }

    /// Takes a file that a package client has downloaded.
    pub(crate) fn take(&mut self, from: &Path) -> Result<(), SourceError> {
        let shown = from.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut source =
            File::open(from).map_err(|error| SourceError::lasting(format!("cannot read {shown}: {error}")))?;
        self.cut(0)?;
        std::io::copy(&mut source, &mut self.file).map_err(|error| self.writing(&error))?;
        self.check(&shown)
    }

    /// Gives the checked file its name.
    pub(crate) fn finish(self, destination: &Path) -> Result<(), SourceError> {
        let renamed = self
            .file
            .sync_all()
            .and_then(|()| std::fs::rename(&self.path, destination));
        renamed.map_err(|error| SourceError::lasting(format!("cannot write {}: {error}", destination.display())))
    }

    /// Removes it when nothing in it is of use for another attempt.
    pub(crate) fn abandon(self) {
        if self.file.metadata().is_ok_and(|metadata| metadata.len() == 0) {
            // Should this fail, an empty file stays, which the next attempt takes.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    /// Removes it in any case: another process has brought the file meanwhile.
    pub(crate) fn discard(self) {
        // Should this fail, a file stays that the next attempt takes or cuts.
        let _ = std::fs::remove_file(&self.path);
    }

    fn append(&mut self, url: &str, mut content: impl Read, bar: &ProgressBar) -> Result<(), SourceError> {
        let mut buffer = vec![0; 1 << 16];
        let mut length = self.length()?;
        loop {
            let count = content
                .read(&mut buffer)
                .map_err(|error| SourceError::transient(format!("{url}: after {length} bytes: {error}")))?;
            if count == 0 {
                return Ok(());
            }
            length += count as u64;
            let size = self.pinned.size.unwrap_or(UNKNOWN_SIZE);
            if length > size {
                self.cut(0)?;
                return Err(SourceError::lasting(format!(
                    "{url}: it is longer than the {size} bytes of its pin"
                )));
            }
            self.file
                .write_all(&buffer[..count])
                .map_err(|error| self.writing(&error))?;
            bar.set_position(length);
        }
    }

    /// Checks size and digest; a file that is whole and wrong is thrown away.
    fn check(&mut self, origin: &str) -> Result<(), SourceError> {
        let length = self.length()?;
        if let Some(size) = self.pinned.size.filter(|size| length < *size) {
            return Err(SourceError::transient(format!(
                "{origin}: it ends after {length} of {size} bytes"
            )));
        }
        self.file
            .seek(SeekFrom::Start(0))
            .map_err(|error| self.writing(&error))?;
        let found = Digest::of_reader(&self.file).map_err(|error| self.writing(&error))?;
        if found == self.pinned.digest {
            return Ok(());
        }
        self.cut(0)?;
        let expected = self.pinned.digest;
        Err(SourceError::lasting(format!(
            "{origin}: it has the digest {found}, and its pin says {expected}"
        )))
    }

    /// Whether what is there may be all of the file. Where the size is not known that shows in the digest alone.
    fn may_be_whole(&self) -> Result<bool, SourceError> {
        let length = self.length()?;
        Ok(length > 0 && self.pinned.size.is_none_or(|size| length >= size))
    }

    fn length(&self) -> Result<u64, SourceError> {
        let metadata = self.file.metadata().map_err(|error| self.writing(&error))?;
        Ok(metadata.len())
    }

    /// Keeps the first bytes only, and goes on writing after them.
    fn cut(&mut self, length: u64) -> Result<(), SourceError> {
        let cut = self
            .file
            .set_len(length)
            .and_then(|()| self.file.seek(SeekFrom::Start(length)));
        cut.map(|_| ()).map_err(|error| self.writing(&error))
    }

    fn writing(&self, error: &std::io::Error) -> SourceError {
        SourceError::lasting(format!("cannot write {}: {error}", self.path.display()))
    }
}

/// Whether a path leads to the open file.
fn is_same(file: &File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), std::fs::metadata(path)) {
        (Ok(opened), Ok(named)) => identity(opened) == identity(named),
        _ => false,
    }
}
