//! What the compiler has read for a source: its dependency file, in the syntax of make.

use crate::Error;
use ampoule_action::{FileError, absolute};
use std::path::{Component, Path, PathBuf};

/// Checks that a source includes only files of some folders: those are the inputs of the stage, and nothing else may change
/// what it gives. `file` is the compiler's dependency file, `folder` the one that it ran in.
///
/// # Errors
/// When the file cannot be read, or names a file that is in none of the folders.
pub(crate) fn check(source: &str, file: &Path, folder: &Path, allowed: &[&Path]) -> Result<(), Error> {
    let text = ampoule_action::read_text(file)?;
    let read = names(&text).into_iter().map(|name| normal(&folder.join(name)));
    let allowed = allowed.iter().map(|folder| Ok(normal(&absolute(folder)?)));
    let allowed = allowed.collect::<Result<Vec<PathBuf>, FileError>>()?;
    let is_allowed = |path: &PathBuf| allowed.iter().any(|folder| path.starts_with(folder));
    match read.into_iter().find(|path| !is_allowed(path)) {
        Some(included) => Err(Error::Outside {
            file: source.to_owned(),
            included,
        }),
        None => Ok(()),
    }
}

/// The names behind the colon. A backslash stands before a blank or a `#` in a name, and before a line's end; `$$` is a `$`.
fn names(text: &str) -> Vec<String> {
    let (mut names, mut name) = (Vec::new(), String::new());
    let (_, list) = text.split_once(": ").unwrap_or_default();
    let mut characters = list.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some(' ' | '#')) | ('$', Some('$')) => name.extend(characters.next()),
            ('\\', Some('\n')) | (' ' | '\n', _) => names.push(std::mem::take(&mut name)),
            _ => name.push(character),
        }
    }
    names.push(name);
    names.retain(|name| !name.is_empty());
    names
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => drop(normal.pop()),
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_from_a_rule_of_make() {
        let text = "/objects/0.o: src/a.c src/with\\ blank.h \\\n  src/../b.h src/c\\#d$$.h\n";
        assert_eq!(names(text), ["src/a.c", "src/with blank.h", "src/../b.h", "src/c#d$.h"]);
    }

    #[test]
    fn a_file_outside_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("0.d");
        std::fs::write(&file, "0.o: a/b.c a/../../secret.h\n").unwrap();
        let check = |allowed: &Path| check("a/b.c", &file, Path::new("/source"), &[allowed]);
        let error = check(Path::new("/source")).unwrap_err().to_string();
        assert!(error.contains("a/b.c") && error.contains("/secret.h"), "{error}");
        check(Path::new("/")).unwrap();
        // Folders are compared without the `..` in them, too.
        std::fs::write(&file, "0.o: a/b.c b.h\n").unwrap();
        super::check("a/b.c", &file, Path::new("/x/../source"), &[Path::new("/x/../source")]).unwrap();
    }
}
