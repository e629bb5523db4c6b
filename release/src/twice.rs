//! The release made twice, in different folders and from nothing, and compared.

use crate::make::{Make, make};
use crate::{Error, sums};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Makes a release twice, compares all bytes, and keeps the first; gives the names of its files.
///
/// # Errors
/// When a step fails, or the two differ; the output's folder is not there then.
pub fn twice(how: &Make) -> Result<Vec<String>, Error> {
    let mut again = how.clone();
    again.output = beside(&how.output, "-again/in-another-folder");
    let names = make(how)?;
    let compared = make(&again).and_then(|_| compare(&how.output, &again.output));
    let removed = ampoule_action::remove(again.output.parent().expect("the folder is in another"));
    if let Err(error) = compared {
        ampoule_action::remove(&how.output)?;
        return Err(error);
    }
    removed?;
    Ok(names)
}

/// Compares two releases byte by byte.
///
/// # Errors
/// When a file is missing in either or differs; the error names all of them.
pub fn compare(one: &Path, other: &Path) -> Result<(), Error> {
    let mut differing = Vec::new();
    let mut names: BTreeSet<String> = sums::files(one)?.into_iter().chain(sums::files(other)?).collect();
    names.insert(sums::NAME.to_string());
    for name in names {
        let same = match (std::fs::read(one.join(&name)), std::fs::read(other.join(&name))) {
            (Ok(first), Ok(second)) => first == second,
            _ => false,
        };
        if !same {
            differing.push(name);
        }
    }
    if differing.is_empty() {
        Ok(())
    } else {
        Err(Error::Differs { names: differing })
    }
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        folder
    }

    #[test]
    fn what_differs_is_named() {
        let sums = ("SHA256SUMS", "");
        let one = release(&[sums, ("same", "1"), ("other", "1"), ("lost", "1")]);
        let other = release(&[sums, ("same", "1"), ("other", "2"), ("new", "1")]);
        let error = compare(one.path(), other.path()).unwrap_err().to_string();
        assert!(error.contains("lost, new, other"), "{error}");
        assert!(!error.contains("same"), "{error}");
        compare(one.path(), one.path()).unwrap();
    }
}
