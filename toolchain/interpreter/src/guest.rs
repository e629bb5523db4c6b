//! Compiles the guest runtime.

use crate::Error;
use ampoule_action::{FileError, absolute, parallel};
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

/// Compiles all files into `work`, with the headers in the output of the cpython stage; gives the objects' names there, in order.
pub(crate) fn compile(sdk: &Sdk, cpython: &Path, work: &Path) -> Result<Vec<PathBuf>, Error> {
    let cpython = absolute(cpython)?;
    let folders = [ampoule_image::HEADERS, "include/libdeflate"].map(|folder| cpython.join(folder));
    let stdlib = format!("-DSTDLIB=L\"{}\"", ampoule_image::STDLIB_PATH);
    ampoule_guest::RUNTIME.extract(work).map_err(FileError::writing(work))?;
    let compile_one = |source: &&'static Path| {
        let object = source.with_extension("o");
        let mut arguments: Vec<OsString> = FLAGS.iter().map(Into::into).collect();
        arguments.push((&stdlib).into());
        for folder in &folders {
            arguments.extend(["-isystem".into(), folder.into()]);
        }
        arguments.extend([(*source).into(), "-o".into(), (&object).into()]);
        run(
            sdk.clang().command().current_dir(work).args(arguments),
            &format!("compiling the guest's {}", source.display()),
        )?;
        Ok::<_, Error>(object)
    };
    parallel::map(None, &ampoule_guest::units(), compile_one, |_, _| ())
}
