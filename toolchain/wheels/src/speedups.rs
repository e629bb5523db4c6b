//! Packages whose native modules are speedups that they do without.

/// Their names, which `nix/wheels.nix` reads too.
const LIST: &str = include_str!("speedups.txt");

/// Whether a package, given by its normalised name, works without its native modules.
pub(crate) fn are_all_native_modules_of(project: &str) -> bool {
    LIST.lines().any(|line| line == project)
}

/// Whether a file of a wheel is native code: an extension module, or a library that comes with one.
pub(crate) fn is_native(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or(file);
    [".so", ".pyd", ".dylib", ".dll"].iter().any(|end| name.ends_with(end)) || name.contains(".so.")
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
        assert!(are_all_native_modules_of("markupsafe") && !are_all_native_modules_of("numpy"));
        assert!(!are_all_native_modules_of("") && !are_all_native_modules_of("# Packages"));
    }
}
