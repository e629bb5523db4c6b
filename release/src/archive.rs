//! Archives that depend on nothing but names, contents, links and the executable bit of what is in them.

use crate::Error;
use ampoule_action::{FileError, folder_of, make_folder};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::fs::File;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tar::{Builder, EntryType, Header};

/// What goes into an archive: a path on this machine and its path in the archive's folder.
pub type Member = (PathBuf, PathBuf);

/// Writes a `.tar.gz`, which all build systems can unpack, of one folder named `folder`; `members` are files or folders.
///
/// # Errors
/// When something cannot be read or the archive cannot be written; nothing is left behind then.
pub fn write(path: &Path, folder: &str, members: &[Member]) -> Result<(), Error> {
    let failed = |error: std::io::Error| FileError::writing(path)(error);
    let parent = folder_of(path);
    make_folder(parent)?;
    let temporary = tempfile::Builder::new()
        .prefix(".ampoule-")
        .permissions(PermissionsExt::from_mode(0o644))
        .tempfile_in(parent)
        .map_err(failed)?;
    let encoder = GzEncoder::new(temporary.as_file(), Compression::default());
    fill(encoder, folder, members)?.finish().map_err(failed)?;
    std::fs::set_permissions(temporary.path(), PermissionsExt::from_mode(0o644)).map_err(failed)?;
    temporary.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// Writes an archive of the members into an encoder, and gives that back.
fn fill<W: Write>(encoder: W, folder: &str, members: &[Member]) -> Result<W, Error> {
    let mut builder = Builder::new(encoder);
    for (from, to) in members {
        let place = Path::new(folder).join(to);
        // Without the slash that an empty path would add.
        let place: PathBuf = place.components().collect();
        add(&mut builder, from, &place)?;
    }
    builder
        .into_inner()
        .map_err(|error| FileError::writing(Path::new(folder))(error).into())
}

/// Adds a file, or a folder with all that is in it, in the order of names.
fn add(builder: &mut Builder<impl Write>, from: &Path, to: &Path) -> Result<(), Error> {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.map_err(FileError::reading(from))?;
        let below = entry.path().strip_prefix(from).expect("an entry is below its folder");
        let name = if below.as_os_str().is_empty() {
            to.to_path_buf()
        } else {
            to.join(below)
        };
        add_entry(builder, entry.path(), &name).map_err(FileError::reading(entry.path()))?;
    }
    Ok(())
}

fn add_entry(builder: &mut Builder<impl Write>, path: &Path, name: &Path) -> std::io::Result<()> {
    let metadata = std::fs::symlink_metadata(path)?;
    let mut header = Header::new_gnu();
    header.set_mtime(0);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header.set_mode(0o755);
    if metadata.is_symlink() {
        header.set_entry_type(EntryType::Symlink);
        header.set_mode(0o777);
        builder.append_link(&mut header, name, std::fs::read_link(path)?)
    } else if metadata.is_dir() {
        header.set_entry_type(EntryType::Directory);
        builder.append_data(&mut header, name, std::io::empty())
    } else {
        header.set_entry_type(EntryType::Regular);
        header.set_size(metadata.len());
        if metadata.permissions().mode() & 0o100 == 0 {
            header.set_mode(0o644);
        }
        builder.append_data(&mut header, name, File::open(path)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::read::GzDecoder;

    fn example(folder: &Path, files: &[&str]) {
        std::fs::create_dir(folder.join("sub")).unwrap();
        for name in files {
            std::fs::write(folder.join(name), name).unwrap();
        }
        std::fs::set_permissions(folder.join("run"), PermissionsExt::from_mode(0o700)).unwrap();
        std::os::unix::fs::symlink("sub/a", folder.join("link")).unwrap();
    }

    fn archived(folder: &Path) -> Vec<u8> {
        let archive = tempfile::tempdir().unwrap();
        let path = archive.path().join("made/example.tar.gz");
        write(&path, "example-1", &[(folder.to_path_buf(), "tree".into())]).unwrap();
        std::fs::read(path).unwrap()
    }

    #[test]
    fn order_times_and_modes_of_the_files_do_not_matter() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        example(one.path(), &["sub/a", "sub/b", "run"]);
        example(other.path(), &["run", "sub/b", "sub/a"]);
        let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        File::options()
            .write(true)
            .open(other.path().join("sub/a"))
            .unwrap()
            .set_modified(old)
            .unwrap();
        std::fs::set_permissions(other.path().join("sub/b"), PermissionsExt::from_mode(0o600)).unwrap();
        assert_eq!(archived(one.path()), archived(other.path()));
    }

    #[test]
    fn unpacking_gives_the_same_tree() {
        let folder = tempfile::tempdir().unwrap();
        example(folder.path(), &["sub/a", "run"]);
        let archive = archived(folder.path());
        let unpacked = tempfile::tempdir().unwrap();
        tar::Archive::new(GzDecoder::new(archive.as_slice()))
            .unpack(unpacked.path())
            .unwrap();
        let digest = |path: &Path| ampoule_action::Digest::of_folder(path).unwrap();
        assert_eq!(digest(&unpacked.path().join("example-1/tree")), digest(folder.path()));
    }
}
