//! The file system that the program sees: a tree in memory, whose files may still lie on the disk until they are read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A file or folder of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node(u32);

/// Why a tree could not be made, or not be read.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// A file or folder of the disk cannot be read.
    #[error("{path} cannot be read: {source}")]
    Read {
        /// Where it is on the disk.
        path: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A name that is not text.
    #[error("{0} has a name that is not UTF-8; rename it")]
    Name(String),
    /// A path of the tree is a file, and a folder at the same time.
    #[error("{0} cannot be both a file and a folder")]
    Conflict(String),
}

/// The WASI error codes that a tree gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    BadDescriptor = 3,
    Exists = 7,
    Invalid = 12,
    IsDirectory = 14,
    NoEntry = 20,
    NotDirectory = 24,
    NotEmpty = 25,
    Unsupported = 27,
    NotPermitted = 31,
    ReadOnly = 33,
}

#[derive(Debug)]
struct Entry {
    path: String,
    parent: Node,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Folder(BTreeMap<String, Node>),
    Memory { bytes: Vec<u8>, written: bool },
    Disk { path: PathBuf, size: u64 },
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

    /// Adds a file of the disk, whose bytes are read when the program reads them.
    pub fn add_disk_file(&mut self, path: &str, disk: &Path) -> Result<(), FilesError> {
        let size = std::fs::metadata(disk)
            .map_err(|source| read_error(disk, source))?
            .len();
        let content = Content::Disk {
            path: disk.to_owned(),
            size,
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
                };
                self.place(&target, content)?;
            }
        }
        Ok(())
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

/// What the imported functions need: the operations of `wasi:filesystem` on nodes.
impl Files {
    pub(crate) fn is_folder(&self, node: Node) -> bool {
        matches!(self.entry(node).content, Content::Folder(_))
    }

    pub(crate) fn child(&self, folder: Node, name: &str) -> Option<Node> {
        match &self.entry(folder).content {
            Content::Folder(children) => children.get(name).copied(),
            _ => None,
        }
    }

    /// The path, from which a file's identity is derived.
    pub(crate) fn path(&self, node: Node) -> &str {
        &self.entry(node).path
    }

    /// The folder that a file or folder is in.
    pub(crate) fn parent(&self, node: Node) -> Node {
        self.entry(node).parent
    }

    /// The names in a folder and what they stand for, in order.
    pub(crate) fn children(&self, folder: Node) -> Result<Vec<(String, Node)>, Code> {
        match &self.entry(folder).content {
            Content::Folder(children) => Ok(children.iter().map(|(name, node)| (name.clone(), *node)).collect()),
            _ => Err(Code::NotDirectory),
        }
    }

    /// The size in bytes; a folder has none.
    pub(crate) fn size(&self, node: Node) -> u64 {
        match &self.entry(node).content {
            Content::Folder(_) => 0,
            Content::Memory { bytes, .. } => bytes.len() as u64,
            Content::Disk { size, .. } => *size,
        }
    }

    /// Follows a relative path from a folder.
    pub(crate) fn resolve(&self, start: Node, path: &str) -> Result<Node, Code> {
        match self.locate(start, path)? {
            Located::There(node) => Ok(node),
            Located::Missing { .. } => Err(Code::NoEntry),
        }
    }

