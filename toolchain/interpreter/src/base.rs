//! Links CPython's core, the guest runtime and the C library into one static module that side modules can be linked to.

use crate::Error;
use ampoule_action::{absolute, read};
use ampoule_sdk::{Sdk, Target, run};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The stack in linear memory.
const STACK_SIZE: &str = "stack-size=4194304";

const LIBRARIES: [&str; 6] = [
    // Before the C library, whose own `strtold` and `printf("%Lf")` say that they cannot and abort.
    "-lc-printscan-long-double",
    "-lwasi-emulated-signal",
    "-lwasi-emulated-getpid",
    "-lwasi-emulated-process-clocks",
    "-lm",
    "-lc",
];

/// Links `base.wasm` in `work`; gives its bytes.
///
/// All default-visible symbols are exported (the C API, the guest's API), and of the C library what the list of the
/// cpython stage names.
pub(crate) fn link(sdk: &Sdk, cpython: &Path, objects: &[PathBuf], work: &Path) -> Result<Vec<u8>, Error> {
    let core = absolute(&cpython.join("lib").join(ampoule_image::CORE_ARCHIVE))?;
    let libraries = sdk.library_folder(Target::Wasip2);
    let mut arguments: Vec<OsString> = [
        "--no-entry",
        "--export-dynamic",
        "--export-table",
        "--growable-table",
        "--export=__stack_pointer",
        "--stack-first",
        "-z",
        STACK_SIZE,
        // The guest's `whole.c`.
        "--wrap=write",
        "--wrap=read",
        "--wrap=pread",
        "--wrap=chdir",
        "--wrap=__wasilibc_find_relpath_alloc",
        // The guest's `connecting.c`.
        "--wrap=connect",
        "--wrap=__wasilibc_map_socket_error",
        "--strip-debug",
        "-o",
        "base.wasm",
    ]
    .map(OsString::from)
    .into();
    arguments.push(absolute(&libraries.join("crt1-reactor.o"))?.into());
    arguments.extend(exported_names(&cpython.join("lib/exports.txt"))?);
    arguments.extend(objects.iter().map(OsString::from));
    arguments.extend(["--whole-archive".into(), core.into(), "--no-whole-archive".into()]);
    arguments.push(joined("-L", &absolute(&libraries)?));
    arguments.extend(LIBRARIES.map(OsString::from));
    arguments.push(absolute(&sdk.builtins(Target::Wasip2))?.into());
    run(
        sdk.wasm_ld().command().current_dir(work).args(arguments),
        "linking the interpreter",
    )?;
    Ok(read(&work.join("base.wasm"))?)
}

/// A flag for each name of the list: one in a line.
fn exported_names(list: &Path) -> Result<Vec<OsString>, Error> {
    let text = String::from_utf8(read(list)?).map_err(|_| Error::Input {
        path: list.to_path_buf(),
        reason: "it is not a list of names".to_owned(),
    })?;
    Ok(text.lines().map(|name| format!("--export={name}").into()).collect())
}

fn joined(flag: &str, path: &Path) -> OsString {
    let mut argument = OsString::from(flag);
    argument.push(path);
    argument
}
