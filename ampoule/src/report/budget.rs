//! A component against its budget.

use super::Part;
use super::parts;
use super::sizes::{APP, DEPENDENCIES, STDLIB};
use crate::chain::{Resolved, Steps};
use crate::error::Failure;
use ampoule_action::FileError;

/// The level of Zstandard in which sizes are given.
const LEVEL: i32 = 19;

/// How many causes are named.
const CAUSES: usize = 3;

/// Compares the component with the limits of its project.
///
/// # Errors
/// When it is larger: with what takes most of it.
pub fn check_budget(component: &[u8], steps: &Steps, resolved: &Resolved) -> Result<(), Failure> {
    let budget = resolved.project.budget;
    let size = component.len() as u64;
    if let Some(limit) = budget.raw.filter(|limit| size > limit.0) {
        return Err(exceeded("raw", size, limit.0, &parts(steps, resolved)?));
    }
    if let Some(limit) = budget.zstd {
        let compressed =
            zstd::bulk::compress(component, LEVEL).map_err(FileError::reading(&resolved.project.output))?;
        let size = compressed.len() as u64;
        if size > limit.0 {
            return Err(exceeded("zstd", size, limit.0, &parts(steps, resolved)?));
        }
    }
    Ok(())
}

fn exceeded(key: &'static str, size: u64, limit: u64, whole: &Part) -> Failure {
    Failure::BudgetExceeded {
        key,
        size,
        limit,
        causes: causes(whole),
    }
}

/// The largest parts: those that can be left out are looked at one by one.
fn causes(whole: &Part) -> Vec<(String, u64)> {
    let mut causes = Vec::new();
    for part in &whole.parts {
        match part.name.as_str() {
            STDLIB | DEPENDENCIES | APP => {
                let inner = part.parts.iter();
                causes.extend(
                    inner.map(|inner| (format!("{} of {}", inner.name, part.name.to_lowercase()), inner.bytes)),
                );
            }
            name => causes.push((name.to_lowercase(), part.bytes)),
        }
    }
    causes.sort_by(|(one_name, one), (other_name, other)| (other, one_name).cmp(&(one, other_name)));
    causes.truncate(CAUSES);
    causes
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
        tree.add(&way([APP, "data.bin"]), 40);
        let causes = causes(&tree.into_part(""));
        let expected = [
            ("large of dependencies", 60),
            ("interpreter", 50),
            ("data.bin of app", 40),
        ];
        assert_eq!(causes, expected.map(|(name, bytes)| (name.to_string(), bytes)));
    }
}