    /// Follows a relative path, whose last name need not exist.
    pub(crate) fn locate<'a>(&self, start: Node, path: &'a str) -> Result<Located<'a>, Code> {
        if path.starts_with('/') {
            return Err(Code::NotPermitted);
        }
        let mut node = start;
        let mut names = path.split('/').filter(|name| !matches!(*name, "" | ".")).peekable();
        while let Some(name) = names.next() {
            if !self.is_folder(node) {
                return Err(Code::NotDirectory);
            }
            if name == ".." {
                if node == Files::ROOT {
                    return Err(Code::NotPermitted);
                }
                node = self.entry(node).parent;
                continue;
            }
            node = match self.child(node, name) {
                Some(child) => child,
                None if names.peek().is_none() => {
                    return Ok(Located::Missing { folder: node, name });
                }
                None => return Err(Code::NoEntry),
            };
        }
        if path.ends_with('/') && !self.is_folder(node) {
            return Err(Code::NotDirectory);
        }
        Ok(Located::There(node))
    }

    /// The bytes of a file from an offset on, `length` at most; the file is read from the disk the first time.
    pub(crate) fn bytes(&mut self, node: Node, offset: u64, length: u64) -> Result<&[u8], FilesError> {
        let bytes: &[u8] = self.loaded(node)?;
        let start = (offset as usize).min(bytes.len());
        let end = start + (length as usize).min(bytes.len() - start);
        Ok(&bytes[start..end])
    }

    /// The bytes of a file for writing, marked as written.
    pub(crate) fn edit(&mut self, node: Node) -> Result<&mut Vec<u8>, FilesError> {
        self.loaded(node)?;
        let entry = self.entry_mut(node);
        match &mut entry.content {
            Content::Memory { bytes, written } => {
                *written = true;
                Ok(bytes)
            }
            _ => Err(FilesError::Conflict(entry.path.clone())),
        }
    }

    fn loaded(&mut self, node: Node) -> Result<&mut Vec<u8>, FilesError> {
        let entry = self.entry_mut(node);
        if let Content::Disk { path, .. } = &entry.content {
            let bytes = std::fs::read(path).map_err(|source| read_error(path, source))?;
            entry.content = Content::Memory { bytes, written: false };
        }
        match &mut entry.content {
            Content::Memory { bytes, .. } => Ok(bytes),
            _ => Err(FilesError::Conflict(entry.path.clone())),
        }
    }

    /// Makes an empty file that the program writes.
    pub(crate) fn create_file(&mut self, folder: Node, name: &str) -> Node {
        let content = Content::Memory {
            bytes: Vec::new(),
            written: true,
        };
        self.insert(folder, name, content)
    }

    /// Makes a folder.
    pub(crate) fn create_folder(&mut self, folder: Node, name: &str) -> Node {
        self.insert(folder, name, Content::Folder(BTreeMap::new()))
    }

    /// Takes a file or an empty folder out of its folder.
    pub(crate) fn detach(&mut self, node: Node) -> Result<(), Code> {
        if node == Files::ROOT {
            return Err(Code::NotPermitted);
        }
        let parent = self.entry(node).parent;
        if let Content::Folder(siblings) = &mut self.entry_mut(parent).content {
            siblings.retain(|_, sibling| *sibling != node);
        }
        Ok(())
    }

    /// Whether a folder has nothing in it.
    pub(crate) fn is_empty(&self, node: Node) -> bool {
        matches!(&self.entry(node).content, Content::Folder(children) if children.is_empty())
    }

    /// Puts a detached file or folder into a folder under a name.
    pub(crate) fn attach(&mut self, node: Node, folder: Node, name: &str) {
        let path = join(self.path(folder), name);
        let entry = self.entry_mut(node);
        entry.parent = folder;
        entry.path = path;
        if let Content::Folder(children) = &mut self.entry_mut(folder).content {
            children.insert(name.to_owned(), node);
        }
        self.rename_children(node);
    }

    fn rename_children(&mut self, folder: Node) {
        for (name, child) in self.children(folder).unwrap_or_default() {
            self.entry_mut(child).path = join(self.path(folder), &name);
            self.rename_children(child);
        }
    }
}

/// What stands at the end of a path.
#[derive(Debug)]
pub(crate) enum Located<'a> {
    /// A file or folder.
    There(Node),
    /// Nothing, in a folder that exists.
    Missing {
        /// The folder.
        folder: Node,
        /// The name that it lacks.
        name: &'a str,
    },
}

fn join(folder: &str, name: &str) -> String {
    format!("{}/{name}", folder.trim_end_matches('/'))
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

fn read_error(path: &Path, source: std::io::Error) -> FilesError {
    FilesError::Read {
        path: path.display().to_string(),
        source,
    }
}

fn walk_error(folder: &Path, error: walkdir::Error) -> FilesError {
    let path = error.path().unwrap_or(folder).to_owned();
    read_error(&path, error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_resolved_within_the_tree() {
        let mut files = Files::new();
        files.add("/lib/a.txt", "abc").unwrap();
        let lib = files.resolve(Files::ROOT, "lib").unwrap();
        assert!(files.resolve(lib, "../lib/./a.txt").is_ok());
        assert_eq!(files.resolve(lib, "../../etc"), Err(Code::NotPermitted));
        assert_eq!(files.resolve(lib, "/lib"), Err(Code::NotPermitted));
        assert_eq!(files.resolve(lib, "a.txt/"), Err(Code::NotDirectory));
        assert_eq!(files.resolve(lib, "b.txt"), Err(Code::NoEntry));
        assert_eq!(files.resolve(lib, "b/c"), Err(Code::NoEntry));
    }

    #[test]
    fn a_file_is_not_a_folder() {
        let mut files = Files::new();
        files.add("/a", "1").unwrap();
        assert!(matches!(files.add("/a/b", "2"), Err(FilesError::Conflict(_))));
        files.add_folder("/c").unwrap();
        assert!(matches!(files.add("/c", "3"), Err(FilesError::Conflict(_))));
    }

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
