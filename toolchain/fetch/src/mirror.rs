//! `--mirror PATH`: files that were brought some other way, in a folder or in an archive.

use crate::pins::PinnedFile;
use ampoule_action::{Digest, FileError, folder_of, make_folder};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A place that has files under their names, or under their digests in hexadecimal.
#[derive(Clone, Debug)]
pub enum Mirror {
    /// A folder.
    Folder(PathBuf),
    /// An uncompressed tar archive, as [`archive`] writes it. What is packed in it is compressed already.
    Archive {
        /// The archive.
        path: PathBuf,
        /// Where each file starts in it, and its size, in bytes.
        files: BTreeMap<String, (u64, u64)>,
    },
}

impl Mirror {
    /// Opens a folder or an archive; a path where nothing is counts as an empty folder.
    ///
    /// # Errors
    /// When a file is there that is no tar archive.
    pub fn open(path: &Path) -> Result<Mirror, FileError> {
        if !path.is_file() {
            return Ok(Mirror::Folder(path.to_path_buf()));
        }
        Ok(Mirror::Archive {
            path: path.to_path_buf(),
            files: index(path).map_err(FileError::reading(path))?,
        })
    }

    /// The names of its files, sorted.
    pub fn names(&self) -> Vec<String> {
        match self {
            Mirror::Folder(folder) => {
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let mut names: Vec<String> = entries
                    .map(|entry| entry.file_name().to_string_lossy().into_owned())
                    .collect();
                names.sort();
                names
            }
            Mirror::Archive { files, .. } => files.keys().cloned().collect(),
        }
    }

    /// The digest of a file.
    ///
    /// # Errors
    /// When the file is not there or cannot be read.
    pub fn digest(&self, name: &str) -> Result<Digest, FileError> {
        let place = self.place(name);
        self.reader(name)
            .and_then(Digest::of_reader)
            .map_err(FileError::reading(&place))
    }

    /// The content of a file; nothing if there is none of that name.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn read(&self, name: &str) -> std::io::Result<Option<Box<dyn Read>>> {
        match self.reader(name) {
            Ok(reader) => Ok(Some(reader)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The names under which it may have a pinned file.
    pub(crate) fn candidates(&self, file: &PinnedFile) -> Vec<String> {
        let has = |name: &String| match self {
            Mirror::Folder(folder) => folder.join(name).is_file(),
            Mirror::Archive { files, .. } => files.contains_key(name),
        };
        [file.file.clone(), file.digest.hexadecimal()]
            .into_iter()
            .filter(has)
            .collect()
    }

    /// Copies a file to its place if it has the digest.
    pub(crate) fn take(&self, name: &str, file: &PinnedFile, to: &Path) -> Result<(), String> {
        let place = self.place(name);
        let reading = |error: std::io::Error| format!("cannot read {}: {error}", place.display());
        let writing = |error: std::io::Error| format!("cannot write {}: {error}", to.display());
        let mut source = self.reader(name).map_err(reading)?;
        let mut copy = temporary_beside(to).map_err(writing)?;
        std::io::copy(&mut source, &mut copy).map_err(writing)?;
        let found = Digest::of_file(copy.path()).map_err(|error| error.to_string())?;
        if found != file.digest {
            return Err(format!(
                "{} has the digest {found}, and its pin says {}",
                place.display(),
                file.digest
            ));
        }
        persist(copy, to).map_err(writing)
    }

    fn place(&self, name: &str) -> PathBuf {
        match self {
            Mirror::Folder(path) | Mirror::Archive { path, .. } => path.join(name),
        }
    }

    fn reader(&self, name: &str) -> std::io::Result<Box<dyn Read>> {
        match self {
            Mirror::Folder(folder) => Ok(Box::new(File::open(folder.join(name))?)),
            Mirror::Archive { path, files } => {
                let (start, size) = files.get(name).ok_or(std::io::ErrorKind::NotFound)?;
                let mut archive = File::open(path)?;
                archive.seek(SeekFrom::Start(*start))?;
                Ok(Box::new(archive.take(*size)))
            }
        }
    }
}

impl FromStr for Mirror {
    type Err = FileError;

    fn from_str(text: &str) -> Result<Mirror, FileError> {
        Mirror::open(Path::new(text))
    }
}

/// Where the files of an archive are in it, by their names without folders.
fn index(path: &Path) -> std::io::Result<BTreeMap<String, (u64, u64)>> {
    let archive = tar::Archive::new(File::open(path)?);
    entries(archive).map_err(|error| {
        let reason = format!("it is no tar archive ({error}); name a folder, or an archive as `ampoule fetch` and `ampoule cache export` write them");
        std::io::Error::new(error.kind(), reason)
    })
}

/// Where each file of an archive starts, and its size.
fn entries(mut archive: tar::Archive<File>) -> std::io::Result<BTreeMap<String, (u64, u64)>> {
    let mut files = BTreeMap::new();
    for entry in archive.entries_with_seek()? {
        let entry = entry?;
        let path = entry.path()?;
        if let Some(name) = path.file_name().filter(|_| entry.header().entry_type().is_file()) {
            let name = name.to_string_lossy().into_owned();
            files.insert(name, (entry.raw_file_position(), entry.size()));
        }
    }
    Ok(files)
}

/// Whether a path to write is to be an archive, rather than a folder: by its name, which ends in `.tar`.
pub fn is_archive(path: &Path) -> bool {
    path.extension().is_some_and(|end| end == "tar")
}

/// Writes files as an archive, each under its name: sorted, without times and owners. The same files give the same bytes.
///
/// # Errors
/// When a file cannot be read or the archive cannot be written; what was there before stays then.
pub fn archive(files: &BTreeMap<String, PathBuf>, to: &Path) -> Result<(), FileError> {
    make_folder(folder_of(to))?;
    let archive = temporary_beside(to).map_err(FileError::writing(to))?;
    let mut builder = tar::Builder::new(archive);
    for (name, path) in files {
        let content = File::open(path).map_err(FileError::reading(path))?;
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header.set_size(content.metadata().map_err(FileError::reading(path))?.len());
        let added = builder.append_data(&mut header, name, content);
        added.map_err(FileError::writing(to))?;
    }
    let archive = builder.into_inner().map_err(FileError::writing(to))?;
    persist(archive, to).map_err(FileError::writing(to))
}

fn temporary_beside(path: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    tempfile::Builder::new()
        .prefix(".ampoule-")
        .tempfile_in(folder_of(path))
}

/// Puts a temporary file into its place, readable for everyone.
fn persist(file: tempfile::NamedTempFile, to: &Path) -> std::io::Result<()> {
    file.as_file().set_permissions(PermissionsExt::from_mode(0o644))?;
    file.persist(to).map_err(|error| error.error)?;
    Ok(())
}
