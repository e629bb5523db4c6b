//! Compiles the guest runtime.

use crate::Error;
use ampoule_action::{FileError, absolute, parallel, read};
use ampoule_sdk::{Sdk, run};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const FLAGS: [&str; 12] = [
    "-c",
    "-std=c11",
    "-O2",
    "-DNDEBUG",
    "-fvisibility=hidden",
    "-fno-strict-aliasing",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-D_WASI_EMULATED_SIGNAL",
    "-iquote",
    ".",
];

/// The guest, compiled: objects for the base, and the side module of asynchronous worlds.
pub(crate) struct Guest {
    /// The objects' names in the work folder, in order.
    pub(crate) objects: Vec<PathBuf>,
    /// The side module.
    pub(crate) tasks: Vec<u8>,
}

/// Compiles all files into `work`, with the headers in the output of the cpython stage.
pub(crate) fn compile(sdk: &Sdk, cpython: &Path, work: &Path) -> Result<Guest, Error> {
    ampoule_guest::RUNTIME.extract(work).map_err(FileError::writing(work))?;
    let cpython = absolute(cpython)?;
    let compile = |units: &[&'static Path], flags: &[&str]| {
        let compile_one = |source: &&'static Path| compile_one(sdk, &cpython, work, source, flags);
        parallel::map(None, units, compile_one, |_, _| ())
    };
    let objects = compile(&ampoule_guest::units(), &[])?;
    let tasks = compile(&ampoule_guest::task_units(), &["-fPIC"])?;
    Ok(Guest {
        objects,
        tasks: link_tasks(sdk, work, &tasks)?,
    })
}

/// Compiles one file; gives the name of its object.
fn compile_one(
    sdk: &Sdk,
    cpython: &Path,
    work: &Path,
    source: &'static Path,
    flags: &[&str],
) -> Result<PathBuf, Error> {
    let object = source.with_extension("o");
    let mut arguments: Vec<OsString> = FLAGS.iter().chain(flags).map(Into::into).collect();
    arguments.push(format!("-DSTDLIB=L\"{}\"", ampoule_image::STDLIB_PATH).into());
    for folder in [ampoule_image::HEADERS, "include/libdeflate"] {
        arguments.extend(["-isystem".into(), cpython.join(folder).into()]);
    }
    arguments.extend([source.into(), "-o".into(), (&object).into()]);
    run(
        sdk.clang().command().current_dir(work).args(arguments),
        &format!("compiling the guest's {}", source.display()),
    )?;
    Ok(object)
}

fn link_tasks(sdk: &Sdk, work: &Path, objects: &[PathBuf]) -> Result<Vec<u8>, Error> {
    const OUTPUT: &str = "tasks.so";
    let mut command = sdk.side_module_linker().command();
    command.current_dir(work).arg("--strip-debug").args(objects);
    run(
        command.args(["-o", OUTPUT]),
        "linking the module of asynchronous worlds",
    )?;
    Ok(read(&work.join(OUTPUT))?)
}
