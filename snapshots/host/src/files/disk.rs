//! Files and folders of the disk in a tree.

use super::error::{read_error, walk_error};
use super::{Content, Files, FilesError};
use std::path::Path;
use std::sync::OnceLock;

impl Files {
    /// Adds a file of the disk, whose bytes are read when the program reads them.
    pub fn add_disk_file(&mut self, path: &str, disk: &Path) -> Result<(), FilesError> {
        let size = std::fs::metadata(disk)
            .map_err(|source| read_error(disk, source))?
            .len();
        let content = Content::Disk {
            path: disk.to_owned(),
            size,
            nanoseconds: OnceLock::new(),
        };
        self.place(path, content)
    }

    /// Adds a folder of the disk with all that is in it and for which `keep` holds; symbolic links are followed.
    ///
    /// `keep` is asked for each file and folder by its path below the folder, with `/` between the names.
    pub fn add_disk_folder(&mut self, path: &str, disk: &Path, keep: impl Fn(&str) -> bool) -> Result<(), FilesError> {
        self.add_folder(path)?;
        let walk = walkdir::WalkDir::new(disk)
            .follow_links(true)
            .sort_by_file_name()
            .min_depth(1)
            .into_iter();
        let wanted =
            |entry: &walkdir::DirEntry| entry.depth() == 0 || below(disk, entry.path()).is_none_or(|name| keep(&name));
        for entry in walk.filter_entry(wanted) {
            let entry = entry.map_err(|error| walk_error(disk, error))?;
            let name = below(disk, entry.path()).ok_or_else(|| FilesError::Name(entry.path().display().to_string()))?;
            let target = format!("{}/{name}", path.trim_end_matches('/'));
            if entry.file_type().is_dir() {
                self.add_folder(&target)?;
            } else {
                let metadata = entry.metadata().map_err(|error| walk_error(disk, error))?;
                let content = Content::Disk {
                    path: entry.into_path(),
                    size: metadata.len(),
                    nanoseconds: OnceLock::new(),
                };
                self.place(&target, content)?;
            }
        }
        Ok(())
    }
}

fn below(folder: &Path, path: &Path) -> Option<String> {
    let names: Option<Vec<&str>> = path
        .strip_prefix(folder)
        .ok()?
        .iter()
        .map(|name| name.to_str())
        .collect();
    Some(names?.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_the_disk_is_read_lazily_and_filtered() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("sub")).unwrap();
        std::fs::write(folder.path().join("sub/b.py"), "b").unwrap();
        std::fs::write(folder.path().join("a.py"), "a").unwrap();
        std::fs::write(folder.path().join("skipped"), "-").unwrap();
        let mut files = Files::new();
        files
            .add_disk_folder("/app", folder.path(), |name| name != "skipped")
            .unwrap();
        assert_eq!(files.paths(), ["/app/a.py", "/app/sub/b.py"]);
        let node = files.resolve(Files::ROOT, "app/sub/b.py").unwrap();
        assert_eq!(files.size(node), 1);
        assert_eq!(files.bytes(node, 0, 10).unwrap(), b"b");
        assert!(files.written().is_empty());
    }

    #[test]
    fn an_unreadable_folder_is_named() {
        let missing = Path::new("no/such/folder");
        let error = Files::new().add_disk_folder("/app", missing, |_| true);
        assert!(
            error
                .unwrap_err()
                .to_string()
                .starts_with("no/such/folder cannot be read")
        );
    }
}
