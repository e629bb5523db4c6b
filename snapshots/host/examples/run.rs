//! Runs a wasip2 core program with a folder as its file system: `run PROGRAM [FOLDER [ARGUMENT...]]`.

use ampoule_host::{Files, HostConfiguration, Sink, run_command};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("which program?")?;
    let mut files = Files::new().writable();
    if let Some(folder) = arguments.next() {
        files.add_disk_folder("/", Path::new(&folder), |_| true)?;
    }
    let finished = run_command(
        &std::fs::read(&program)?,
        HostConfiguration {
            files,
            arguments: std::iter::once("program".to_owned()).chain(arguments).collect(),
            stdout: writer(std::io::stdout()),
            stderr: writer(std::io::stderr()),
            ..HostConfiguration::default()
        },
    )?;
    for (path, bytes) in finished.files.written() {
        eprintln!("wrote {path}: {} bytes", bytes.len());
    }
    Ok(ExitCode::from(finished.code))
}

fn writer(mut stream: impl Write + Send + 'static) -> Sink {
    Box::new(move |bytes| {
        let _ = stream.write_all(bytes);
    })
}
