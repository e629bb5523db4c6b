//! What can go wrong when a module runs in the host.

use wasmtime::{Trap, WasmBacktrace};

/// How many functions of the program a message shows.
const SHOWN_FRAMES: usize = 12;

/// What is said of `os.abort()`, which leaves no traceback of Python.
const ABORTED: &str = "the app called os.abort(), which ends the program at once; a module must run to its end when it is imported: raise \
     an exception, which is shown with its line";

/// An error of the host, or of the module that it runs.
#[derive(Debug, thiserror::Error)]
pub enum HostError {
    /// The engine could not be made.
    #[error("the WebAssembly engine does not start on this machine: {0:#}")]
    Engine(wasmtime::Error),
    /// The module is not valid, or is not one that the engine can compile.
    #[error("the module cannot be compiled: {0:#}")]
    Compile(wasmtime::Error),
    /// A precompiled module does not fit this engine.
    #[error(
        "the precompiled module {path} does not fit this version of Ampoule; build the interpreter again: {source:#}"
    )]
    Precompiled {
        /// The file.
        path: String,
        /// What the engine says.
        source: wasmtime::Error,
    },
    /// The module's imports or its start could not be satisfied.
    #[error("the module cannot be instantiated: {0:#}")]
    Instantiate(wasmtime::Error),
    /// The thread for the module could not be started.
    #[error("no thread can be started for the module: {0}")]
    Thread(std::io::Error),
    /// The module lacks a function, memory or global that the host needs.
    #[error("the module does not export `{0}`")]
    MissingExport(String),
    /// The program trapped.
    #[error("the program failed in `{function}`: {cause}{backtrace}")]
    Trap {
        /// The exported function that was called.
        function: String,
        /// What it trapped on.
        cause: String,
        /// The program's functions at that point, on a line each; each line begins with a line break.
        backtrace: String,
    },
    /// The program called `exit` where it should have returned.
    #[error("the program called exit in `{function}`: {exit}")]
    Exited {
        /// The exported function that was called.
        function: String,
        /// The status that the program gave.
        exit: Exit,
    },
    /// The guest's memory does not hold what was asked for.
    #[error("the program's memory ends before address {0:#x}")]
    Memory(u64),
    /// The guest's allocator returned nothing.
    #[error("the program has no memory left for {0} bytes")]
    Allocation(usize),
}

/// The program's end by `exit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("exit status {code}")]
pub struct Exit {
    /// 0 for success; 1 for any failure where WASI carries no more than that.
    pub code: u8,
}

impl HostError {
    /// Sorts an error of a call into `exit` and real traps.
    pub(crate) fn of_call(function: &str, source: wasmtime::Error) -> HostError {
        let function = function.to_owned();
        match source.downcast_ref::<Exit>() {
            Some(exit) => HostError::Exited { function, exit: *exit },
            None => {
                let backtrace = source.downcast_ref::<WasmBacktrace>();
                let is_abort = backtrace.is_some_and(is_of_os_abort);
                HostError::Trap {
                    function,
                    cause: if is_abort { ABORTED.to_owned() } else { cause(&source) },
                    backtrace: backtrace.filter(|_| !is_abort).map_or_else(String::new, frames),
                }
            }
        }
    }
}

/// Whether it was Python code that ended the program, by the function of CPython that `os.abort` is.
fn is_of_os_abort(backtrace: &WasmBacktrace) -> bool {
    backtrace
        .frames()
        .iter()
        .take(SHOWN_FRAMES)
        .any(|frame| frame.func_name() == Some("os_abort"))
}

/// What a call failed on, and what is to be done where the engine's words do not say it.
fn cause(source: &wasmtime::Error) -> String {
    let cause = source.root_cause().to_string();
    match source.downcast_ref::<Trap>() {
        Some(Trap::BadSignature) => format!(
            "{cause}: a function of an extension module is called by another type than it has; give it the type that Python's C API \
             wants in its place, such as a slot of a type (methods and attributes may have others)"
        ),
        _ => cause,
    }
}

fn frames(backtrace: &WasmBacktrace) -> String {
    let names = backtrace.frames().iter().take(SHOWN_FRAMES);
    names
        .map(|frame| format!("\n  in {}", frame.func_name().unwrap_or("a function without a name")))
        .collect()
}
