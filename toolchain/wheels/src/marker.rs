//! Markers: PEP 508's, and what PEP 751 adds to them in a lock.

use crate::Environment;
use pep508_rs::{ExtraName, MarkerTree};
use regex::{Captures, Regex};
use std::str::FromStr;
use std::sync::LazyLock;

/// `'NAME' in extras` and `'NAME' not in dependency_groups`.
static MEMBERSHIP: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?:'([^']*)'|"([^"]*)")\s+(not\s+)?in\s+(extras|dependency_groups)\b"#;
    Regex::new(pattern).expect("the pattern is well-formed")
});

/// Reads a marker of a lock; an empty one always holds.
///
/// The sets `extras` and `dependency_groups` (PEP 751) are written as extras with a name for each, since PEP 508 has only those.
pub(crate) fn parse(text: &str) -> Result<MarkerTree, String> {
    if text.is_empty() {
        return Ok(MarkerTree::TRUE);
    }
    // PEP 508 has none; pep508_rs panics at some.
    if !text.is_ascii() {
        return Err("it has characters that are not ASCII".to_string());
    }
    let plain = MEMBERSHIP.replace_all(text, |found: &Captures| {
        let name = found.get(1).or(found.get(2)).map_or("", |name| name.as_str());
        let operator = if found.get(3).is_some() { "!=" } else { "==" };
        format!("extra {operator} '{}'", member(&found[4], name))
    });
    MarkerTree::from_str(&plain).map_err(|error| error.message.to_string())
}

/// The extra by which a member of one of a lock's sets is known.
pub(crate) fn chosen(set: &str, name: &str) -> Option<ExtraName> {
    ExtraName::from_str(&member(set, name)).ok()
}

/// Whether a marker holds.
pub(crate) fn holds(marker: &MarkerTree, environment: &Environment) -> bool {
    marker.evaluate(environment.markers(), environment.chosen())
}

fn member(set: &str, name: &str) -> String {
    format!("{set}-{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluate(marker: &str, chosen: &[(&str, &str)]) -> bool {
        let chosen = chosen
            .iter()
            .filter_map(|(set, name)| super::chosen(set, name))
            .collect();
        let environment = Environment::of("3.13.9").unwrap().choosing(chosen);
        holds(&parse(marker).unwrap(), &environment)
    }

    #[test]
    fn the_environment_is_that_of_a_component() {
        for marker in [
            "sys_platform == 'wasi' and os_name == 'posix'",
            "platform_machine == 'wasm32' and platform_system == 'wasi'",
            "python_version >= '3.13' and python_full_version == '3.13.9'",
            "implementation_name == 'cpython' and platform_python_implementation != 'PyPy'",
        ] {
            assert!(evaluate(marker, &[]), "{marker}");
        }
        assert!(!evaluate("sys_platform == 'win32' or python_version < '3.13'", &[]));
    }

    #[test]
    fn members_of_the_sets_of_a_lock() {
        assert!(!evaluate("'docs' in extras", &[]));
        assert!(evaluate("\"docs\" not in extras", &[]));
        assert!(evaluate(
            "'Docs_x' in extras or sys_platform == 'win32'",
            &[("extras", "docs-x")]
        ));
        assert!(evaluate("'dev' in dependency_groups", &[("dependency_groups", "dev")]));
        assert!(!evaluate("'dev' in dependency_groups", &[("extras", "dev")]));
    }

    #[test]
    fn what_is_no_marker_is_an_error() {
        assert!(parse("sys_platform ==").is_err());
    }
}
