//! The libraries, and their sources.

use crate::Error;
use ampoule_action::{make_folder, read_folder};
use std::path::{Path, PathBuf};

/// An archive and the folders of its sources.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    folders: &'static [&'static str],
    /// The one source of the folder that it is made of; else all that are in C++.
    only: Option<&'static str>,
    only_with_exceptions: bool,
}

const LIBRARIES: [Library; 3] = [
    Library {
        name: "libc++.a",
        folders: &["libcxx/src", "libcxx/src/filesystem", "libcxx/src/ryu"],
        only: None,
        only_with_exceptions: false,
    },
    Library {
        name: "libc++abi.a",
        folders: &["libcxxabi/src"],
        only: None,
        only_with_exceptions: false,
    },
    Library {
        name: "libunwind.a",
        folders: &["libunwind/src"],
        only: Some("Unwind-wasm.c"),
        only_with_exceptions: true,
    },
];

/// The libraries that code with or without exceptions has.
pub(crate) fn libraries(exceptions: bool) -> impl Iterator<Item = &'static Library> {
    let libraries = LIBRARIES.iter();
    libraries.filter(move |library| exceptions || !library.only_with_exceptions)
}

/// The source of what is kept of the exceptions that are under way: Ampoule's interpreter has it, one for all side modules.
const STORAGE: &str = "cxa_exception_storage.cpp";

/// The sources of libc++abi that belong to code with exceptions.
const WITH_EXCEPTIONS: [&str; 2] = ["cxa_exception.cpp", "cxa_personality.cpp"];

/// Those that belong to code without.
const WITHOUT_EXCEPTIONS: [&str; 1] = ["cxa_noexception.cpp"];

/// A source and the object that comes of it.
pub(crate) struct Unit {
    pub(crate) library: &'static str,
    /// Relative to the folder of the sources.
    pub(crate) source: PathBuf,
    pub(crate) object: PathBuf,
}

/// The sources of all libraries, in the order in which they go into the archives.
pub(crate) fn units(sources: &Path, scratch: &Path, exceptions: bool) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for library in libraries(exceptions) {
        let objects = scratch.join(library.name.trim_end_matches(".a"));
        make_folder(&objects)?;
        for folder in library.folders {
            for name in library.source_names(&sources.join(folder), exceptions)? {
                units.push(Unit {
                    library: library.name,
                    source: Path::new(folder).join(&name),
                    object: objects.join(format!("{name}.o")),
                });
            }
        }
    }
    Ok(units)
}

impl Library {
    fn source_names(&self, folder: &Path, exceptions: bool) -> Result<Vec<String>, Error> {
        let paths = read_folder(folder)?;
        let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
        let others: &[&str] = if exceptions {
            &WITHOUT_EXCEPTIONS
        } else {
            &WITH_EXCEPTIONS
        };
        let is_source = |name: &&str| match self.only {
            Some(only) => *name == only,
            None => name.ends_with(".cpp") && *name != STORAGE && !others.contains(name),
        };
        Ok(names.filter(is_source).map(str::to_owned).collect())
    }
}
