//! A wheel's file name (PyPA, "Binary distribution format") and what its tags promise (PyPA, "Platform compatibility tags").

use crate::Environment;
use ampoule_image::WHEEL_TAGS;
use ampoule_native::{is_dispensable, normalised};

/// The parts of `NAME-VERSION(-BUILD)-PYTHON-ABI-PLATFORM.whl`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WheelName {
    /// The distribution, normalised.
    pub project: String,
    /// Its version, as the file name has it.
    pub version: String,
    python: Vec<String>,
    abi: Vec<String>,
    platform: Vec<String>,
}

impl WheelName {
    /// Reads a file name; none if it is not a wheel's.
    pub fn parse(file: &str) -> Option<WheelName> {
        let parts: Vec<&str> = file.strip_suffix(".whl")?.split('-').collect();
        let (project, version, tags) = match parts.as_slice() {
            [project, version, tags @ ..] if tags.len() == 3 => (project, version, tags),
            [project, version, build, tags @ ..]
                if tags.len() == 3 && build.starts_with(|first: char| first.is_ascii_digit()) =>
            {
                (project, version, tags)
            }
            _ => return None,
        };
        let several = |tag: &str| tag.split('.').map(String::from).collect();
        Some(WheelName {
            project: normalised(project),
            version: version.to_string(),
            python: several(tags[0]),
            abi: several(tags[1]),
            platform: several(tags[2]),
        })
    }

    /// Whether it holds no native code: it is for any platform and binary interface.
    pub fn is_pure(&self) -> bool {
        self.abi.iter().any(|abi| abi == "none") && self.platform.iter().any(|platform| platform == "any")
    }

    /// Whether its native code is for the Python in components.
    pub fn is_for_components(&self) -> bool {
        let [python, abi, platform] = WHEEL_TAGS;
        let has = |tags: &[String], tag: &str| tags.iter().any(|own| own == tag);
        has(&self.python, python) && has(&self.abi, abi) && has(&self.platform, platform)
    }

    /// How well it fits the Python in a component, best first; none if it does not.
    ///
    /// The order is that of packaging tools: native code for components, `cp313`, `py313`, `py3`, `py312` and so on. Behind these come
    /// wheels with native code that is not needed: for this Python, `abi3` for it, for the one before it and so on; what machine they are for does not matter.
    pub fn rank(&self, environment: &Environment) -> Option<usize> {
        let minor = environment.minor();
        let pure = [format!("cp3{minor}"), format!("py3{minor}"), "py3".to_string()].into_iter();
        let pure = pure.chain((0..minor).rev().map(|minor| format!("py3{minor}")));
        let pure: Vec<(String, bool)> = pure.map(|tag| (tag, self.is_pure())).collect();
        let has_abi = |abi: &str| is_dispensable(&self.project) && self.abi.iter().any(|own| own == abi);
        let exact = format!("cp3{minor}");
        let native = std::iter::once((exact.clone(), has_abi(&exact)));
        let native = native.chain((0..=minor).rev().map(|minor| (format!("cp3{minor}"), has_abi("abi3"))));
        let own = std::iter::once((exact, self.is_for_components()));
        own.chain(pure)
            .chain(native)
            .position(|(tag, is_fitting)| is_fitting && self.python.contains(&tag))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rank(file: &str) -> Option<usize> {
        WheelName::parse(file)
            .unwrap()
            .rank(&Environment::of("3.13.9").unwrap())
    }

    #[test]
    fn the_parts_of_a_name() {
        let name = WheelName::parse("Typing_Extensions-4.15.0-1-py2.py3-none-any.whl").unwrap();
        assert_eq!(
            (name.project.as_str(), name.version.as_str()),
            ("typing-extensions", "4.15.0")
        );
        assert!(name.is_pure());
        for file in [
            "a-1.tar.gz",
            "a-1-py3-none.whl",
            "a-1-x-py3-none-any.whl",
            "a-1-2-3-py3-none-any.whl",
        ] {
            assert!(WheelName::parse(file).is_none(), "{file}");
        }
    }

    #[test]
    fn the_best_wheel_is_the_most_exact_pure_one() {
        assert_eq!(rank("a-1-cp313-cp313-wasi_0_0_0_wasm32.whl"), Some(0));
        assert_eq!(rank("a-1-cp313-none-any.whl"), Some(1));
        assert_eq!(rank("a-1-py2.py3-none-any.whl"), Some(3));
        assert!(rank("a-1-py38-none-any.whl") > rank("a-1-py312-none-any.whl"));
        for file in [
            "a-1-cp313-cp313-manylinux_2_17_x86_64.whl",
            "a-1-cp312-cp312-wasi_0_0_0_wasm32.whl",
            "a-1-py3-none-win_amd64.whl",
            "a-1-py2-none-any.whl",
            "a-1-py314-none-any.whl",
            "a-1-cp313-abi3-any.whl",
        ] {
            assert_eq!(rank(file), None, "{file}");
        }
    }

    #[test]
    fn native_code_that_is_not_needed_is_no_hindrance() {
        let of = |tags: &str| rank(&format!("MarkupSafe-3.0-{tags}.whl"));
        assert!(of("py2-none-any").is_none() && of("cp314-cp314-win_amd64").is_none());
        let (pure, exact) = (of("py30-none-any"), of("cp313-cp313-macosx_11_0_arm64"));
        assert!(pure.is_some() && pure < exact);
        assert!(exact < of("cp313-abi3-win_amd64") && of("cp313-abi3-win_amd64") < of("cp39-abi3-win_amd64"));
    }
}
