//! libc++ and libc++abi, compiled from the sources in clang's own package.
//!
//! The code is position-independent, so that it serves static programs and side modules alike, and has no exceptions, as in
//! wasi-sdk. The headers of both targets differ in sockets only, so one build serves both.

use crate::parts::{Parts, copy_to, write_to};
use crate::{Error, Sdk, Target};
use ampoule_action::{Console, parallel};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The sources of libc++abi that belong to code with exceptions.
const WITH_EXCEPTIONS: [&str; 3] = ["cxa_exception.cpp", "cxa_exception_storage.cpp", "cxa_personality.cpp"];

const FLAGS: [&str; 14] = [
    "-std=c++23",
    "-O2",
    "-DNDEBUG",
    "-fPIC",
    "-fno-exceptions",
    "-fvisibility=hidden",
    "-fvisibility-inlines-hidden",
    "-fvisibility-global-new-delete=force-hidden",
    "-nostdinc++",
    "-w",
    "-D_LIBCPP_BUILDING_LIBRARY",
    "-D_LIBCXXABI_BUILDING_LIBRARY",
    // libc++abi has the allocation operators and the exception classes, libc++ leaves them to it.
    "-DLIBCXX_BUILDING_LIBCXXABI",
    "-D_LIBCXXABI_USE_LLVM_UNWINDER=0",
];

/// An archive and the folders of its sources.
struct Library {
    name: &'static str,
    folders: &'static [&'static str],
}

const LIBRARIES: [Library; 2] = [
    Library {
        name: "libc++.a",
        folders: &["libcxx/src", "libcxx/src/filesystem", "libcxx/src/ryu"],
    },
    Library {
        name: "libc++abi.a",
        folders: &["libcxxabi/src"],
    },
];

/// Puts libc++'s headers into the sysroot, where clang finds them for every target.
pub(crate) fn install_headers(parts: &Parts, root: &Path) -> Result<(), Error> {
    let sources = parts.library_sources()?;
    let headers = headers(&root.join("share/wasi-sysroot"));
    for folder in ["libcxx/include", "libcxxabi/include"] {
        copy_folder(&sources.join(folder), &headers)?;
    }
    write_to(&headers.join("__config_site"), include_str!("cxx/__config_site"))?;
    // The package's copy of this header leaves out how the library is built and expects it on the command line.
    let config = headers.join("__config");
    let text = std::fs::read_to_string(&config).map_err(|error| Error::reading(&config, error))?;
    write_to(&config, &format!("#include <__config_site>\n{text}"))
}

/// Compiles the libraries and puts them into the sysroot of each target.
pub(crate) fn build(parts: &Parts, sdk: &Sdk, scratch: &Path, console: &Console) -> Result<(), Error> {
    let sources = parts.library_sources()?;
    let stub = scratch.join("copy_file_range.h");
    write_to(&stub, include_str!("cxx/copy_file_range.h"))?;
    let units = units(&sources, scratch)?;
    let compile_unit = |unit: &Unit| compile(sdk, &sources, &stub, unit);
    parallel::map(None, &units, compile_unit, |done, total| {
        console.step("compiling libc++", done, total)
    })?;
    for library in &LIBRARIES {
        let objects = units.iter().filter(|unit| unit.library == library.name);
        let archive = scratch.join(library.name);
        let mut command = sdk.ar().command();
        command.arg("rcsD").arg(&archive).args(objects.map(|unit| &unit.object));
        run(command, library.name)?;
        for target in Target::ALL {
            copy_to(&archive, &sdk.library_folder(target).join(library.name))?;
        }
    }
    Ok(())
}

fn headers(sysroot: &Path) -> PathBuf {
    sysroot.join("include/c++/v1")
}

/// A source and the object that comes of it.
struct Unit {
    library: &'static str,
    /// Relative to the folder of the sources.
    source: PathBuf,
    object: PathBuf,
}

/// The sources of all libraries, in the order in which they go into the archives.
fn units(sources: &Path, scratch: &Path) -> Result<Vec<Unit>, Error> {
    let mut units = Vec::new();
    for library in &LIBRARIES {
        let objects = scratch.join(library.name.trim_end_matches(".a"));
        std::fs::create_dir_all(&objects).map_err(|error| Error::writing(&objects, error))?;
        for folder in library.folders {
            for name in source_names(&sources.join(folder))? {
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

fn source_names(folder: &Path) -> Result<Vec<String>, Error> {
    let entries = std::fs::read_dir(folder).map_err(|error| Error::reading(folder, error))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut names: Vec<String> = names
        .filter(|name| name.ends_with(".cpp") && !WITH_EXCEPTIONS.contains(&name.as_str()))
        .collect();
    names.sort();
    Ok(names)
}

/// Compiles one source. Its path is relative and those of headers are mapped, so that no path of this machine gets into it.
fn compile(sdk: &Sdk, sources: &Path, stub: &Path, unit: &Unit) -> Result<(), Error> {
    let mut command = sdk.compiler(Target::Wasip2, true).command();
    command.current_dir(sources).args(FLAGS);
    command.arg(format!("-ffile-prefix-map={}=/sdk", sdk.root().display()));
    command.arg("-isystem").arg(headers(&sdk.sysroot()));
    command.args([
        "-Ilibcxx/src",
        "-Ilibcxx/src/include",
        "-Ilibcxx/libc",
        "-Ilibcxxabi/src",
    ]);
    if unit.source.ends_with("filesystem/operations.cpp") {
        command.arg("-include").arg(stub);
    }
    command.arg("-c").arg(&unit.source).arg("-o").arg(&unit.object);
    run(command, &unit.source.display().to_string())
}

fn run(mut command: Command, what: &str) -> Result<(), Error> {
    let program = PathBuf::from(command.get_program());
    let output = command.output().map_err(|error| Error::Running { program, error })?;
    if output.status.success() {
        return Ok(());
    }
    Err(Error::Compiling {
        what: what.to_string(),
        message: String::from_utf8_lossy(&output.stderr).trim().to_string(),
    })
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Error> {
    let entries = std::fs::read_dir(from).map_err(|error| Error::reading(from, error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Error::reading(from, error))?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_folder(&from, &to)?;
        } else {
            copy_to(&from, &to)?;
        }
    }
    Ok(())
}
