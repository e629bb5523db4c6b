//! Steps that generate sources.

use crate::Error;
use ampoule_action::{Console, parallel, write};
use ampoule_host::{Captured, Command, Files, HostConfiguration};
use ampoule_recipe::Step;
use serde_json::json;
use std::collections::BTreeMap;
use std::path::Path;

/// Where the generator finds the sources.
const SOURCES: &str = "/sources";

/// Where it finds what to do.
const STEP: &str = "/step.json";

/// Runs the steps one after another, and writes what each of them gives into the sources. Files of Cython are independent of each
/// other: they are compiled at the same time.
pub(crate) fn run(steps: &[Step], generator: &Command, sources: &Path, console: &Console) -> Result<(), Error> {
    let total = steps.len() as u64;
    for (done, step) in steps.iter().enumerate() {
        console.step("generating sources", done as u64, total);
        let parts = parts(step);
        let written = parallel::map(None, &parts, |part| run_one(part, generator, sources), |_, _| ())?;
        for (path, bytes) in written.into_iter().flatten() {
            write(&sources.join(path), bytes)?;
        }
    }
    Ok(())
}

/// A step as one for each file of Cython.
fn parts(step: &Step) -> Vec<Step> {
    let of_file = |file: &String| Step {
        cython: vec![file.clone()],
        ..step.clone()
    };
    match step.cython.as_slice() {
        [] => vec![step.clone()],
        files => files.iter().map(of_file).collect(),
    }
}

/// Runs a step; gives what it wrote, by paths in the sources.
fn run_one(step: &Step, generator: &Command, sources: &Path) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let mut files = Files::new().writable();
    files.add_disk_folder(SOURCES, sources, |_| true)?;
    files.add(STEP, instructions(step))?;
    files.add_folder("/tmp")?;
    let messages = Captured::new();
    let finished = generator.run(HostConfiguration {
        files,
        stdout: messages.sink(),
        stderr: messages.sink(),
        ..HostConfiguration::default()
    })?;
    if finished.code != 0 {
        return Err(Error::Step {
            step: step.title(),
            output: messages.take_text().trim_end().to_string(),
        });
    }
    let written = finished.files.written().into_iter();
    let written = written.filter(|(path, _)| !path.starts_with("/tmp/"));
    written.map(|(path, bytes)| Ok((below(&path, step)?, bytes))).collect()
}

/// What the generator is told.
fn instructions(step: &Step) -> Vec<u8> {
    let folder = |path: &str| match path {
        "" => SOURCES.to_string(),
        path => format!("{SOURCES}/{path}"),
    };
    let path: Vec<String> = step.path.iter().map(|path| folder(path)).collect();
    let script = step.script.as_deref().map(folder);
    let step = json!({
        "folder": folder(step.folder.as_deref().unwrap_or_default()),
        "path": path,
        "cython": step.cython,
        "script": script,
        "module": step.module,
        "python": step.python,
        "arguments": step.arguments,
    });
    step.to_string().into_bytes()
}

fn below(path: &str, step: &Step) -> Result<String, Error> {
    let below = path.strip_prefix(SOURCES).and_then(|path| path.strip_prefix('/'));
    below.map(str::to_string).ok_or_else(|| Error::Outside {
        step: step.title(),
        path: path.to_string(),
    })
}
