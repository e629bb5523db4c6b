//! Packages that are unpacked to one folder, as their own installers would.

use crate::Error;
use ampoule_action::{folder_of, make_folder, read_folder, rename};
use std::path::Path;

/// Moves all that is in a folder to another, beside what is there.
pub(crate) fn merge(from: &Path, to: &Path) -> Result<(), Error> {
    if !to.exists() && !to.is_symlink() {
        make_folder(folder_of(to))?;
        return Ok(rename(from, to)?);
    }
    if !is_folder(from) || !is_folder(to) {
        return Err(Error::Twice(to.to_path_buf()));
    }
    for path in read_folder(from)? {
        let name = path.file_name().expect("an entry has a name");
        merge(&path, &to.join(name))?;
    }
    Ok(())
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() && !path.is_symlink()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ampoule_action::write;

    #[test]
    fn folders_become_one_and_files_do_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        write(&path("a/lib/one"), "1").unwrap();
        write(&path("b/lib/two"), "2").unwrap();
        write(&path("c/lib/two"), "3").unwrap();
        for from in ["a", "b"] {
            merge(&path(from), &path("all")).unwrap();
        }
        assert_eq!(std::fs::read_dir(path("all/lib")).unwrap().count(), 2);
        let error = merge(&path("c"), &path("all")).unwrap_err().to_string();
        assert!(
            error.ends_with("all/lib/two is in more than one of the packages"),
            "{error}"
        );
    }
}
