//! How much larger or smaller each part has become since the build before.

use super::parts::Part;
use ampoule_action::Digest;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The component of the build before, in comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// Its digest.
    pub digest: Digest,
    /// Its bytes.
    pub bytes: u64,
    /// The parts that have other sizes now, the largest difference first.
    pub parts: Vec<Change>,
}

/// A part that has no others in it, before and now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its name, after those of the parts that it is in.
    pub way: Vec<String>,
    /// Its bytes before; 0 if it was not there.
    pub before: u64,
    /// Its bytes now; 0 if it is not there.
    pub now: u64,
}

impl Changes {
    /// Compares a component with one that was built before it.
    pub fn between(digest: Digest, before: &Part, now: &Part) -> Changes {
        let mut sizes = BTreeMap::new();
        collect(before, &mut Vec::new(), &mut |way, bytes| {
            sizes.entry(way).or_insert((0, 0)).0 = bytes
        });
        collect(now, &mut Vec::new(), &mut |way, bytes| {
            sizes.entry(way).or_insert((0, 0)).1 = bytes
        });
        let change = |(way, (before, now))| Change { way, before, now };
        let changed = sizes.into_iter().filter(|(_, (before, now))| before != now);
        let mut parts: Vec<Change> = changed.map(change).collect();
        parts.sort_by_key(|part| Reverse(part.before.abs_diff(part.now)));
        Changes {
            digest,
            bytes: before.bytes,
            parts,
        }
    }
}

/// Gives the ways to all parts that have no others in them, and their bytes.
fn collect(part: &Part, way: &mut Vec<String>, give: &mut impl FnMut(Vec<String>, u64)) {
    for inner in &part.parts {
        way.push(inner.name.clone());
        if inner.parts.is_empty() {
            give(way.clone(), inner.bytes);
        }
        collect(inner, way, give);
        way.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::super::parts::{Tree, way};
    use super::*;

    #[test]
    fn what_grew_most_comes_first_and_what_stayed_is_left_out() {
        let part = |sizes: &[(&str, u64)]| {
            let mut tree = Tree::default();
            sizes
                .iter()
                .for_each(|(name, bytes)| tree.add(&way(["app", name]), *bytes));
            tree.into_part("x.wasm")
        };
        let before = part(&[("same", 5), ("gone", 7), ("grown", 1)]);
        let now = part(&[("same", 5), ("grown", 9), ("new", 2)]);
        let changes = Changes::between(Digest::of_bytes(b""), &before, &now);
        let shown: Vec<_> = changes
            .parts
            .iter()
            .map(|part| format!("{} {} {}", part.way.join("/"), part.before, part.now))
            .collect();
        assert_eq!(shown, ["app/grown 1 9", "app/gone 7 0", "app/new 0 2"]);
        assert_eq!(changes.bytes, 13);
    }
}
