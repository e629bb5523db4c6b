//! Chooses the world, or unites several.

use crate::Error;
use wit_parser::{
    CloneMaps, Docs, Package, PackageId, PackageName, ParsedUsePath, Resolve, Span, Stability, World, WorldId,
    parse_use_path,
};

/// The worlds with these names.
pub(crate) fn find_all(resolve: &Resolve, packages: &[PackageId], names: &[String]) -> Result<Vec<WorldId>, Error> {
    names.iter().map(|name| find(resolve, packages, name)).collect()
}

/// The one world that has all that the given ones have, and its name for messages.
pub(crate) fn unite(resolve: &mut Resolve, worlds: &[WorldId]) -> Result<(WorldId, String), Error> {
    let names: Vec<String> = worlds.iter().map(|&world| display(resolve, world)).collect();
    let name = names.join(" + ");
    if let &[world] = worlds {
        return Ok((world, name));
    }
    let world = union(resolve, worlds).map_err(|error| Error::Union {
        worlds: names,
        reason: format!("{error:#}"),
    })?;
    Ok((world, name))
}

/// The only world of the given packages.
pub(crate) fn only(resolve: &Resolve, packages: &[PackageId]) -> Result<WorldId, Error> {
    let worlds = worlds_of(resolve, packages);
    match worlds.as_slice() {
        &[world] => Ok(world),
        several => Err(Error::NoWorld {
            known: displayed(resolve, several),
        }),
    }
}

/// The world with this name: in the given packages, or else in all.
pub(crate) fn find(resolve: &Resolve, packages: &[PackageId], name: &str) -> Result<WorldId, Error> {
    let path = parse_use_path(name).map_err(|_| Error::WorldName { name: name.to_string() })?;
    let matching = |worlds: &[WorldId]| -> Vec<WorldId> {
        worlds
            .iter()
            .copied()
            .filter(|&world| matches(resolve, world, &path))
            .collect()
    };
    let all: Vec<WorldId> = resolve.worlds.iter().map(|(world, _)| world).collect();
    let mut found = matching(&worlds_of(resolve, packages));
    if found.is_empty() {
        found = matching(&all);
    }
    match found.as_slice() {
        &[world] => Ok(world),
        [] => Err(Error::UnknownWorld {
            name: name.to_string(),
            known: displayed(resolve, &all),
        }),
        several => Err(Error::AmbiguousWorld {
            name: name.to_string(),
            known: displayed(resolve, several),
        }),
    }
}

fn matches(resolve: &Resolve, world: WorldId, path: &ParsedUsePath) -> bool {
    let World { name, package, .. } = &resolve.worlds[world];
    match path {
        ParsedUsePath::Name(wanted) => name == wanted,
        ParsedUsePath::Package(wanted_package, wanted) => {
            let fits = |package: PackageId| {
                let package = &resolve.packages[package].name;
                package.namespace == wanted_package.namespace
                    && package.name == wanted_package.name
                    && (wanted_package.version.is_none() || package.version == wanted_package.version)
            };
            name == wanted && package.is_some_and(fits)
        }
    }
}

fn worlds_of(resolve: &Resolve, packages: &[PackageId]) -> Vec<WorldId> {
    packages
        .iter()
        .flat_map(|&package| resolve.packages[package].worlds.values().copied())
        .collect()
}

fn displayed(resolve: &Resolve, worlds: &[WorldId]) -> Vec<String> {
    let mut names: Vec<String> = worlds.iter().map(|&world| display(resolve, world)).collect();
    names.sort();
    names
}

fn display(resolve: &Resolve, world: WorldId) -> String {
    let World { name, package, .. } = &resolve.worlds[world];
    package.map_or_else(|| name.clone(), |package| resolve.id_of_name(package, name))
}

/// A new world with the imports and exports of all.
fn union(resolve: &mut Resolve, worlds: &[WorldId]) -> anyhow::Result<WorldId> {
    let name = PackageName {
        namespace: "ampoule".to_string(),
        name: "union".to_string(),
        version: None,
    };
    let package = resolve.packages.alloc(Package {
        name: name.clone(),
        docs: Docs::default(),
        interfaces: Default::default(),
        worlds: Default::default(),
    });
    let union = resolve.worlds.alloc(World {
        name: "union".to_string(),
        imports: Default::default(),
        exports: Default::default(),
        package: Some(package),
        docs: Docs::default(),
        stability: Stability::Unknown,
        includes: Vec::new(),
        span: Span::default(),
    });
    resolve.packages[package].worlds.insert("union".to_string(), union);
    resolve.package_names.insert(name, package);
    for &world in worlds {
        resolve.merge_worlds(world, union, &mut CloneMaps::default())?;
    }
    Ok(union)
}
