//! The first phase: WIT files to one resolved world.

use crate::intersect::intersect;
use crate::{Direction, Error, Package, refuse, select, stand_ins};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use wit_parser::{PackageId, ParseError, Resolve, ResolveError, ResolveErrorKind, Span, TypeId, WorldId};

/// What is read, and what of it is taken.
#[derive(Clone, Debug, Default)]
pub struct WitSource {
    /// Files or folders of WIT packages, as text or in the binary form.
    pub wit: Vec<PathBuf>,
    /// The worlds; more than one are united. With none, the WIT must have exactly one.
    pub worlds: Vec<String>,
    /// The features whose `@unstable` items are taken.
    pub features: BTreeSet<String>,
    /// Take the `@unstable` items of all features.
    pub all_features: bool,
    /// Python packages with WIT of their own, each after those that it needs.
    pub packages: Vec<Package>,
    /// A world: only what it has too is taken.
    pub intersect_world: Option<String>,
}

impl WitSource {
    fn empty(&self) -> Resolve {
        let mut resolve = Resolve::new();
        resolve.features = self.features.iter().cloned().collect();
        resolve.all_features = self.all_features;
        resolve
    }
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
    /// Imported interfaces that a component without sockets is made without.
    pub optional_imports: BTreeSet<String>,
    /// What of it goes into which Python package; the world module's part is the last.
    pub parts: Vec<Part>,
    /// The type that stands for `error-context` where wit-dylib looks.
    pub(crate) error_context: TypeId,
}

/// What of a world the bindings of one Python package have.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The dotted name of the package; none for the world module.
    pub module: Option<String>,
    /// Whether its interfaces have package and version in their names.
    pub full_names: bool,
    /// The imports, by their names in the world.
    pub imports: BTreeSet<String>,
    /// The exports, by their names in the world.
    pub exports: BTreeSet<String>,
}

impl Part {
    /// What it has in a direction, by the names in the world.
    pub fn keys(&self, direction: Direction) -> &BTreeSet<String> {
        match direction {
            Direction::Import => &self.imports,
            Direction::Export => &self.exports,
        }
    }

    fn add(&mut self, resolve: &Resolve, world: WorldId) {
        let world = &resolve.worlds[world];
        self.imports
            .extend(world.imports.keys().map(|key| resolve.name_world_key(key)));
        self.exports
            .extend(world.exports.keys().map(|key| resolve.name_world_key(key)));
    }
}

/// Reads the WIT and chooses the world.
///
/// # Errors
/// When a path is missing, the WIT is wrong, the world is not clear, or the world has something that cannot be bound.
pub fn resolve(source: &WitSource) -> Result<Resolved, Error> {
    let mut resolve = source.empty();
    let error_context = stand_ins::prepare(&mut resolve);
    let mut packages = Vec::new();
    let mut covered = Vec::new();
    for package in &source.packages {
        covered.push(read_package(source, package, &mut resolve, &mut packages)?);
    }
    let given = read(&mut resolve, &source.wit)?;
    packages.extend(&given);
    if packages.is_empty() {
        return Err(Error::NoWit);
    }
    let mut worlds = select::find_all(&resolve, &packages, &source.worlds)?;
    let of_packages = source.packages.iter().zip(&covered);
    let (added, chosen): (Vec<_>, Vec<_>) = of_packages.partition(|(package, _)| !package.added_worlds.is_empty());
    worlds.extend(chosen.iter().flat_map(|(_, worlds)| *worlds));
    if worlds.is_empty() && (added.is_empty() || !given.is_empty()) {
        worlds.push(select::only(
            &resolve,
            if added.is_empty() { &packages } else { &given },
        )?);
    }
    worlds.extend(added.iter().flat_map(|(_, worlds)| *worlds));
    let worlds = without_repetitions(&worlds);
    if let Some(name) = &source.intersect_world {
        let other = select::find(&resolve, &packages, name)?;
        for &world in worlds.iter().filter(|world| **world != other) {
            intersect(&mut resolve, world, other);
        }
    }
    let parts = parts(source, &resolve, &worlds, &covered);
    let optional_imports = optional_imports(source, &parts);
    let (world, name) = select::unite(&mut resolve, &worlds)?;
    let resolved = Resolved {
        resolve,
        world,
        name,
        optional_imports,
        parts,
        error_context,
    };
    refuse::refuse(&resolved)?;
    Ok(resolved)
}

