//! A component against its budget.

use super::Part;
use super::owners::NATIVE;
use super::parts;
use super::sizes::{APP, DEPENDENCIES, STDLIB};
use crate::chain::Built;
use crate::error::Failure;
use crate::settings::{Budget, Bytes};
use ampoule_action::FileError;

/// The level of Zstandard in which sizes are given.
const LEVEL: i32 = 19;

/// How many causes are named.
const CAUSES: usize = 3;

/// Compares the component with the limits of its project.
///
/// # Errors
/// When it is larger: with what takes most of it.
pub fn check_budget(built: &Built, component: &[u8]) -> Result<(), Failure> {
    let Budget { raw, zstd } = built.resolved.project.budget;
    if let Some(Bytes(limit)) = raw {
        compare("raw", component.len() as u64, limit, built)?;
    }
    if let Some(Bytes(limit)) = zstd {
        let compressed = zstd::bulk::compress(component, LEVEL);
        let compressed = compressed.map_err(FileError::reading(&built.resolved.project.output))?;
        compare("zstd", compressed.len() as u64, limit, built)?;
    }
    Ok(())
}

fn compare(key: &'static str, size: u64, limit: u64, built: &Built) -> Result<(), Failure> {
    if size <= limit {
        return Ok(());
    }
    Err(Failure::BudgetExceeded {
        key,
        size,
        limit,
        causes: causes(&parts(built)?),
    })
}

/// The largest parts: those that can be left out are looked at one by one.
fn causes(whole: &Part) -> Vec<(String, u64)> {
    let mut causes = Vec::new();
    for part in &whole.parts {
        let name = part.name.to_lowercase();
        match part.name.as_str() {
            STDLIB | DEPENDENCIES | APP => {
                causes.extend(each(part).map(|inner| (format!("{} of the {name}", inner.name), inner.bytes)));
            }
            _ => causes.push((name, part.bytes)),
        }
    }
    causes.sort_by(|(one_name, one), (other_name, other)| (other, one_name).cmp(&(one, other_name)));
    causes.truncate(CAUSES);
    causes
}

/// The parts in one, native modules one by one.
fn each(part: &Part) -> impl Iterator<Item = &Part> {
    part.parts.iter().flat_map(|inner| match inner.name == NATIVE {
        true => inner.parts.as_slice(),
        false => std::slice::from_ref(inner),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::parts::{Tree, way};

    #[test]
    fn the_largest_causes_are_named() {
        let mut tree = Tree::default();
        tree.add(&way(["Interpreter", "code"]), 50);
        tree.add(&way([DEPENDENCIES, "small", "a.py"]), 1);
        tree.add(&way([DEPENDENCIES, "large", "a.py"]), 60);
        tree.add(&way([APP, "data.bin"]), 30);
        tree.add(&way([STDLIB, NATIVE, "_ssl", "code"]), 40);
        let causes = causes(&tree.into_part(""));
        let expected = [
            ("large of the dependencies", 60),
            ("interpreter", 50),
            ("_ssl of the standard library", 40),
        ];
        assert_eq!(causes, expected.map(|(name, bytes)| (name.to_string(), bytes)));
    }
}
