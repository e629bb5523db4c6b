//! A program of an SDK with the flags that it always takes.

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
