//! Files that are named one by one, with their places in the image: what a build system knows them by.

use crate::Error;
use crate::exclude::Patterns;
use crate::sources::{SourceFile, Sources};
use ampoule_settings::CompileSettings;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Reads a list with `IMAGE_PATH=FILE` on each line, such as `/app/helper.py=source/helper.py`.
///
/// A place holds no `=`; a file may. The files may be in any order. Those that a walk through the folders would leave out are left out here, too.
///
/// # Errors
/// When the list cannot be read, a line is not of this form, a place is given twice, or a pattern of the settings is none.
pub(crate) fn read(list: &Path, settings: &CompileSettings) -> Result<Sources, Error> {
    let exclude = Patterns::new(&settings.exclude)?;
    let text = ampoule_action::read_text(list)?;
    let mut sources = Sources::default();
    let mut folders = 1;
    for line in text.lines() {
        let refused = |reason: &'static str| Error::Listed {
            list: list.to_path_buf(),
            line: line.to_string(),
            reason,
        };
        let (image, disk) = line
            .split_once('=')
            .ok_or_else(|| refused("it is not of the form IMAGE_PATH=FILE"))?;
        let position = folder_position(image)
            .ok_or_else(|| refused("the place is not a path below /app, /app1, /app2 and so on"))?;
        folders = folders.max(position + 1);
        let below = image.splitn(3, '/').nth(2).unwrap_or_default();
        if !image.split('/').any(is_name_left_out) && !exclude.fit_above(below) {
            sources.files.push(SourceFile {
                image: image.to_string(),
                disk: PathBuf::from(disk),
            });
        }
    }
    sort(list, &mut sources.files)?;
    sources.folders = (0..folders).map(ampoule_image::app_path).collect();
    Ok(sources)
}

/// The position on the Python path of the folder that a place is in: 0 for `/app/...`, 2 for `/app2/...`.
fn folder_position(image: &str) -> Option<usize> {
    let (folder, below) = image.strip_prefix('/')?.split_once('/')?;
    let is_path = below.split('/').all(|name| !matches!(name, "" | "." | ".."));
    ampoule_image::app_position(&format!("/{folder}")).filter(|_| is_path)
}

/// The order in which a walk through the folders would find the files: folder by folder, and in each by the names on the way.
fn sort(list: &Path, files: &mut [SourceFile]) -> Result<(), Error> {
    let key = |file: &SourceFile| {
        let names: Vec<_> = file.image.split('/').skip(2).map(str::to_string).collect();
        (folder_position(&file.image), names)
    };
    files.sort_by_cached_key(key);
    let mut places = BTreeSet::new();
    match files.iter().find(|file| !places.insert(&file.image)) {
        None => Ok(()),
        Some(file) => Err(Error::Listed {
            list: list.to_path_buf(),
            line: format!("{}={}", file.image, file.disk.display()),
            reason: "another file has this place already",
        }),
    }
}

/// What no app imports, by the name of a file or of a folder above it: hidden files, bytecode, node's packages.
pub(crate) fn is_name_left_out(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "__pycache__" | "node_modules") || name.ends_with(".pyc")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(list: &str) -> Result<Sources, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), list).unwrap();
        read(file.path(), &CompileSettings::default()).map_err(|error| error.to_string())
    }

    #[test]
    fn the_files_are_those_of_a_walk_in_the_same_order() {
        let folders = tempfile::tempdir().unwrap();
        let names = [
            "one/app.py",
            "one/a/b.py",
            "one/a.b/c.py",
            "one/.hidden/d.py",
            "two/__pycache__/e.py",
            "two/f.txt",
        ];
        let mut list = String::new();
        for name in names {
            let path = folders.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, "").unwrap();
            let place = name.replace("one/", "/app/").replace("two/", "/app1/");
            list.insert_str(0, &format!("{place}={}\n", path.display()));
        }
        let paths = ["one", "two"].map(|name| folders.path().join(name));
        let walked = Sources::list(&paths, &[], &CompileSettings::default()).unwrap();
        let listed = sources(&list).unwrap();
        assert_eq!(listed.files, walked.files);
        assert_eq!(listed.folders, walked.folders);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (list, reason) in [
            ("/app/a.py", "IMAGE_PATH=FILE"),
            ("app/a.py=a.py", "below /app"),
            ("/app=a.py", "below /app"),
            ("/app01/a.py=a.py", "below /app"),
            ("/app/../a.py=a.py", "below /app"),
            ("/application/a.py=a.py", "below /app"),
            ("/app/a.py=a.py\n/app/a.py=b.py", "another file"),
        ] {
            assert!(sources(list).unwrap_err().contains(reason), "{list}");
        }
    }
}
