//! Which files of the sources belong to the package.

use crate::inside;
use serde::Deserialize;
use std::fmt;

/// A folder of Python files and data, as they are imported: `from` is dropped from their paths.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PythonFiles {
    /// The folder, as `src`; the sources' own if there is none.
    #[serde(default)]
    pub from: String,
    /// Patterns of the files below it: `package/**`.
    pub include: Vec<Pattern>,
    /// Patterns of those that are left out. C, C++ and Cython sources are left out anyway.
    #[serde(default)]
    pub exclude: Vec<Pattern>,
}

/// A pattern of paths: `*` and `?` within a name, `**` for any folders.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(glob::Pattern);

impl TryFrom<String> for Pattern {
    type Error = String;

    fn try_from(text: String) -> Result<Pattern, String> {
        let pattern = glob::Pattern::new(&text).map_err(|error| format!("`{text}` is no pattern: {error}"));
        pattern.map(Pattern)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0.as_str())
    }
}

impl Pattern {
    /// Whether a path, with `/` between its parts, is one of those.
    pub fn matches(&self, path: &str) -> bool {
        let options = glob::MatchOptions {
            require_literal_separator: true,
            ..glob::MatchOptions::default()
        };
        self.0.matches_with(path, options)
    }
}

/// The ends of files that are for compilers.
const SOURCES: [&str; 10] = [
    ".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".pyx", ".pxi", ".pxd", ".src",
];

impl PythonFiles {
    /// Where a file of the sources is installed; none if it is not one of these.
    pub fn place<'p>(&self, path: &'p str) -> Option<&'p str> {
        let below = inside::below(&self.from, path)?;
        let is_source = SOURCES.iter().any(|end| below.ends_with(end));
        let matches = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(below));
        (!is_source && matches(&self.include) && !matches(&self.exclude)).then_some(below)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        match self.from.as_str() {
            "" => Ok(()),
            _ => inside::check([&self.from]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_choose_the_files() {
        let pattern = |text: &str| Pattern::try_from(text.to_string()).unwrap();
        let files = PythonFiles {
            from: "src".to_string(),
            include: vec![pattern("package/**")],
            exclude: vec![pattern("package/**/tests/**")],
        };
        assert_eq!(files.place("src/package/a.py"), Some("package/a.py"));
        assert_eq!(files.place("src/package/b/data.txt"), Some("package/b/data.txt"));
        for path in [
            "src/package/a.c",
            "src/package/tests/a.py",
            "src/package/b/tests/a.py",
            "package/a.py",
            "src/c.py",
        ] {
            assert_eq!(files.place(path), None, "{path}");
        }
        assert!(Pattern::try_from("a/**b".to_string()).is_err());
    }
}
