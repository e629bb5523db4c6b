//! The folder that an archive is unpacked to, and the rules for what gets into it.

use crate::name::Name;
use crate::{Cause, Limit};
use ampoule_action::{FileError, folder_of};
use std::collections::BTreeMap;
use std::fs::{File, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    Link,
}

/// The tree being unpacked.
pub(crate) struct Tree<'a> {
    root: &'a Path,
    strip: usize,
    limit: Limit,
    only: &'a [&'a str],
    bytes: u64,
    entries: u64,
    /// What stands where, by the path without case, with the path as it is spelt.
    kinds: BTreeMap<String, (Name, Kind)>,
    /// Links are made last, so that nothing is ever written through one.
    links: Vec<(PathBuf, String)>,
}

impl<'a> Tree<'a> {
    pub(crate) fn new(root: &'a Path, strip: usize, limit: Limit, only: &'a [&'a str]) -> Tree<'a> {
        Tree {
            root,
            strip,
            limit,
            only,
            bytes: 0,
            entries: 0,
            kinds: BTreeMap::new(),
            links: Vec::new(),
        }
    }

    /// A folder.
    pub(crate) fn folder(&mut self, name: &[u8]) -> Result<(), Cause> {
        self.count(0)?;
        let Some(name) = self.place(&Name::read(name)?) else {
            return Ok(());
        };
        self.claim(&name, Kind::Folder)?;
        self.make_folder(&name.below(self.root))
    }

    /// A file with its content, which must have the size that the archive has announced.
    pub(crate) fn file(&mut self, name: &[u8], program: bool, size: u64, content: impl Read) -> Result<(), Cause> {
        self.count(size)?;
        let full = Name::read(name)?;
        let Some(name) = self.place(&full) else {
            return Ok(());
        };
        self.claim(&name, Kind::File)?;
        let path = name.below(self.root);
        self.make_folder(folder_of(&path))?;
        let mut file = File::create_new(&path).map_err(FileError::writing(&path))?;
        copy(content, &mut file, &path, &full, size)?;
        let mode = Permissions::from_mode(if program { 0o755 } else { 0o644 });
        Ok(file.set_permissions(mode).map_err(FileError::writing(&path))?)
    }

    /// A symbolic link, which must stay within what is unpacked.
    pub(crate) fn link(&mut self, name: &[u8], target: &[u8]) -> Result<(), Cause> {
        self.count(0)?;
        let full = Name::read(name)?;
        let leads_to = full.follow(target, self.strip)?;
        let Some(name) = self.place(&full) else {
            return Ok(());
        };
        if leads_to.stripped(self.strip).is_none() {
            return Err(Cause::Refused(format!(
                "the symbolic link {full} leads to {leads_to}, which is not unpacked"
            )));
        }
        self.claim(&name, Kind::Link)?;
        let target = String::from_utf8_lossy(target).into_owned();
        self.links.push((name.below(self.root), target));
        Ok(())
    }

    /// A hard link: a second name of a file that came before, which becomes a copy of it.
    pub(crate) fn hard_link(&mut self, name: &[u8], target: &[u8]) -> Result<(), Cause> {
        let (full, target) = (Name::read(name)?, Name::read(target)?);
        if self.place(&full).is_none() {
            return self.count(0);
        }
        let original = self
            .place(&target)
            .filter(|target| self.kind(target) == Some(Kind::File));
        let original = original.ok_or_else(|| {
            Cause::Refused(format!(
                "the hard link {full} leads to {target}, which is no file of the archive before it"
            ))
        })?;
        let path = original.below(self.root);
        let source = File::open(&path).map_err(FileError::reading(&path))?;
        let metadata = source.metadata().map_err(FileError::reading(&path))?;
        let program = metadata.permissions().mode() & 0o100 != 0;
        self.file(name, program, metadata.len(), source)
    }

    /// Anything else: devices, pipes, sockets.
    pub(crate) fn other(&mut self, name: &[u8], what: &str) -> Result<(), Cause> {
        let name = Name::read(name)?;
        Err(Cause::Refused(format!(
            "{name} is {what}; only files, folders and links are unpacked"
        )))
    }

    /// Makes the links. The tree is complete then.
    pub(crate) fn finish(mut self) -> Result<(), Cause> {
        self.make_folder(self.root)?;
        for (path, target) in std::mem::take(&mut self.links) {
            self.make_folder(folder_of(&path))?;
            std::os::unix::fs::symlink(target, &path).map_err(FileError::writing(&path))?;
        }
        Ok(())
    }

    /// Counts an entry of the archive, unpacked or not.
    fn count(&mut self, size: u64) -> Result<(), Cause> {
        self.entries += 1;
        self.bytes = self.bytes.saturating_add(size);
        if self.entries > self.limit.entries {
            return Err(Cause::Refused(format!(
                "it has more than the {} entries that its pin allows",
                self.limit.entries
            )));
        }
        if self.bytes > self.limit.bytes {
            return Err(Cause::Refused(format!(
                "it unpacks to more than the {} bytes that its pin allows",
                self.limit.bytes
            )));
        }
        Ok(())
    }

    /// The name in the tree, if the entry is wanted.
    fn place(&self, name: &Name) -> Option<Name> {
        let name = name.stripped(self.strip)?;
        let wanted = self.only.is_empty() || self.only.iter().any(|path| name.is_within(path));
        wanted.then_some(name)
    }

    fn kind(&self, name: &Name) -> Option<Kind> {
        self.kinds.get(&name.folded()).map(|(_, kind)| *kind)
    }

    /// Takes the path for one entry: no other may have it, in whatever case, nor stand on the way to it.
    fn claim(&mut self, name: &Name, kind: Kind) -> Result<(), Cause> {
        for parent in name.parents() {
            self.claim_one(&parent, Kind::Folder)?;
        }
        self.claim_one(name, kind)
    }

    fn claim_one(&mut self, name: &Name, kind: Kind) -> Result<(), Cause> {
        match self.kinds.get(&name.folded()) {
            None => {
                self.kinds.insert(name.folded(), (name.clone(), kind));
                Ok(())
            }
            Some((known, _)) if known != name => Err(Cause::Refused(format!("{known} and {name} differ in case only"))),
            Some((_, Kind::Folder)) if kind == Kind::Folder => Ok(()),
            Some(_) => Err(Cause::Refused(format!("{name} is there twice"))),
        }
    }

    fn make_folder(&self, path: &Path) -> Result<(), Cause> {
        let mut builder = std::fs::DirBuilder::new();
        let made = builder.recursive(true).mode(0o755).create(path);
        Ok(made.map_err(FileError::writing(path))?)
    }
}

/// Copies an entry's content, which must be as long as announced.
fn copy(content: impl Read, file: &mut File, path: &Path, name: &Name, size: u64) -> Result<(), Cause> {
    let mut content = content.take(size.saturating_add(1));
    let mut buffer = vec![0; 1 << 16];
    let mut written = 0;
    loop {
        let count = content.read(&mut buffer).map_err(Cause::damaged)?;
        if count == 0 {
            break;
        }
        written += count as u64;
        if written > size {
            return Err(Cause::Refused(format!(
                "{name} is longer than the {size} bytes that the archive announces"
            )));
        }
        file.write_all(&buffer[..count]).map_err(FileError::writing(path))?;
    }
    if written < size {
        return Err(Cause::Damaged(format!("{name} ends after {written} of {size} bytes")));
    }
    Ok(())
}
