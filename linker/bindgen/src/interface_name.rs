//! The Python names of the interfaces of a world, computed for imports and exports apart.

use crate::identifier::{camel, is_valid, snake};
use crate::{Direction, Error};
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{InterfaceId, PackageName, Resolve, WorldItem, WorldKey};

/// An interface in one direction, with its names.
pub(crate) struct Named {
    pub(crate) key: String,
    pub(crate) id: InterfaceId,
    pub(crate) module: String,
    pub(crate) protocol: String,
}

/// An interface that waits for its name.
struct Candidate<'a> {
    key: String,
    id: InterfaceId,
    name: &'a str,
    /// None for an interface that stands in the world itself.
    package: Option<&'a PackageName>,
}

/// Names the interfaces among the items of one direction.
pub(crate) fn name_interfaces(
    resolve: &Resolve,
    items: &IndexMap<WorldKey, WorldItem>,
    direction: Direction,
    given: &BTreeMap<String, String>,
    full_names: &dyn Fn(&str) -> bool,
) -> Result<Vec<Named>, Error> {
    let candidates: Vec<Candidate> = items
        .iter()
        .filter_map(|(key, item)| candidate(resolve, key, item))
        .collect();
    let mut named: Vec<Named> = Vec::new();
    for candidate in &candidates {
        let own = own_name(candidate, &candidates, full_names(&candidate.key));
        let name = given.get(&candidate.key).unwrap_or(&own);
        let module = snake(name);
        if !is_valid(&module) {
            let (interface, name, proposal) = (candidate.key.clone(), name.clone(), snake(&own));
            return Err(Error::InterfaceName {
                interface,
                name,
                proposal,
            });
        }
        if let Some(other) = named.iter().find(|other| other.module == module) {
            let (first, second) = (other.key.clone(), candidate.key.clone());
            return Err(Error::SameName {
                direction: direction.keyword(),
                first,
                second,
                name: module,
            });
        }
        named.push(Named {
            key: candidate.key.clone(),
            id: candidate.id,
            module,
            protocol: camel(name),
        });
    }
    Ok(named)
}

fn candidate<'a>(resolve: &'a Resolve, key: &'a WorldKey, item: &WorldItem) -> Option<Candidate<'a>> {
    let WorldItem::Interface { id, .. } = item else {
        return None;
    };
    let (name, package) = match key {
        WorldKey::Name(name) => (name.as_str(), None),
        WorldKey::Interface(id) => {
            let interface = &resolve.interfaces[*id];
            let package = interface.package.map(|package| &resolve.packages[package].name);
            (interface.name.as_deref()?, package)
        }
    };
    Some(Candidate {
        key: resolve.name_world_key(key),
        id: *id,
        name,
        package,
    })
}

/// The interface's name, with as much of its package's name as tells it from the others.
fn own_name(candidate: &Candidate, all: &[Candidate], full_names: bool) -> String {
    let Some(package) = candidate.package else {
        return candidate.name.to_string();
    };
    let namesakes = all.iter().filter(|other| other.name == candidate.name);
    let packages: BTreeSet<Option<(&str, &str)>> = namesakes
        .clone()
        .map(|other| other.package.map(without_version))
        .collect();
    let versions = namesakes
        .filter(|other| other.package.map(without_version) == Some(without_version(package)))
        .count();
    let qualified = format!("{}-{}-{}", package.namespace, package.name, candidate.name);
    match &package.version {
        Some(version) if full_names || versions > 1 => format!("{qualified}-{version}"),
        _ if full_names || versions > 1 || packages.len() > 1 => qualified,
        _ => candidate.name.to_string(),
    }
}

fn without_version(package: &PackageName) -> (&str, &str) {
    (&package.namespace, &package.name)
}
