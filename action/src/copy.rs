//! Copies of files and folders.

use crate::{FileError, folder_of, make_folder};
use std::fs::FileType;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What a copy of a folder makes of symbolic links.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// They stay links.
    Kept,
    /// They become what they lead to; one that leads nowhere, or round in a circle, stays a link.
    Followed,
}

/// Copies what is in a folder into another, files with their modes. `is_wanted` is asked for each path below the folder; of a
/// folder that is not wanted nothing is copied.
///
/// # Errors
/// When something cannot be read or written; the error names it.
pub fn copy_folder(from: &Path, to: &Path, links: Links, is_wanted: impl Fn(&Path) -> bool) -> Result<(), FileError> {
    let below = |path: &Path| {
        path.strip_prefix(from)
            .expect("an entry is below its folder")
            .to_owned()
    };
    let is_wanted = |entry: &DirEntry| entry.depth() == 0 || is_wanted(&below(entry.path()));
    let walk = WalkDir::new(from).follow_links(links == Links::Followed);
    for entry in walk.sort_by_file_name().into_iter().filter_entry(is_wanted) {
        let (path, kind) = match entry {
            Ok(entry) => (entry.path().to_owned(), entry.file_type()),
            Err(error) => link_of(&error).ok_or(error).map_err(FileError::reading(from))?,
        };
        let target = to.join(below(&path));
        copy_one(kind, &path, &target).map_err(FileError::writing(&target))?;
    }
    Ok(())
}

/// Copies a file with its mode, or a symbolic link as it is. Folders above the copy are made.
///
/// # Errors
/// When it cannot be read or written; the error names it.
pub fn copy_file(from: &Path, to: &Path) -> Result<(), FileError> {
    let kind = std::fs::symlink_metadata(from)
        .map_err(FileError::reading(from))?
        .file_type();
    make_folder(folder_of(to))?;
    copy_one(kind, from, to).map_err(FileError::writing(to))
}

/// The link that cannot be followed.
fn link_of(error: &walkdir::Error) -> Option<(PathBuf, FileType)> {
    let path = error.path()?;
    let kind = std::fs::symlink_metadata(path).ok()?.file_type();
    kind.is_symlink().then(|| (path.to_owned(), kind))
}

fn copy_one(kind: FileType, from: &Path, to: &Path) -> std::io::Result<()> {
    if kind.is_dir() {
        std::fs::create_dir_all(to)
    } else if kind.is_symlink() {
        copy_link(from, to)
    } else {
        std::fs::copy(from, to).map(drop)
    }
}

#[cfg(unix)]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(std::fs::read_link(from)?, to)
}

#[cfg(not(unix))]
fn copy_link(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::copy(from, to).map(drop)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with a file, a folder, and links to both, to nothing and to the folder around them.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("inner")).unwrap();
        std::fs::write(path("inner/file"), "text").unwrap();
        symlink("inner/file", path("to-file")).unwrap();
        symlink("inner", path("to-folder")).unwrap();
        symlink("nothing", path("to-nothing")).unwrap();
        symlink("..", path("inner/around")).unwrap();
        folder
    }

    fn copied(links: Links, is_wanted: impl Fn(&Path) -> bool) -> tempfile::TempDir {
        let to = tempfile::tempdir().unwrap();
        copy_folder(folder().path(), to.path(), links, is_wanted).unwrap();
        to
    }

    #[test]
    fn links_stay_links() {
        let to = copied(Links::Kept, |_| true);
        for (link, leads_to) in [
            ("to-file", "inner/file"),
            ("to-folder", "inner"),
            ("to-nothing", "nothing"),
        ] {
            assert_eq!(std::fs::read_link(to.path().join(link)).unwrap(), Path::new(leads_to));
        }
        assert_eq!(std::fs::read(to.path().join("to-folder/file")).unwrap(), b"text");
    }

    #[test]
    fn links_are_followed_where_they_lead_somewhere() {
        let to = copied(Links::Followed, |_| true);
        let is_link = |name: &str| to.path().join(name).is_symlink();
        assert!(!is_link("to-file") && !is_link("to-folder"));
        assert!(is_link("to-nothing") && is_link("inner/around"));
        assert_eq!(std::fs::read(to.path().join("to-folder/file")).unwrap(), b"text");
    }

    #[test]
    fn what_is_not_wanted_is_left_out_with_all_in_it() {
        let to = copied(Links::Kept, |path| path != Path::new("inner"));
        assert!(!to.path().join("inner").exists());
        assert!(to.path().join("to-nothing").is_symlink());
    }

    #[test]
    fn a_file_is_copied_with_its_mode() {
        use std::os::unix::fs::PermissionsExt;
        let folder = folder();
        let (from, to) = (folder.path().join("inner/file"), folder.path().join("new/folder/file"));
        std::fs::set_permissions(&from, std::fs::Permissions::from_mode(0o755)).unwrap();
        copy_file(&from, &to).unwrap();
        assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o755);
        assert!(
            copy_file(&folder.path().join("absent"), &to)
                .unwrap_err()
                .to_string()
                .contains("cannot read")
        );
    }
}
