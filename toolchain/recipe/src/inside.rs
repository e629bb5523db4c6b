//! Paths that stay within a folder.

use std::path::{Component, Path};

/// Checks that all paths are relative and do not lead out of the folder that they are relative to.
pub(crate) fn check<'a>(paths: impl IntoIterator<Item = &'a String>) -> Result<(), String> {
    let leaves = |path: &&String| {
        let is_inner = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        path.is_empty() || !Path::new(path).components().all(is_inner)
    };
    match paths.into_iter().find(leaves) {
        Some(path) => Err(format!(
            "{path:?} leaves the source folder: give a path relative to it, without `..`"
        )),
        None => Ok(()),
    }
}

/// A path without the folder that it is below; none if it is elsewhere. Everything is below no folder.
pub fn below<'p>(folder: &str, path: &'p str) -> Option<&'p str> {
    match folder {
        "" => Some(path),
        folder => path.strip_prefix(folder)?.strip_prefix('/'),
    }
}
