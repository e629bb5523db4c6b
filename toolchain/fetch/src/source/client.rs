//! Running a package client.

use super::SourceError;
use std::io::{BufRead, BufReader};
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
    Err(failed(&program, &String::from_utf8_lossy(&output.stderr)))
}

/// Runs a package client and hands on each line that it writes to stderr.
pub(super) fn follow(command: &mut Command, mut line: impl FnMut(&str)) -> Result<(), SourceError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let not_run = |error: std::io::Error| SourceError::lasting(format!("cannot run {program}: {error}"));
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(not_run)?;
    let mut said = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        for text in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
            let text = String::from_utf8_lossy(&text).into_owned();
            line(&text);
            said.push(text);
        }
    }
    match child.wait().map_err(not_run)?.success() {
        true => Ok(()),
        false => Err(failed(&program, &said.join("\n"))),
    }
}

fn failed(program: &str, said: &str) -> SourceError {
    SourceError::lasting(format!("{program} failed: {}", last_lines(said, 3)))
}

/// The last lines that are not empty, in one.
fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    lines[lines.len().saturating_sub(count)..].join("; ")
}