/// Reads a Python package's WIT, apart from all other; gives its worlds.
fn read_package(
    source: &WitSource,
    package: &Package,
    resolve: &mut Resolve,
    packages: &mut Vec<PackageId>,
) -> Result<Vec<WorldId>, Error> {
    let Some(wit) = &package.wit else {
        return match package.worlds.first() {
            Some(world) => Err(Error::PackageWithoutWit {
                file: package.file.clone(),
                world: world.clone(),
            }),
            None => Ok(Vec::new()),
        };
    };
    let mut own = source.empty();
    let read = read(&mut own, std::slice::from_ref(wit))?;
    let worlds = if !package.added_worlds.is_empty() {
        select::find_all(&own, &read, &package.added_worlds)?
    } else if package.worlds.is_empty() {
        let worlds = source.worlds.iter();
        worlds
            .filter_map(|world| select::find(&own, &read, world).ok())
            .collect()
    } else {
        select::find_all(&own, &read, &package.worlds)?
    };
    let remap = resolve.merge(own).map_err(|error| contradiction(wit, &error))?;
    packages.extend(read.iter().map(|package| remap.packages[package.index()]));
    let moved = worlds.into_iter().map(|world| remap.map_world(world, Span::default()));
    moved
        .collect::<Result<_, _>>()
        .map_err(|error| contradiction(wit, &error.into()))
}

fn without_repetitions(worlds: &[WorldId]) -> Vec<WorldId> {
    let mut seen = BTreeSet::new();
    worlds.iter().copied().filter(|world| seen.insert(*world)).collect()
}

/// Distributes the worlds: those of a Python package with bindings go there, all others to the world module.
fn parts(source: &WitSource, resolve: &Resolve, worlds: &[WorldId], covered: &[Vec<WorldId>]) -> Vec<Part> {
    let mut rest: BTreeSet<WorldId> = worlds.iter().copied().collect();
    let mut parts = Vec::new();
    for (package, covered) in source.packages.iter().zip(covered) {
        if package.bindings.is_none() || covered.is_empty() {
            continue;
        }
        let mut part = Part {
            module: package.bindings.clone(),
            full_names: package.full_names,
            ..Part::default()
        };
        for world in covered {
            part.add(resolve, *world);
            rest.remove(world);
        }
        parts.push(part);
    }
    let mut part = Part::default();
    for world in rest {
        part.add(resolve, world);
    }
    parts.push(part);
    parts
}

/// The imports that packages call optional and nobody else has.
fn optional_imports(source: &WitSource, parts: &[Part]) -> BTreeSet<String> {
    let named = source.packages.iter().flat_map(|package| &package.optional_imports);
    let is_alone = |key: &&String| parts.iter().filter(|part| part.imports.contains(*key)).count() == 1;
    named.filter(is_alone).cloned().collect()
}

/// Reads all paths; a package may come before or after those that it needs.
fn read(resolve: &mut Resolve, paths: &[PathBuf]) -> Result<Vec<PackageId>, Error> {
    let mut waiting: Vec<(usize, &Path)> = paths.iter().map(PathBuf::as_path).enumerate().collect();
    let mut packages = Vec::new();
    while !waiting.is_empty() {
        let mut postponed = Vec::new();
        let mut missing = None;
        for &(index, path) in &waiting {
            let mut attempt = resolve.clone();
            match add(&mut attempt, path) {
                Ok(package) => {
                    packages.push((index, package));
                    *resolve = attempt;
                }
                Err(Unresolved {
                    error,
                    missing_package: true,
                }) => {
                    missing.get_or_insert(error);
                    postponed.push((index, path));
                }
                Err(Unresolved { error, .. }) => return Err(error),
            }
        }
        if let Some(error) = missing.filter(|_| postponed.len() == waiting.len()) {
            return Err(error);
        }
        waiting = postponed;
    }
    packages.sort_by_key(|(index, _)| *index);
    Ok(packages.into_iter().map(|(_, package)| package).collect())
}

/// A path that could not be read as things stand.
struct Unresolved {
    error: Error,
    /// Whether a package was missing, which another path may bring.
    missing_package: bool,
}

impl From<Error> for Unresolved {
    fn from(error: Error) -> Unresolved {
        Unresolved {
            error,
            missing_package: false,
        }
    }
}

/// Reads a path on its own and adds what is new in it; a path that needs packages of others is read together with them.
fn add(resolve: &mut Resolve, path: &Path) -> Result<PackageId, Unresolved> {
    let mut own = Resolve::new();
    own.features = resolve.features.clone();
    own.all_features = resolve.all_features;
    let package = match push(&mut own, path) {
        Err(Unresolved {
            missing_package: true, ..
        }) => return push(resolve, path),
        read => read?,
    };
    let merged = resolve.merge(own);
    let remap = merged.map_err(|error| contradiction(path, &error))?;
    Ok(remap.packages[package.index()])
}

fn contradiction(wit: &Path, error: &anyhow::Error) -> Error {
    Error::Contradiction {
        wit: wit.to_path_buf(),
        reason: format!("{error:#}"),
    }
}

fn push(resolve: &mut Resolve, path: &Path) -> Result<PackageId, Unresolved> {
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
    pushed.map(|(package, _)| package).map_err(|error| Unresolved {
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
    // An error of a whole package has no place in it.
    let located = located.filter(|text| text.contains("-->"));
    located.unwrap_or_else(|| format!("the WIT of {} cannot be read: {error:#}", path.display()))
}
