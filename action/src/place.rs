//! Where an output goes: to a path that is replaced, or into what is there and stays there.

use crate::{FileError, folder_of};
use std::fs::{File, symlink_metadata};
use std::io::{Error, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// The paths that mean standard output.
const STANDARD_OUTPUT: [&str; 4] = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

/// Whether an output at this path goes to standard output.
pub fn is_standard_output(path: &Path) -> bool {
    STANDARD_OUTPUT.iter().any(|name| path == Path::new(name))
}

/// As many links after each other as Linux follows.
const MOST_LINKS: usize = 40;

/// Where an output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// A file or a folder, there or not, that is replaced in one rename. Of a link it is what that leads to: the link stays.
    Path(PathBuf),
    /// A device, a pipe or a socket, which is written to.
    Stream(PathBuf),
    /// Standard output.
    StandardOutput,
}

impl Place {
    /// What a path names.
    ///
    /// # Errors
    /// When a link leads in a circle, or what is above the path is no folder.
    pub(crate) fn of(path: &Path) -> Result<Place, FileError> {
        if is_standard_output(path) {
            return Ok(Place::StandardOutput);
        }
        match std::fs::metadata(path) {
            Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => Ok(Place::Stream(path.to_owned())),
            // What is open and has lost its name, as /dev/stdout may have, can only be written to.
            Ok(_) if is_link(path) => Ok(path.canonicalize().map_or(Place::Stream(path.to_owned()), Place::Path)),
            Ok(_) => Ok(Place::Path(path.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Place::Path(end_of(path))),
            Err(error) => Err(FileError::writing(path)(error)),
        }
    }

    /// The folder in which a file that is to be renamed to this place is made; none if there will be no renaming.
    pub(crate) fn folder(&self) -> Option<&Path> {
        match self {
            Place::Path(path) => Some(folder_of(path)),
            Place::Stream(_) | Place::StandardOutput => None,
        }
    }

    /// Checks that a file can go here, or a folder.
    ///
    /// # Errors
    /// When something of the other kind is here.
    pub(crate) fn check(&self, is_folder: bool) -> Result<(), FileError> {
        let path = self.path();
        let refused = |reason: &str| Err(FileError::writing(path)(Error::other(reason)));
        match self {
            Place::Path(path) if path.is_dir() && !is_folder => refused("it is a folder, and a file is to be written"),
            Place::Path(path) if path.is_file() && is_folder => refused("it is a file, and a folder is to be written"),
            Place::Stream(_) | Place::StandardOutput if is_folder => {
                refused("a folder is to be written, which needs a path")
            }
            _ => Ok(()),
        }
    }

    /// Writes to a device, a pipe or standard output.
    pub(crate) fn pour(&self, mut content: impl Read) -> Result<(), FileError> {
        let mut write = || match self {
            Place::StandardOutput => {
                let mut output = std::io::stdout().lock();
                std::io::copy(&mut content, &mut output)?;
                output.flush()
            }
            Place::Stream(path) | Place::Path(path) => {
                let mut stream = File::options().write(true).open(path)?;
                std::io::copy(&mut content, &mut stream).map(drop)
            }
        };
        write().map_err(FileError::writing(self.path()))
    }

    fn path(&self) -> &Path {
        match self {
            Place::Path(path) | Place::Stream(path) => path,
            Place::StandardOutput => Path::new("standard output"),
        }
    }
}

fn is_link(path: &Path) -> bool {
    symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

/// What a link leads to that is not there; any other path is its own.
fn end_of(path: &Path) -> PathBuf {
    let mut end = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::read_link(&end) {
            Ok(target) => end = folder_of(&end).join(target),
            Err(_) => break,
        }
    }
    end
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::write_atomically;
    use std::os::unix::fs::{FileTypeExt, symlink};
    use std::os::unix::net::UnixListener;

    #[test]
    fn a_link_stays_and_what_it_leads_to_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("file"), "old").unwrap();
        for (link, target) in [
            ("link", "file"),
            ("chain", "link"),
            ("dangling", "new"),
            ("far", "made/new"),
        ] {
            symlink(target, path(link)).unwrap();
            write_atomically(&path(link), link.as_bytes()).unwrap();
            assert!(is_link(&path(link)), "{link}");
            assert_eq!(std::fs::read_to_string(path(link)).unwrap(), link);
        }
        assert_eq!(std::fs::read_to_string(path("file")).unwrap(), "chain");
        assert_eq!(std::fs::read_to_string(path("made/new")).unwrap(), "far");
    }

    #[test]
    fn devices_stay_devices() {
        write_atomically(Path::new("/dev/null"), b"text").unwrap();
        assert!(std::fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let error = write_atomically(Path::new("/dev/full"), b"text").unwrap_err();
        assert!(error.to_string().starts_with("cannot write /dev/full: "), "{error}");
    }

    #[test]
    fn a_pipe_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
        assert!(made.success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || std::fs::read(pipe).unwrap()
        });
        write_atomically(&pipe, b"text").unwrap();
        assert_eq!(reader.join().unwrap(), b"text");
    }

    #[test]
    fn what_cannot_be_written_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let refusal = |path: &Path| write_atomically(path, b"text").unwrap_err().to_string();
        std::fs::create_dir(path("folder")).unwrap();
        symlink("folder", path("link")).unwrap();
        for name in ["folder", "link"] {
            assert!(refusal(&path(name)).ends_with("it is a folder, and a file is to be written"));
        }
        symlink("around", path("around")).unwrap();
        assert!(refusal(&path("around")).contains("around: "));
        let _listener = UnixListener::bind(path("socket")).unwrap();
        assert!(refusal(&path("socket")).contains("socket: "));
        assert!(std::fs::metadata(path("socket")).unwrap().file_type().is_socket());
    }
}
