//! Native code for other systems, as wheels have it, and the packages whose native modules are speedups that they do without.

/// Their names, which `nix/wheels.nix` reads too.
const LIST: &str = include_str!("speedups.txt");

/// Whether a package, given by its normalised name, works without its native modules.
pub fn is_dispensable(project: &str) -> bool {
    LIST.lines().any(|line| line == project)
}

/// Whether a file of a wheel is native code: an extension module, or a library that comes with one.
pub fn is_native(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    [".so", ".pyd", ".dylib", ".dll"].iter().any(|end| name.ends_with(end)) || name.contains(".so.")
}

/// A distribution's name as indexes and package URLs have it: lower case, with a hyphen for each run of hyphens, underscores and dots (PEP 503).
pub fn normalised(name: &str) -> String {
    let words: Vec<&str> = name.split(['-', '_', '.']).filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_files_are_known_by_their_names() {
        for file in [
            "a/_x.cpython-313-x86_64-linux-gnu.so",
            "a/_x.cp313-win_amd64.pyd",
            "a.libs/libyaml.so.0.2",
        ] {
            assert!(is_native(file), "{file}");
        }
        assert!(!is_native("a/so.py") && !is_native("a/_x.c"));
        assert!(is_dispensable("markupsafe") && !is_dispensable("numpy"));
        assert!(!is_dispensable("") && !is_dispensable("# Packages"));
    }
    #[test]
    fn a_project_is_looked_up_by_its_normalised_name() {
        assert_eq!(normalised("Foo._-Bar"), "foo-bar");
    }
}
