//! The patterns of what is left out.

use crate::Error;
use glob::{MatchOptions, Pattern};

/// `*` stays in a name, and `**` does not; a dot at the start of a name is like any other character.
const OPTIONS: MatchOptions = MatchOptions {
    case_sensitive: true,
    require_literal_separator: true,
    require_literal_leading_dot: false,
};

/// Patterns of files and folders in the folders of the Python path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns {
    /// Without a `/`: of names, wherever they are.
    names: Vec<Pattern>,
    /// With one: of paths below a folder of the Python path.
    paths: Vec<Pattern>,
}

impl Patterns {
    /// Reads patterns.
    ///
    /// # Errors
    /// When one is not well-formed.
    pub(crate) fn new(texts: &[String]) -> Result<Patterns, Error> {
        let mut patterns = Patterns::default();
        for text in texts {
            let tidy = text.trim_start_matches("./").trim_end_matches('/');
            let pattern = Pattern::new(tidy.trim_start_matches('/')).map_err(|error| Error::Pattern {
                pattern: text.clone(),
                reason: error.msg,
            })?;
            if tidy.contains('/') {
                patterns.paths.push(pattern);
            } else {
                patterns.names.push(pattern);
            }
        }
        Ok(patterns)
    }

    /// Whether a file or folder is left out by its own name or path, which has `/` between its names.
    pub(crate) fn fit(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let fits =
            |patterns: &[Pattern], text: &str| patterns.iter().any(|pattern| pattern.matches_with(text, OPTIONS));
        fits(&self.names, name) || fits(&self.paths, path)
    }

    /// Whether a file is left out by its own path, or with a folder that it is in.
    pub(crate) fn fit_above(&self, path: &str) -> bool {
        let ends = path.match_indices('/').map(|(end, _)| end).chain([path.len()]);
        ends.into_iter().any(|end| self.fit(&path[..end]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_anywhere_and_paths_from_the_folder_on() {
        let texts = ["*.pem", "tests/", "/data/raw", "./docs/*.md", "a/**/z.txt"].map(String::from);
        let patterns = Patterns::new(&texts).unwrap();
        for path in [
            "key.pem",
            "deep/.pem",
            "tests",
            "a/tests",
            "data/raw",
            "docs/a.md",
            "a/z.txt",
            "a/b/c/z.txt",
        ] {
            assert!(patterns.fit(path), "{path}");
        }
        for path in [
            "pem",
            "tests.py",
            "data",
            "other/data/raw",
            "docs/deep/a.md",
            "z.txt",
            "b/z.txt",
        ] {
            assert!(!patterns.fit(path), "{path}");
        }
        assert!(patterns.fit_above("a/tests/b/c.py") && !patterns.fit_above("a/b/c.py"));
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        let error = Patterns::new(&["a[b".to_string()]).unwrap_err().to_string();
        assert!(error.contains("`a[b`"), "{error}");
    }
}
