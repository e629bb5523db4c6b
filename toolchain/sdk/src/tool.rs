//! A program of an SDK with the flags that it always takes, and running one.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program and its first arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tool {
    program: PathBuf,
    arguments: Vec<OsString>,
}

impl Tool {
    pub(crate) fn new(program: &Path) -> Tool {
        Tool {
            program: program.to_path_buf(),
            arguments: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, argument: impl AsRef<OsStr>) -> Tool {
        self.arguments.push(argument.as_ref().to_os_string());
        self
    }

    /// The program's file.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// The arguments that come before all others.
    pub fn arguments(&self) -> &[OsString] {
        &self.arguments
    }

    /// A command to add arguments to. Its environment is empty but for the date that `__DATE__` expands to, so that nothing
    /// of the user's environment can reach an output.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env_clear().env("SOURCE_DATE_EPOCH", "0");
        command
    }
}

/// A program of an SDK that has not done its work.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// It cannot be started.
    #[error("cannot start {}: {error}; the SDK must be made for this machine", program.display())]
    Start {
        /// The program.
        program: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// It refuses its input.
    #[error("{what} failed:\n{output}")]
    Failed {
        /// What was being done, such as `compiling a.c`.
        what: String,
        /// What it printed.
        output: String,
    },
}

/// Runs a program of an SDK to its end; `what` says what it does, such as `compiling a.c`.
///
/// # Errors
/// When it cannot be started, or does not end well.
pub fn run(command: &mut Command, what: &str) -> Result<(), ToolError> {
    output_of(command, what).map(drop)
}

/// As [`run`]; gives what the program said.
///
/// # Errors
/// As [`run`].
pub fn output_of(command: &mut Command, what: &str) -> Result<String, ToolError> {
    let output = command.output().map_err(|error| ToolError::Start {
        program: command.get_program().into(),
        error,
    })?;
    let text = [output.stderr, output.stdout].concat();
    let said = String::from_utf8_lossy(&text).trim_end().to_owned();
    if output.status.success() {
        return Ok(said);
    }
    Err(ToolError::Failed {
        what: what.to_owned(),
        output: said,
    })
}
