//! The file system that the program sees: a tree in memory, whose files may still lie on the disk until they are read.

mod disk;
mod error;
mod operations;

pub use error::FilesError;
pub(crate) use operations::{Code, Located};

use error::read_error;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

/// A file or folder of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

#[derive(Debug)]
struct Entry {
    path: String,
    parent: Node,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Folder(BTreeMap<String, Node>),
    Memory {
        bytes: Vec<u8>,
        written: bool,
    },
    Disk {
        path: PathBuf,
        size: u64,
        /// Those of its time, once they were asked for.
        nanoseconds: OnceLock<u32>,
    },
}

/// A tree of files. Folders come into being with the files in them.
#[derive(Debug)]
pub struct Files {
    entries: Vec<Entry>,
    writable: bool,
}

impl Default for Files {
    fn default() -> Self {
        Files::new()
    }
}

impl Files {
    /// The folder `/`.
    pub(crate) const ROOT: Node = Node(0);

    /// An empty tree, which the program can not change.
    pub fn new() -> Files {
        Files {
            entries: vec![Entry {
                path: "/".to_owned(),
                parent: Files::ROOT,
                content: Content::Folder(BTreeMap::new()),
            }],
            writable: false,
        }
    }

    /// Lets the program change the tree; what it writes can be had by [`Files::written`].
    pub fn writable(mut self) -> Files {
        self.writable = true;
        self
    }

    /// Whether the program may change the tree.
    pub(crate) fn is_writable(&self) -> bool {
        self.writable
    }

    /// Adds a file from memory; a file that is there already is replaced.
    pub fn add(&mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<(), FilesError> {
        let content = Content::Memory {
            bytes: bytes.into(),
            written: false,
        };
        self.place(path, content)
    }

    /// Adds an empty folder, unless it is there.
    pub fn add_folder(&mut self, path: &str) -> Result<(), FilesError> {
        self.folder_at(path).map(|_| ())
    }

    /// The bytes of a file of the tree, if there is such a file.
    pub fn read(&self, path: &str) -> Option<Result<Vec<u8>, FilesError>> {
        let node = self.resolve(Files::ROOT, path.trim_start_matches('/')).ok()?;
        match &self.entry(node).content {
            Content::Folder(_) => None,
            Content::Memory { bytes, .. } => Some(Ok(bytes.clone())),
            Content::Disk { path, .. } => Some(std::fs::read(path).map_err(|source| read_error(path, source))),
        }
    }

    /// How many bytes a file of the tree has; 0 if there is no such file.
    pub fn size_of(&self, path: &str) -> u64 {
        let node = self.resolve(Files::ROOT, path.trim_start_matches('/'));
        node.map_or(0, |node| self.size(node))
    }

    /// The files that the program wrote, by path.
    pub fn written(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        self.visit(Files::ROOT, &mut |entry| {
            if let Content::Memory { bytes, written: true } = &entry.content {
                found.insert(entry.path.clone(), bytes.clone());
            }
        });
        found
    }

    /// The paths of all files, in order of the folders' names.
    pub fn paths(&self) -> Vec<String> {
        let mut paths = Vec::new();
        self.visit(Files::ROOT, &mut |entry| {
            if !matches!(entry.content, Content::Folder(_)) {
                paths.push(entry.path.clone());
            }
        });
        paths
    }

    fn visit(&self, node: Node, seen: &mut impl FnMut(&Entry)) {
        let entry = self.entry(node);
        seen(entry);
        if let Content::Folder(children) = &entry.content {
            for child in children.values() {
                self.visit(*child, seen);
            }
        }
    }

    fn entry(&self, node: Node) -> &Entry {
        &self.entries[node.0 as usize]
    }

    fn entry_mut(&mut self, node: Node) -> &mut Entry {
        &mut self.entries[node.0 as usize]
    }

    fn folder_at(&mut self, path: &str) -> Result<Node, FilesError> {
        let mut folder = Files::ROOT;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            folder = match self.child(folder, name) {
                Some(child) => child,
                None => self.insert(folder, name, Content::Folder(BTreeMap::new())),
            };
            if !self.is_folder(folder) {
                return Err(FilesError::Conflict(self.entry(folder).path.clone()));
            }
        }
        Ok(folder)
    }

    fn place(&mut self, path: &str, content: Content) -> Result<(), FilesError> {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        let folder = self.folder_at(folder)?;
        match self.child(folder, name) {
            Some(node) if self.is_folder(node) => Err(FilesError::Conflict(path.to_owned())),
            Some(node) => {
                self.entry_mut(node).content = content;
                Ok(())
            }
            None => {
                self.insert(folder, name, content);
                Ok(())
            }
        }
    }

    fn insert(&mut self, parent: Node, name: &str, content: Content) -> Node {
        let node = Node(self.entries.len() as u32);
        let path = join(&self.entry(parent).path, name);
        self.entries.push(Entry { path, parent, content });
        if let Content::Folder(children) = &mut self.entry_mut(parent).content {
            children.insert(name.to_owned(), node);
        }
        node
    }
}

/// The nanoseconds in the time of a file with these bytes, at build and at run time. All files are of one second; servers tell by time and
/// size whether one is another than a client has (RFC 9110, 8.8), so that the time follows from what is in it.
pub fn nanoseconds_of(bytes: &[u8]) -> u32 {
    let digest = Sha256::digest(bytes);
    u32::from_le_bytes([digest[0], digest[1], digest[2], digest[3]]) % 1_000_000_000
}

fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_not_a_folder() {
        let mut files = Files::new();
        files.add("/a", "1").unwrap();
        assert!(matches!(files.add("/a/b", "2"), Err(FilesError::Conflict(_))));
        files.add_folder("/c").unwrap();
        assert!(matches!(files.add("/c", "3"), Err(FilesError::Conflict(_))));
    }
}
