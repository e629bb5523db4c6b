//! Freezing: the code of modules in Python becomes C headers, by CPython's own compiler in a deterministic host.

use crate::Error;
use crate::generate::frozen_header;
use crate::manifest::{Frozen, Manifest};
use crate::tools::Tools;
use ampoule_action::{read, write};
use ampoule_host::{Captured, Command, Files, HostConfiguration};
use std::path::Path;

/// Where the freezer is linked to, below the work folder.
const PROGRAM: &str = "objects/freezer.wasm";

/// Links the freezer from its objects and writes the headers of all frozen modules.
pub fn freeze(manifest: &Manifest, tools: &Tools, work: &Path, objects: &[String]) -> Result<(), Error> {
    tools.link_static("crt1-command.o", objects, &manifest.link, PROGRAM)?;
    let path = work.join(PROGRAM);
    let program = Command::compile(&read(&path)?)?;
    for frozen in &manifest.frozen {
        let header = run(&program, work, frozen)?;
        let path = work.join("generated").join(frozen_header(&frozen.module));
        write(&path, header)?;
    }
    Ok(())
}

/// Runs the freezer once: it knows nothing but the one module.
fn run(program: &Command, work: &Path, frozen: &Frozen) -> Result<Vec<u8>, Error> {
    let source = work.join(&frozen.source);
    let mut files = Files::new().writable();
    files.add("/module.py", read(&source)?)?;
    let output = Captured::new();
    let finished = program.run(HostConfiguration {
        files,
        arguments: ["freezer", &frozen.module, "/module.py", "/module.h"]
            .map(str::to_owned)
            .into(),
        stdout: output.sink(),
        stderr: output.sink(),
        ..HostConfiguration::default()
    })?;
    match finished.files.read("/module.h") {
        Some(header) if finished.code == 0 => Ok(header?),
        _ => Err(Error::Freeze {
            module: frozen.module.clone(),
            output: output.take_text(),
        }),
    }
}
