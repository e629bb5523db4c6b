//! Names of entries: what may stand in one, and where it leads.

use crate::Cause;
use std::path::{Component, Path};

/// An entry's path as a list of plain names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Name(Vec<String>);

impl Name {
    /// Reads an entry's name. Refused is whatever could leave the folder or mean different things on different machines.
    pub(crate) fn read(bytes: &[u8]) -> Result<Name, Cause> {
        let shown = String::from_utf8_lossy(bytes);
        let refuse = |why: &str| Err(Cause::Refused(format!("the path {shown:?} {why}")));
        let Ok(text) = std::str::from_utf8(bytes) else {
            return refuse("is not UTF-8");
        };
        if text.contains(['\\', '\0']) {
            return refuse("has a backslash or a zero byte");
        }
        let mut parts = Vec::new();
        for component in Path::new(text).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::CurDir => {}
                Component::ParentDir => return refuse("leads out of the archive (`..`)"),
                Component::RootDir | Component::Prefix(_) => return refuse("is absolute"),
            }
        }
        match parts.iter().find(|part| is_reserved(part)) {
            Some(part) => refuse(&format!(
                "has the part {part:?}, which is no plain file name everywhere"
            )),
            None => Ok(Name(parts)),
        }
    }

    /// Where a symbolic link leads that stands at this name: `..` only at the front, and never above the first `top` folders.
    pub(crate) fn follow(&self, target: &[u8], top: usize) -> Result<Name, Cause> {
        let shown = String::from_utf8_lossy(target).into_owned();
        let refuse = || {
            Cause::Refused(format!(
                "the symbolic link {self} leads out of the archive, to {shown:?}"
            ))
        };
        let mut parts = self.0[..self.0.len().saturating_sub(1)].to_vec();
        let mut rest = shown.as_str();
        while let Some(above) = rest.strip_prefix("../") {
            parts.pop().filter(|_| parts.len() >= top).ok_or_else(refuse)?;
            rest = above;
        }
        let below = Name::read(rest.as_bytes()).map_err(|_| refuse())?;
        parts.extend(below.0);
        Ok(Name(parts))
    }

    /// Without its first parts; nothing when it has no more than those.
    pub(crate) fn stripped(&self, count: usize) -> Option<Name> {
        let rest = self.0.get(count..).filter(|rest| !rest.is_empty())?;
        Some(Name(rest.to_vec()))
    }

    /// The folders above it, outermost first.
    pub(crate) fn parents(&self) -> impl Iterator<Item = Name> {
        (1..self.0.len()).map(|count| Name(self.0[..count].to_vec()))
    }

    /// Whether it is the path or lies below it.
    pub(crate) fn is_within(&self, path: &str) -> bool {
        let mut parts = self.0.iter();
        path.split('/').all(|part| parts.next().is_some_and(|own| own == part))
    }

    /// The name as a file system sees it that does not tell upper from lower case.
    pub(crate) fn folded(&self) -> String {
        self.to_string().to_lowercase()
    }

    pub(crate) fn below(&self, root: &Path) -> std::path::PathBuf {
        root.join(self.to_string())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0.join("/"))
    }
}

/// Names that some system gives a meaning of its own: drive letters, streams, trailing dots and spaces.
fn is_reserved(part: &str) -> bool {
    part.contains(':') || part.ends_with(['.', ' ']) || part.len() > 255 || part.chars().any(char::is_control)
}
