//! Changes of the sources, and files that are written.

use crate::Error;
use ampoule_action::{read_text, write};
use ampoule_recipe::{Patch, Recipe};
use std::path::Path;

/// Makes the changes that a recipe names, then writes its files.
///
/// # Errors
/// When a text that is to be changed is not there once: the version has moved on.
pub(crate) fn apply(recipe: &Recipe, file: &Path, sources: &Path) -> Result<(), Error> {
    for patch in &recipe.patches {
        change(patch, file, sources)?;
    }
    for (path, content) in &recipe.files {
        write(&sources.join(path), content)?;
    }
    Ok(())
}

fn change(patch: &Patch, recipe: &Path, sources: &Path) -> Result<(), Error> {
    let path = sources.join(&patch.file);
    let text = read_text(&path)?;
    match text.matches(&patch.from).count() {
        1 => Ok(write(&path, text.replacen(&patch.from, &patch.to, 1))?),
        found => Err(Error::Patch {
            recipe: recipe.to_path_buf(),
            path: patch.file.clone(),
            reason: patch.reason.clone(),
            found,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(source: &str) -> Result<String, Error> {
        let recipe = Recipe::parse(
            "package = 'a'\nversions = '==1'\npython = []\n[files]\n'config/b.h' = '#define B'\n\
             [[patches]]\nfile = 'a.c'\nfrom = 'one'\nto = 'two'\nreason = 'it is two'\n",
        );
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("a.c"), source).unwrap();
        apply(&recipe.unwrap(), Path::new("a.toml"), folder.path())?;
        assert_eq!(read_text(&folder.path().join("config/b.h")).unwrap(), "#define B");
        Ok(read_text(&folder.path().join("a.c")).unwrap())
    }

    #[test]
    fn what_is_changed_is_there_once() {
        assert_eq!(applied("int one;").unwrap(), "int two;");
        for source in ["int zero;", "int one, one_more;"] {
            let error = applied(source).unwrap_err().to_string();
            assert!(
                error.contains("a.toml: the patch of a.c (it is two) does not fit"),
                "{error}"
            );
        }
    }
}
