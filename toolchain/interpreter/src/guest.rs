//! Compiles the guest runtime.

use crate::Error;
use crate::work::run;
use ampoule_sdk::Sdk;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    let cpython = std::path::absolute(cpython).map_err(Error::reading(cpython))?;
    let folders = [ampoule_image::HEADERS, "include/libdeflate"].map(|folder| cpython.join(folder));
    let stdlib = format!("-DSTDLIB=L\"{}\"", ampoule_image::STDLIB_PATH);
    ampoule_guest::RUNTIME.extract(work).map_err(Error::writing(work))?;
    let compile_one = |source: &&'static Path| {
        let object = source.with_extension("o");
        let mut arguments: Vec<OsString> = FLAGS.iter().map(Into::into).collect();
        arguments.push((&stdlib).into());
        for folder in &folders {
            arguments.extend(["-isystem".into(), folder.into()]);
        }
        arguments.extend([(*source).into(), "-o".into(), (&object).into()]);
        run(
            &sdk.clang(),
            work,
            arguments,
            &format!("compiling the guest's {}", source.display()),
        )?;
        Ok(object)
    };
    in_parallel(&ampoule_guest::units(), compile_one)
}

/// Does the work for each item on all cores; the results keep the items' order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Result<R, Error> + Sync) -> Result<Vec<R>, Error> {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<Result<R, Error>>>> = items.iter().map(|_| Mutex::new(None)).collect();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { break };
                    *results[index].lock().expect("no worker panics with the lock") = Some(work(item));
                }
            });
        }
    });
    results
        .into_iter()
        .filter_map(|result| result.into_inner().expect("no worker panics with the lock"))
        .collect()
}
