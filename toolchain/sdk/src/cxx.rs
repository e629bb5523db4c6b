//! libc++ and libc++abi, compiled from the sources in clang's own package.
//!
//! The code is position-independent, so that it serves static programs and side modules alike, and has no exceptions, as in
//! wasi-sdk. The headers of both targets differ in sockets only, so one build serves both.

use crate::parts::Parts;
use crate::{Error, Sdk, Target, run};
use ampoule_action::{Console, Links, copy_file, copy_folder, make_folder, parallel, read_folder, read_text, write};
use std::path::{Path, PathBuf};

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
        copy_folder(&sources.join(folder), &headers, Links::Followed, |_| true)?;
    }
    write(&headers.join("__config_site"), include_str!("cxx/__config_site"))?;
    // The package's copy of this header leaves out how the library is built and expects it on the command line.
    let config = headers.join("__config");
    let text = read_text(&config)?;
    Ok(write(&config, format!("#include <__config_site>\n{text}"))?)
}

/// Compiles the libraries and puts them into the sysroot of each target.
pub(crate) fn build(parts: &Parts, sdk: &Sdk, scratch: &Path, console: &Console) -> Result<(), Error> {
    let sources = parts.library_sources()?;
    let stub = scratch.join("copy_file_range.h");
    write(&stub, include_str!("cxx/copy_file_range.h"))?;
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
        run(&mut command, &format!("making {}", library.name))?;
        for target in Target::ALL {
            copy_file(&archive, &sdk.library_folder(target).join(library.name))?;
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
        make_folder(&objects)?;
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
    let paths = read_folder(folder)?;
    let names = paths.iter().filter_map(|path| path.file_name()?.to_str());
    let names = names.filter(|name| name.ends_with(".cpp") && !WITH_EXCEPTIONS.contains(name));
    Ok(names.map(str::to_owned).collect())
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
    Ok(run(
        &mut command,
        &format!("compiling {} of libc++", unit.source.display()),
    )?)
}
