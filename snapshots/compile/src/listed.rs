//! Files that are named one by one, with their places in the image: what a build system knows them by.

use crate::Error;
use crate::exclude::Patterns;
use crate::sources::{SourceFile, Sources};
use ampoule_native::{is_dispensable, is_native, normalised};
use ampoule_settings::CompileSettings;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

/// Reads a list with `IMAGE_PATH=FILE` on each line, such as `/app/helper.py=source/helper.py`.
///
/// A place holds no `=`; a file may. The files may be in any order. Those that a walk through the folders would leave out are left out here, too,
/// and native code of packages that do without. `provided` are modules that are compiled for the component.
///
/// # Errors
/// When the list cannot be read, a line is not of this form, a place is given twice, a pattern of the settings is none, or a file is
/// native code for another system.
pub(crate) fn read(list: &Path, provided: &[&str], settings: &CompileSettings) -> Result<Sources, Error> {
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
    leave_out_native(&mut sources.files, provided)?;
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

/// Leaves out native code that its package does without, or that is compiled for the component instead. What else there is would be
/// that of the system that builds, so that the component depended on it.
fn leave_out_native(files: &mut Vec<SourceFile>, provided: &[&str]) -> Result<(), Error> {
    let without: BTreeSet<String> = files.iter().filter_map(|file| folder_without(&file.image)).collect();
    let is_foreign = |file: &SourceFile| is_native(&file.image) && !is_wasm(&file.disk);
    let is_needless = |file: &SourceFile| {
        provided.contains(&module_of(&file.image).as_str())
            || without.iter().any(|folder| file.image.starts_with(folder.as_str()))
    };
    files.retain(|file| !(is_foreign(file) && is_needless(file)));
    match files.iter().find(|file| is_foreign(file)) {
        Some(file) => Err(Error::Native(file.disk.clone())),
        None => Ok(()),
    }
}

/// The folder of the Python path, with `/` behind it, of a file that is the metadata of a package which does without its native code:
/// `/app1/` for `/app1/markupsafe-3.0.2.dist-info/WHEEL`.
fn folder_without(image: &str) -> Option<String> {
    let (folder, below) = image.strip_prefix('/')?.split_once('/')?;
    let (name, _) = below.split_once('/')?.0.strip_suffix(".dist-info")?.split_once('-')?;
    is_dispensable(&normalised(name)).then(|| format!("/{folder}/"))
}

/// The name by which Python imports the module in a file: `package._module` for `/app1/package/_module.abi3.so`.
fn module_of(image: &str) -> String {
    let below = image.splitn(3, '/').nth(2).unwrap_or_default();
    let (package, file) = below.rsplit_once('/').unwrap_or(("", below));
    let stem = file.split('.').next().unwrap_or_default();
    format!("{package}/{stem}").trim_start_matches('/').replace('/', ".")
}

/// Whether a file is WebAssembly, by its first bytes.
fn is_wasm(path: &Path) -> bool {
    let mut start = [0; 4];
    std::fs::File::open(path).is_ok_and(|mut file| file.read_exact(&mut start).is_ok()) && start == *b"\0asm"
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
        read(file.path(), &["c._fast"], &CompileSettings::default()).map_err(|error| error.to_string())
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
    #[test]
    fn native_code_is_left_out_or_refused() {
        let left = sources(
            "/app/a.py=a.py\n/app/c/_fast.cpython-313-x86_64-linux-gnu.so=f.so\n/app1/markupsafe/_speedups.abi3.so=s.so\n\
             /app1/MarkupSafe-3.0.2.dist-info/WHEEL=WHEEL\n",
        );
        let left: Vec<String> = left.unwrap().files.into_iter().map(|file| file.image).collect();
        assert_eq!(left, ["/app/a.py", "/app1/MarkupSafe-3.0.2.dist-info/WHEEL"]);
        for list in [
            "/app/markupsafe/_speedups.so=wheels/_speedups.so",
            "/app/numpy-2.0.dist-info/WHEEL=w\n/app/numpy/core.pyd=wheels/_speedups.so",
            "/app/d/c/_fast.so=wheels/_speedups.so",
        ] {
            let error = sources(list).unwrap_err();
            assert!(
                error.starts_with("wheels/_speedups.so is native code") && error.contains("py_wasm_extension"),
                "{error}"
            );
        }
        let module = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(module.path(), b"\0asm\x01\0\0\0").unwrap();
        let own = sources(&format!("/app/own.so={}", module.path().display()));
        assert_eq!(own.unwrap().files.len(), 1);
    }
}
