//! What the imported functions need: the operations of `wasi:filesystem` on nodes.

use super::error::read_error;
use super::{Content, Files, FilesError, Node, join, nanoseconds_of};
use std::collections::BTreeMap;

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

    /// The part of its time that tells a file's bytes from others; a folder has none, and what cannot be read says so when it is.
    pub(crate) fn nanoseconds(&self, node: Node) -> u32 {
        match &self.entry(node).content {
            Content::Folder(_) => 0,
            Content::Memory { bytes, .. } => nanoseconds_of(bytes),
            Content::Disk { path, nanoseconds, .. } => {
                *nanoseconds.get_or_init(|| std::fs::read(path).map_or(0, |bytes| nanoseconds_of(&bytes)))
            }
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
    fn folders_are_listed_in_order_and_files_known_by_their_paths() {
        let mut files = Files::new();
        files.add("/a/two", "2").unwrap();
        files.add("/a/one", "1").unwrap();
        let names: Vec<String> = files
            .children(files.resolve(Files::ROOT, "a").unwrap())
            .unwrap()
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["one", "two"]);
        let path = files.path(files.resolve(Files::ROOT, "a/one").unwrap());
        assert_eq!(path, "/a/one");
    }
}
