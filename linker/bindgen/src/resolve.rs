//! The first phase: WIT files to one resolved world.

use crate::{Error, refuse, select};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wit_parser::{PackageId, ParseError, Resolve, ResolveError, ResolveErrorKind, WorldId};

/// What is read, and what of it is taken.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Files or folders of WIT packages, as text or in the binary form.
    pub wit: Vec<PathBuf>,
    /// The worlds; more than one are united. With none, the WIT must have exactly one.
    pub worlds: Vec<String>,
    /// The features whose `@unstable` items are taken.
    pub features: BTreeSet<String>,
    /// Take the `@unstable` items of all features.
    pub all_features: bool,
}

/// A world with all that it refers to.
#[derive(Clone, Debug)]
pub struct Resolved {
    /// The packages.
    pub resolve: Resolve,
    /// The world.
    pub world: WorldId,
    /// The world's name in messages, such as `demo:echo/echo@1.0.0`; a union has all names.
    pub name: String,
}

/// Reads the WIT and chooses the world.
///
/// # Errors
/// When a path is missing, the WIT is wrong, the world is not clear, or the world has something that cannot be bound.
pub fn resolve(source: &Source) -> Result<Resolved, Error> {
    let (mut resolve, packages) = read(source)?;
    let (world, name) = select::select(&mut resolve, &packages, &source.worlds)?;
    let resolved = Resolved { resolve, world, name };
    refuse::refuse(&resolved)?;
    Ok(resolved)
}

/// Reads all paths; a package may come before or after those that it needs.
fn read(source: &Source) -> Result<(Resolve, Vec<PackageId>), Error> {
    let mut resolve = Resolve::new();
    resolve.features = source.features.iter().cloned().collect();
    resolve.all_features = source.all_features;
    let mut waiting: Vec<(usize, &Path)> = source.wit.iter().map(PathBuf::as_path).enumerate().collect();
    let mut packages = Vec::new();
    if waiting.is_empty() {
        return Err(Error::NoWit);
    }
    while !waiting.is_empty() {
        let mut postponed = Vec::new();
        let mut missing = None;
        for &(index, path) in &waiting {
            let mut attempt = resolve.clone();
            match push(&mut attempt, path) {
                Ok(package) => {
                    packages.push((index, package));
                    resolve = attempt;
                }
                Err(Failure {
                    error,
                    missing_package: true,
                }) => {
                    missing.get_or_insert(error);
                    postponed.push((index, path));
                }
                Err(Failure { error, .. }) => return Err(error),
            }
        }
        if let Some(error) = missing.filter(|_| postponed.len() == waiting.len()) {
            return Err(error);
        }
        waiting = postponed;
    }
    packages.sort_by_key(|(index, _)| *index);
    Ok((resolve, packages.into_iter().map(|(_, package)| package).collect()))
}

struct Failure {
    error: Error,
    /// Whether a package was missing, which another path may bring.
    missing_package: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure {
            error,
            missing_package: false,
        }
    }
}

fn push(resolve: &mut Resolve, path: &Path) -> Result<PackageId, Failure> {
    if !path.exists() {
        return Err(Error::MissingWit {
            path: path.to_path_buf(),
        }
        .into());
    }
    if path.is_dir() && !has_wit(path) {
        return Err(Error::EmptyWit {
            path: path.to_path_buf(),
        }
        .into());
    }
    let pushed = resolve.push_path(path);
    pushed.map(|(package, _)| package).map_err(|error| Failure {
        missing_package: error.chain().any(is_missing_package),
        error: Error::Wit(render(resolve, path, &error)),
    })
}

fn has_wit(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|entries| {
        entries
            .flatten()
            .any(|entry| entry.path().extension().is_some_and(|extension| extension == "wit"))
    })
}

fn is_missing_package(error: &(dyn std::error::Error + 'static)) -> bool {
    error
        .downcast_ref::<ResolveError>()
        .is_some_and(|error| matches!(error.kind(), ResolveErrorKind::PackageNotFound { .. }))
}

/// The error with file, line, column and the source line, where the parser knows them.
fn render(resolve: &Resolve, path: &Path, error: &anyhow::Error) -> String {
    let located = error.chain().find_map(|layer| {
        let parsed = layer
            .downcast_ref::<ParseError>()
            .map(|error| error.render(&resolve.source_map));
        parsed.or_else(|| {
            layer
                .downcast_ref::<ResolveError>()
                .map(|error| error.render(&resolve.source_map))
        })
    });
    located.unwrap_or_else(|| format!("the WIT of {} cannot be read: {}", path.display(), error.root_cause()))
}
