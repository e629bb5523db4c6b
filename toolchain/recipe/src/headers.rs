//! Headers that packages give to each other.

use crate::{Pattern, inside};
use serde::Deserialize;

/// Files that other packages are compiled with: headers of C, declarations of Cython.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Headers {
    /// The folder that they are below; the sources' own if there is none.
    #[serde(default)]
    pub from: String,
    /// The folder that takes its place, where they are given.
    #[serde(default)]
    pub to: String,
    /// Patterns of the files.
    pub include: Vec<Pattern>,
}

impl Headers {
    /// Where a file of the sources is given; none if it is not one of these.
    pub fn place(&self, path: &str) -> Option<String> {
        let below = inside::below(&self.from, path)?;
        let is_wanted = self.include.iter().any(|pattern| pattern.matches(below));
        is_wanted.then(|| match self.to.as_str() {
            "" => below.to_string(),
            to => format!("{to}/{below}"),
        })
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        let folders = [&self.from, &self.to].into_iter();
        inside::check(folders.filter(|folder| !folder.is_empty()))
    }
}

/// A package whose headers are needed: they are then in a folder of its name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Need {
    /// The package's normalised name.
    pub package: String,
    /// One of the versions that its recipe was tried with: that of the lock is of no account, so that a wheel is the same in all.
    pub version: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_have_places_of_their_own() {
        let text = "from = 'generated'\nto = 'include/a'\ninclude = ['*.h']";
        let headers: Headers = toml::from_str(text).unwrap();
        assert_eq!(headers.place("generated/api.h").as_deref(), Some("include/a/api.h"));
        assert_eq!(headers.place("generated/deep/api.h"), None);
        assert_eq!(headers.place("api.h"), None);
        let leaving: Headers = toml::from_str("to = '../a'\ninclude = ['*.h']").unwrap();
        assert!(headers.check().is_ok() && leaving.check().is_err());
    }
}
