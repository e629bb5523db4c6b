//! Running a package client.

use super::SourceError;
use std::process::{Command, Stdio};

/// Runs a package client and gives what it wrote to stdout.
pub(super) fn run(command: &mut Command) -> Result<String, SourceError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| SourceError::lasting(format!("cannot run {program}: {error}")))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(SourceError::lasting(format!(
        "{program} failed: {}",
        last_lines(&errors, 3)
    )))
}

/// The last lines that are not empty, in one.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("; ")
}
