//! The prefilled caches that a build takes results from: those that are given, and the one that came with the program.

mod elsewhere;

use crate::error::Failure;
use ampoule_cache::Prefilled;
use ampoule_fetch::Mirror;
use elsewhere::{Archive, Remote};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

/// Where the one is that came with the program, from the folder that its folder is in.
const BESIDE: &str = "share/ampoule/cache";

/// The folder in a prefilled cache for pinned files that an app's own stages read.
pub const FILES: &str = "files";

/// Where a prefilled cache is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In a folder, or in an archive of one.
    Path(PathBuf),
    /// On a server, which has the files below this URL.
    Url(String),
}

impl FromStr for Place {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Place, Self::Err> {
        let is_url = text.starts_with("https://") || text.starts_with("http://");
        Ok(match is_url {
            true => Place::Url(text.to_string()),
            false => Place::Path(text.into()),
        })
    }
}

/// Opens those in the given places, then the one of the program, if it has one. Without a network, no server is asked.
pub fn open(given: &[Place], offline: bool) -> Result<Vec<Prefilled>, Failure> {
    let mut opened = Vec::new();
    for place in given {
        match place {
            Place::Path(path) => opened.push(open_path(path)?),
            Place::Url(_) if offline => {}
            Place::Url(url) => opened.push(Prefilled::of(Arc::new(Remote::new(url)))),
        }
    }
    if let Some(folder) = beside_program() {
        opened.push(Prefilled::open(&folder)?);
    }
    Ok(opened)
}

/// Opens the one in a folder or in an archive, of which all is taken over.
pub fn open_to_import(place: &Place) -> Result<Prefilled, Failure> {
    match place {
        Place::Path(path) => open_path(path),
        Place::Url(url) => Ok(Prefilled::of(Arc::new(Remote::new(url)))),
    }
}

fn open_path(path: &Path) -> Result<Prefilled, Failure> {
    let prefilled = match Mirror::open(path)? {
        Mirror::Folder(folder) => Prefilled::open(&folder)?,
        archive => Prefilled::of(Arc::new(Archive::new(archive, path))),
    };
    Ok(prefilled)
}

/// Where the pinned files are that come with them, as mirrors.
pub fn mirrors(given: &[Place]) -> Vec<Mirror> {
    let paths = given.iter().filter_map(|place| match place {
        Place::Path(path) => Some(path.clone()),
        Place::Url(_) => None,
    });
    let paths = paths.chain(beside_program());
    // One that cannot be opened is told of where results are taken from it.
    paths
        .filter_map(|path| match Mirror::open(&path).ok()? {
            Mirror::Folder(folder) => Some(Mirror::Folder(folder.join(FILES))),
            archive => Some(archive),
        })
        .collect()
}

/// `../share/ampoule/cache` beside the program, by whatever link it was called.
fn beside_program() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?.canonicalize().ok()?;
    let folder = program.parent()?.parent()?.join(BESIDE);
    folder.is_dir().then_some(folder)
}
