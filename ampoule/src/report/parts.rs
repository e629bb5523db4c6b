//! The tree of a component's parts: what a treemap shows.

use ampoule_action::Digest;
use serde::Serialize;
use std::collections::BTreeMap;

/// A part of the component, with those that it is made of, the largest first. Their bytes are its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What it is called among its neighbours.
    pub name: String,
    /// Its bytes in the component.
    pub bytes: u64,
    /// Where it came from; none if that is where the part around it came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provenance: Option<Provenance>,
    /// What it is made of; none if it is known as a whole alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Part>,
}

/// Where a part came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// The action that gave it, or took it in from the project: a place in the report's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<usize>,
    /// The input or output of that action.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<String>,
    /// The digest of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// The package that it belongs to, as a package URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// What is to be known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// The way from the whole to a part: a name for each level.
pub type Way = Vec<String>;

/// The way with these names.
pub fn way<const LEVELS: usize>(names: [&str; LEVELS]) -> Way {
    names.map(str::to_string).into()
}

/// Parts as they are found: byte by byte, in any order.
#[derive(Debug, Default)]
pub struct Tree {
    own: u64,
    provenance: Option<Provenance>,
    parts: BTreeMap<String, Tree>,
}

/// What bytes of a part are called that belong to none of the parts in it.
const REST: &str = "(itself)";

impl Tree {
    /// Adds bytes to a part.
    pub fn add(&mut self, way: &[String], bytes: u64) {
        self.at(way).own += bytes;
    }

    /// Says where a part came from. A part that has no bytes stays away.
    pub fn explain(&mut self, way: &[String], provenance: Provenance) {
        self.at(way).provenance = Some(provenance);
    }

    fn at(&mut self, way: &[String]) -> &mut Tree {
        way.iter()
            .fold(self, |tree, name| tree.parts.entry(name.clone()).or_default())
    }

    /// The whole, under a name.
    pub fn into_part(self, name: &str) -> Part {
        let mut parts: Vec<Part> = self
            .parts
            .into_iter()
            .map(|(name, tree)| tree.into_part(&name))
            .collect();
        parts.retain(|part| part.bytes > 0);
        if self.own > 0 && !parts.is_empty() {
            let rest = Tree {
                own: self.own,
                ..Tree::default()
            };
            parts.push(rest.into_part(REST));
        }
        parts.sort_by(|one, other| (other.bytes, &one.name).cmp(&(one.bytes, &other.name)));
        let of_parts: u64 = parts.iter().map(|part| part.bytes).sum();
        Part {
            name: name.to_string(),
            bytes: if parts.is_empty() { self.own } else { of_parts },
            provenance: self.provenance,
            parts,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_sum_up_and_the_largest_comes_first() {
        let mut tree = Tree::default();
        tree.add(&way(["app", "a.py"]), 3);
        tree.add(&way(["app", "b.py"]), 5);
        tree.add(&way(["app"]), 1);
        tree.add(&way(["heap"]), 20);
        tree.add(&way(["heap"]), 1);
        tree.explain(&way(["nothing"]), Provenance::default());
        let whole = tree.into_part("x.wasm");
        let names = |part: &Part| {
            part.parts
                .iter()
                .map(|part| format!("{} {}", part.name, part.bytes))
                .collect::<Vec<_>>()
        };
        assert_eq!(whole.bytes, 30);
        assert_eq!(names(&whole), ["heap 21", "app 9"]);
        assert_eq!(names(&whole.parts[1]), ["b.py 5", "a.py 3", "(itself) 1"]);
    }
}
