//! Leaves in a world what is in another one too, and what that needs.

use indexmap::IndexSet;
use wit_parser::{LiveTypes, Resolve, TypeOwner, World, WorldId, WorldItem, WorldKey};

/// Removes from `world` what `other` has not under the same name. Interfaces and types that something kept refers to stay.
pub(crate) fn intersect(resolve: &mut Resolve, world: WorldId, other: WorldId) {
    let mut kept = Kept::default();
    let (all, shared) = (&resolve.worlds[world], &resolve.worlds[other]);
    kept.imports.extend(
        all.imports
            .keys()
            .filter(|key| shared.imports.contains_key(*key))
            .cloned(),
    );
    kept.exports.extend(
        all.exports
            .keys()
            .filter(|key| shared.exports.contains_key(*key))
            .cloned(),
    );
    while kept.add_needed(resolve, world) {}
    let world = &mut resolve.worlds[world];
    world.imports.retain(|key, _| kept.imports.contains(key));
    world.exports.retain(|key, _| kept.exports.contains(key));
}

/// The names of what stays.
#[derive(Default)]
struct Kept {
    imports: IndexSet<WorldKey>,
    exports: IndexSet<WorldKey>,
}

impl Kept {
    /// Adds what the kept items refer to; gives whether there was anything to add.
    fn add_needed(&mut self, resolve: &Resolve, world: WorldId) -> bool {
        let before = self.imports.len() + self.exports.len();
        let all = &resolve.worlds[world];
        for key in needed(resolve, &self.items(all)) {
            if all.imports.contains_key(&key) {
                self.imports.insert(key);
            } else if all.exports.contains_key(&key) {
                self.exports.insert(key);
            }
        }
        self.imports.len() + self.exports.len() > before
    }

    fn items<'w>(&self, all: &'w World) -> Vec<&'w WorldItem> {
        let imports = self.imports.iter().filter_map(|key| all.imports.get(key));
        let exports = self.exports.iter().filter_map(|key| all.exports.get(key));
        imports.chain(exports).collect()
    }
}

/// Where the types stand that the items refer to.
fn needed(resolve: &Resolve, items: &[&WorldItem]) -> IndexSet<WorldKey> {
    let mut types = LiveTypes::default();
    for item in items {
        types.add_world_item(resolve, item);
    }
    let key = |id| {
        let definition = &resolve.types[id];
        match definition.owner {
            TypeOwner::Interface(interface) => Some(WorldKey::Interface(interface)),
            TypeOwner::World(_) => definition.name.clone().map(WorldKey::Name),
            TypeOwner::None => None,
        }
    };
    types.iter().filter_map(key).collect()
}
