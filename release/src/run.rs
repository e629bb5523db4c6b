//! Running other programs.

use crate::Error;
use std::ffi::OsStr;
use std::process::{Command, Stdio};

/// Runs a command, whose output goes to stderr.
pub fn succeed(command: &mut Command) -> Result<(), Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command
        .stdin(Stdio::null())
        .stdout(std::io::stderr())
        .status()
        .map_err(|error| Error::start(&program, error))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::Failed { program, status })
    }
}

/// What a program prints.
pub fn stdout_of(program: &str, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Result<Vec<u8>, Error> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| Error::start(program, error))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        Err(Error::Failed {
            program: program.to_string(),
            status: output.status,
        })
    }
}

/// The first line of what a program prints.
pub fn first_line(program: &str, arguments: &[&str]) -> Result<String, Error> {
    let output = stdout_of(program, arguments)?;
    let text = String::from_utf8_lossy(&output);
    Ok(text.lines().next().unwrap_or_default().to_string())
}
