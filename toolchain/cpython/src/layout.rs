//! The parts of the output that are copied: headers, the standard library, the tests, the licences.

use crate::manifest::{Licence, Manifest, configuration};
use crate::{Error, generate, sysconfig};
use ampoule_action::{FileError, make_folder, read, write};
use std::collections::BTreeSet;
use std::path::Path;
use walkdir::WalkDir;

/// The header of libdeflate, whose decompressor is in the core for the guest.
const LIBDEFLATE_HEADER: &str = "libdeflate/libdeflate/libdeflate.h";

/// Writes the headers, with those of the core and the configuration.
pub fn headers(work: &Path, output: &Path) -> Result<(), Error> {
    let folder = output.join(ampoule_image::HEADERS);
    copy(&work.join("cpython/Include"), &folder, &BTreeSet::new())?;
    let source = work.join(LIBDEFLATE_HEADER);
    let bytes = read(&source)?;
    write(&output.join("include/libdeflate/libdeflate.h"), bytes)?;
    write(
        &folder.join("pyconfig.h"),
        generate::configuration_header(&configuration()),
    )?;
    Ok(())
}

/// Writes the modules in Python.
pub fn standard_library(manifest: &Manifest, work: &Path, output: &Path) -> Result<(), Error> {
    let folder = output.join(ampoule_image::STDLIB);
    let excluded = manifest.stdlib.excluded.iter().map(String::as_str).collect();
    copy(&work.join(&manifest.stdlib.folder), &folder, &excluded)?;
    write(
        &folder.join(sysconfig::file_name()),
        sysconfig::module(&configuration()),
    )?;
    Ok(())
}

/// Writes CPython's own tests.
pub fn tests(manifest: &Manifest, work: &Path, output: &Path) -> Result<(), Error> {
    copy(
        &work.join(&manifest.stdlib.tests),
        &output.join("test"),
        &BTreeSet::from(["__pycache__"]),
    )
}

/// Writes the licences.
pub fn licences(manifest: &Manifest, work: &Path, output: &Path) -> Result<(), Error> {
    for licence in &manifest.licence {
        write(
            &output.join("licenses").join(&licence.name),
            licence_text(licence, work)?,
        )?;
    }
    Ok(())
}

fn licence_text(licence: &Licence, work: &Path) -> Result<String, Error> {
    let path = work.join(&licence.source);
    let bytes = read(&path)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if !licence.comment {
        return Ok(text);
    }
    let comment = text
        .strip_prefix("/*")
        .and_then(|rest| rest.split_once("*/"))
        .map(|(comment, _)| comment);
    let comment = comment.ok_or_else(|| Error::NoLicence {
        file: licence.source.clone(),
    })?;
    let lines = comment
        .trim_end_matches('*')
        .lines()
        .map(|line| line.trim_start().trim_start_matches('*'));
    Ok(lines
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end().to_owned() + "\n")
        .collect())
}

/// Copies a folder without the files and folders, at any depth, that have an excluded name; no file of the copy is a program.
fn copy(from: &Path, to: &Path, excluded: &BTreeSet<&str>) -> Result<(), Error> {
    let entries = WalkDir::new(from)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| !entry.file_name().to_str().is_some_and(|name| excluded.contains(name)));
    for entry in entries {
        let entry = entry.map_err(FileError::reading(from))?;
        let target = to.join(entry.path().strip_prefix(from).unwrap_or(entry.path()));
        if entry.file_type().is_dir() {
            make_folder(&target)?;
        } else {
            write(&target, read(entry.path())?)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_the_first_comment() {
        let folder = tempfile::tempdir().unwrap();
        write(
            &folder.path().join("a.c"),
            "/*\n * Be kind.\n *\n * Always.\n */\nint main;\n",
        )
        .unwrap();
        let licence = Licence {
            name: "a.txt".into(),
            source: "a.c".into(),
            comment: true,
        };
        assert_eq!(
            licence_text(&licence, folder.path()).unwrap(),
            "\nBe kind.\n\nAlways.\n\n"
        );
    }

    #[test]
    fn excluded_names_are_left_out_at_any_depth() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        for file in ["a.py", "test/b.py", "c/test/d.py", "c/e.py"] {
            write(&from.join(file), "").unwrap();
        }
        let to = folder.path().join("to");
        copy(&from, &to, &BTreeSet::from(["test"])).unwrap();
        assert!(to.join("a.py").exists() && to.join("c/e.py").exists());
        assert!(!to.join("test").exists() && !to.join("c/test").exists());
    }
}
