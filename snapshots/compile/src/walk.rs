//! The walk through the folders of the Python path: which files in them are an app's.

use crate::Error;
use crate::exclude::Patterns;
use crate::listed::is_name_left_out;
use ampoule_settings::CompileSettings;
use std::io::Read;
use std::path::{Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// What the walk leaves out, and where it may go.
#[derive(Debug, Default)]
pub(crate) struct Walk<'a> {
    without: &'a [PathBuf],
    exclude: Patterns,
    /// The folders that links may lead into, by paths without links; none if they may lead anywhere.
    within: Option<Vec<PathBuf>>,
}

/// A file that the walk finds.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its path below the folder, with `/` between the names.
    pub(crate) below: String,
    /// Where it is.
    pub(crate) disk: PathBuf,
}

impl<'a> Walk<'a> {
    /// A walk through the folders of a Python path, without the given files and folders.
    ///
    /// # Errors
    /// When a pattern of what is left out is not well-formed.
    pub(crate) fn new(
        paths: &[PathBuf],
        without: &'a [PathBuf],
        settings: &CompileSettings,
    ) -> Result<Walk<'a>, Error> {
        let real = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        Ok(Walk {
            without,
            exclude: Patterns::new(&settings.exclude)?,
            within: (!settings.follow_links).then(|| paths.iter().map(real).collect()),
        })
    }

    /// The files of a folder. What cannot be read is listed as a file, so that reading it says why.
    ///
    /// # Errors
    /// When a link leads to where it may not, or a file cannot be in an image.
    pub(crate) fn files(&self, folder: &Path) -> Result<Vec<Found>, Error> {
        let mut files = Vec::new();
        let mut refused = None;
        let walk = WalkDir::new(folder)
            .follow_links(true)
            .sort_by_file_name()
            .min_depth(1)
            .into_iter();
        for entry in walk.filter_entry(|entry| self.enters(folder, entry, &mut refused)) {
            let (disk, is_file) = match entry {
                Ok(entry) => (entry.path().to_path_buf(), entry.file_type().is_file()),
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_path_buf();
                    let is_file = !leads_nowhere(&path, &error) && !self.leaves_out(&path, &below(folder, &path));
                    (path, is_file)
                }
            };
            if is_file {
                check(&disk)?;
                files.push(Found {
                    below: below(folder, &disk),
                    disk,
                });
            }
        }
        refused.map_or(Ok(files), Err)
    }

    /// Whether the walk through a folder comes to one that is inside of it.
    pub(crate) fn reaches(&self, folder: &Path, inner: &Path) -> bool {
        let mut ways = inner.ancestors().take_while(|way| *way != folder);
        !ways.any(|way| self.leaves_out(way, &below(folder, way)))
    }

    fn enters(&self, folder: &Path, entry: &DirEntry, refused: &mut Option<Error>) -> bool {
        let path = entry.path();
        if self.leaves_out(path, &below(folder, path)) {
            return false;
        }
        match self.way_out(entry) {
            Some(_) if is_link_of_a_build_system(path) => false,
            Some(target) => {
                refused.get_or_insert(Error::LinkOutside {
                    link: path.to_path_buf(),
                    target,
                });
                false
            }
            // Such as an earlier build left beside the app: what is built must not depend on that.
            None => !is_component(path),
        }
    }

    /// Where a link leads that leaves the folders; nothing is read there.
    fn way_out(&self, entry: &DirEntry) -> Option<PathBuf> {
        let within = self.within.as_ref().filter(|_| entry.path_is_symlink())?;
        let target = entry.path().canonicalize().ok()?;
        let is_within = within.iter().any(|folder| target.starts_with(folder));
        (!is_within).then_some(target)
    }

    /// What no app imports: hidden files, bytecode, virtual environments, node's packages; and what the caller and the user name.
    fn leaves_out(&self, path: &Path, below: &str) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_name_left_out(&name)
            || self.exclude.fit(below)
            || self.without.iter().any(|file| same_file(file, path))
            || path.join("pyvenv.cfg").exists()
    }
}

/// The path below a folder, with `/` between the names.
fn below(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).unwrap_or(path);
    let names: Vec<_> = below.iter().map(|name| name.to_string_lossy()).collect();
    names.join("/")
}

/// Whether this is a link that Nix or Bazel make to what they have built.
pub fn is_link_of_a_build_system(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_named_so = name == "result" || ["result-", "bazel-"].iter().any(|start| name.starts_with(start));
    is_named_so && path.is_symlink()
}

/// Checks that a file of an app has a name that others can have of it, and is no link to nothing.
fn check(file: &Path) -> Result<(), Error> {
    let name = file.file_name().unwrap_or_default();
    if name.to_str().is_none_or(|name| name.contains(char::is_control)) {
        return Err(Error::Name(file.to_path_buf()));
    }
    let Ok(target) = std::fs::read_link(file) else {
        return Ok(());
    };
    let link = file.to_path_buf();
    let found = std::fs::metadata(file).map(drop);
    found.map_err(|error| Error::LinkToNothing { link, target, error })
}

/// Whether this is a link to what is not there, or to a folder above it, which no app reads. One that is called as Python source
/// is missed, though.
fn leads_nowhere(path: &Path, error: &walkdir::Error) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let is_source = name.ends_with(".py") && error.loop_ancestor().is_none();
    path.is_symlink() && (is_name_left_out(&name) || !is_source)
}

/// Whether a file is a component, as the preamble of the component model's binary format says, which core modules do not have.
pub fn is_component(path: &Path) -> bool {
    const PREAMBLE: [u8; 8] = *b"\0asm\x0d\0\x01\0";
    let mut start = [0; PREAMBLE.len()];
    let is_file = path.is_file();
    is_file && std::fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == PREAMBLE
}

fn same_file(one: &Path, other: &Path) -> bool {
    one.file_name() == other.file_name()
        && (one == other
            || one
                .canonicalize()
                .is_ok_and(|one| other.canonicalize().is_ok_and(|other| one == other)))
}
