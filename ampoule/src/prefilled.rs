//! The prefilled caches that a build takes results from: those that are given, and the one that came with the program.

use crate::error::Failure;
use ampoule_cache::Prefilled;
use std::path::PathBuf;

/// Where the one is that came with the program, from the folder that its folder is in.
const BESIDE: &str = "share/ampoule/cache";

/// The folder in a prefilled cache for pinned files that an app's own stages read.
pub const FILES: &str = "files";

/// Opens those in the given folders, then the one of the program, if it has one.
pub fn open(given: &[PathBuf]) -> Result<Vec<Prefilled>, Failure> {
    let folders = given.iter().cloned().chain(beside_program());
    Ok(folders
        .map(|folder| Prefilled::open(&folder))
        .collect::<Result<_, _>>()?)
}

/// The folders of pinned files that come with them, which serve as mirrors.
pub fn mirrors(given: &[PathBuf]) -> Vec<PathBuf> {
    let folders = given.iter().cloned().chain(beside_program());
    folders
        .map(|folder| folder.join(FILES))
        .filter(|folder| folder.is_dir())
        .collect()
}

/// `../share/ampoule/cache` beside the program, by whatever link it was called.
fn beside_program() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?.canonicalize().ok()?;
    let folder = program.parent()?.parent()?.join(BESIDE);
    folder.is_dir().then_some(folder)
}
