//! What can go wrong in `ampoule run` and `ampoule serve`.

use std::net::SocketAddr;
use std::path::PathBuf;

/// An error of `ampoule run` or `ampoule serve`.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file could not be read.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// The file is something else than a component.
    #[error("{} is not a component; `ampoule build` makes one", path.display())]
    NotComponent {
        /// The file.
        path: PathBuf,
    },
    /// The file is a component that does not validate.
    #[error("{} is not a valid component: {reason}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The validator's message.
        reason: String,
    },
    /// Wasmtime could not be set up.
    #[error("cannot set up Wasmtime on this machine: {0:#}")]
    Engine(wasmtime::Error),
    /// The event loop could not be set up.
    #[error("cannot set up the event loop: {0}")]
    Runtime(std::io::Error),
    /// The other processes of a server could not be started, or this one of them not be set up.
    #[error("cannot answer requests in several processes: {0}; `--processes 1` needs one alone")]
    Processes(std::io::Error),
    /// A compiled component could not be kept, or read again.
    #[error(transparent)]
    Compiling(#[from] ampoule_cache::Error),
    /// A folder that was to be given to the component could not be opened.
    #[error("cannot open the folder {} for --dir: {reason}", path.display())]
    Directory {
        /// The folder.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The component needs what this command does not have.
    #[error(
        "the component imports what `ampoule run` does not provide:\n{}\nIt provides {provided}; `ampoule run --with FILE` \
         takes the rest from another component, else run this one in a host that has it",
        list(names)
    )]
    MissingImports {
        /// The names of the imports.
        names: Vec<String>,
        /// What this command has.
        provided: String,
    },
    /// A component cannot stand in for what another imports.
    #[error("{} cannot be given by --with: {reason}", path.display())]
    StandIn {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The component could not be instantiated.
    #[error("cannot start the component: {reason}")]
    Instantiating {
        /// Wasmtime's message.
        reason: String,
    },
    /// The call is not of the form `name(arguments)`.
    #[error(
        "`{text}` is not a call: write it as `function(arguments)`, with values in WAVE syntax such as 1, \"text\", [1, 2], {{x: 1}}"
    )]
    NotCall {
        /// What was given.
        text: String,
    },
    /// A line of a file of calls has no expected result.
    #[error(
        "{}: `{line}` is not followed by a line with `= ` and the expected result", path.display()
    )]
    NotCase {
        /// The file.
        path: PathBuf,
        /// The line.
        line: String,
    },
    /// A file of calls has none.
    #[error("{} has no calls: write each on a line of its own, and `= ` and the expected result on the next", path.display())]
    NoCases {
        /// The file.
        path: PathBuf,
    },
    /// A file of requests cannot be read as such.
    #[error("{}: {}{reason}", path.display(), if line.is_empty() { String::new() } else { format!("`{line}`: ") })]
    NotRequest {
        /// The file.
        path: PathBuf,
        /// The line.
        line: String,
        /// What is wrong.
        reason: String,
    },
    /// A request was not answered.
    #[error("`{request}` was not answered: {reason}")]
    NoAnswer {
        /// Method and path.
        request: String,
        /// What went wrong.
        reason: String,
    },
    /// An answer is another one than a file of requests has.
    #[error("`{request}` gives `{found}`, not `{expected}`")]
    OtherAnswer {
        /// Method and path.
        request: String,
        /// The status and the body of the file.
        expected: String,
        /// Those of the answer.
        found: String,
    },
    /// An expected result is not one that the function can have.
    #[error("`{text}` is no result of {signature}: {reason}")]
    Expected {
        /// The expected result.
        text: String,
        /// The function with its types.
        signature: String,
        /// The parser's message.
        reason: String,
    },
    /// A call gave something else than was expected.
    #[error("`{call}` gives {given}, and {expected} is expected")]
    OtherResult {
        /// The call.
        call: String,
        /// The expected result.
        expected: String,
        /// What it gave.
        given: String,
    },
    /// The arguments of the call do not fit the function.
    #[error("cannot read the arguments of `{text}`: {reason}{place}{}", declared(signature))]
    Arguments {
        /// The call.
        text: String,
        /// The parser's message.
        reason: String,
        /// The part of the call that it is about, or nothing.
        place: String,
        /// The function with its types, once it is found.
        signature: Option<String>,
    },
    /// A parameter or the result has a type that WAVE cannot write.
    #[error(
        "`{name}` cannot be called from the command line: it takes or gives {kind}, and WAVE has no syntax for these"
    )]
    Unwritable {
        /// The function.
        name: String,
        /// The kind of type.
        kind: &'static str,
    },
    /// No export has this name.
    #[error("the component exports no function `{name}`; {}", exported(exports))]
    NoSuchExport {
        /// The name that was asked for.
        name: String,
        /// All functions that the component exports.
        exports: Vec<String>,
    },
    /// More than one export has this name.
    #[error("`{name}` is exported more than once; write which one:\n{}", list(exports))]
    Ambiguous {
        /// The name that was asked for.
        name: String,
        /// The functions that have it.
        exports: Vec<String>,
    },
    /// No call was given, and the component is not a command.
    #[error(
        "the component does not export wasi:cli/run, so say which function to call; {}",
        exported(exports)
    )]
    NotCommand {
        /// All functions that the component exports.
        exports: Vec<String>,
    },
    /// The component cannot answer requests.
    #[error(
        "the component does not export wasi:http/incoming-handler@0.2, which answers requests; {}",
        exported(exports)
    )]
    NotServer {
        /// All functions that the component exports.
        exports: Vec<String>,
    },
    /// No port to listen at.
    #[error("cannot listen at {address}: {error}; choose another with --address")]
    Listening {
        /// The address.
        address: SocketAddr,
        /// The reason.
        error: std::io::Error,
    },
    /// The component trapped.
    #[error("`{function}` trapped: {reason}")]
    Trapped {
        /// Where.
        function: String,
        /// The kind of trap.
        reason: String,
    },
    /// The call failed in the host.
    #[error("`{function}` failed: {reason}")]
    Failed {
        /// Where.
        function: String,
        /// Wasmtime's message.
        reason: String,
    },
}

fn list(lines: &[String]) -> String {
    let indented: Vec<String> = lines.iter().map(|line| format!("  {line}")).collect();
    indented.join("\n")
}

fn exported(exports: &[String]) -> String {
    match exports {
        [] => "it exports no functions at all".to_string(),
        _ => format!("it exports:\n{}", list(exports)),
    }
}

fn declared(signature: &Option<String>) -> String {
    signature
        .as_ref()
        .map(|signature| format!("\nThe function is {signature}"))
        .unwrap_or_default()
}
