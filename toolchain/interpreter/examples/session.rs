//! Runs Python in a base: `session BASE.wasm FOLDER=/PATH... -- SOURCE...`; each source is executed in turn.

use ampoule_host::{Files, HostConfiguration, Python, Sink, engine, on_large_stack, precompile};
use std::error::Error;
use std::io::Write;
use std::path::Path;
use std::time::Instant;
use wasmtime::Module;

fn main() -> Result<(), Box<dyn Error>> {
    on_large_stack(session)?.map_err(|error| error as Box<dyn Error>)
}

fn session() -> Result<(), Box<dyn Error + Send + Sync>> {
    let mut arguments = std::env::args().skip(1);
    let base = arguments.next().ok_or("which base?")?;
    let module = load(Path::new(&base))?;
    let mut files = Files::new();
    for argument in arguments.by_ref().take_while(|argument| argument != "--") {
        let (folder, path) = argument.split_once('=').ok_or("expected FOLDER=/PATH")?;
        files.add_disk_folder(path, Path::new(folder), |_| true)?;
    }
    let configuration = HostConfiguration {
        files,
        stdout: writer(std::io::stdout()),
        stderr: writer(std::io::stderr()),
        ..HostConfiguration::default()
    };
    let mut interpreter = Python::new(&module, configuration)?;
    timed("initialize", || interpreter.initialize(0))?;
    eprintln!(
        "memory: {} KB",
        interpreter.memory()?.data_size(&interpreter.store) / 1024
    );
    let layout = Path::new(&base).with_file_name("layout.json");
    if layout.exists() {
        timed("link_initialize", || {
            interpreter.call::<(), ()>("ampoule_link_initialize", ())
        })?;
        register(&mut interpreter, &layout)?;
    }
    for source in arguments {
        timed("execute", || interpreter.execute(&source))?;
    }
    timed("finish", || interpreter.finish())?;
    let memory = interpreter.memory()?;
    let used = memory
        .data(&interpreter.store)
        .iter()
        .rposition(|byte| *byte != 0)
        .unwrap_or(0);
    eprintln!(
        "memory: {} KB, the last byte in use at {} KB",
        memory.data_size(&interpreter.store) / 1024,
        used / 1024
    );
    Ok(())
}

/// Registers the extensions of a linked module.
fn register(interpreter: &mut Python, layout: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    let layout: serde_json::Value = serde_json::from_slice(&std::fs::read(layout)?)?;
    for extension in layout["initializers"].as_array().into_iter().flatten() {
        let text = |key: &str| extension[key].as_str().unwrap_or_default();
        let slot = extension["slot"].as_u64().unwrap_or_default() as u32;
        interpreter.register_extension(text("path"), text("symbol"), slot)?;
    }
    Ok(())
}

/// The module from its precompiled form beside it, which is made if it is missing or older.
fn load(base: &Path) -> Result<Module, Box<dyn Error + Send + Sync>> {
    let compiled = base.with_extension("cwasm");
    let modified = |path: &Path| std::fs::metadata(path).and_then(|metadata| metadata.modified());
    if !compiled.exists() || modified(&compiled)? < modified(base)? {
        let bytes = timed("compile", || {
            precompile(&std::fs::read(base)?).map_err(std::io::Error::other)
        })?;
        std::fs::write(&compiled, bytes)?;
    }
    // SAFETY: the file was made above by this very engine.
    Ok(unsafe { Module::deserialize_file(&engine()?, compiled) }.map_err(|error| format!("{error:?}"))?)
}

fn timed<T: std::fmt::Debug, E>(what: &str, work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    let start = Instant::now();
    let result = work();
    eprintln!("{what}: {:?}", start.elapsed());
    result
}

fn writer(mut stream: impl Write + Send + 'static) -> Sink {
    Box::new(move |bytes| {
        let _ = stream.write_all(bytes);
    })
}
