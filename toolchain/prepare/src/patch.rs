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
