//! `ampoule-environment TARGET`: prints commands of a shell that set the variables for the workspace in the current folder, which cargo builds in TARGET.

use ampoule_environment::Environment;
use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match print() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn print() -> std::io::Result<()> {
    let target = std::env::args_os().nth(1).map(PathBuf::from);
    let target = target.ok_or_else(|| std::io::Error::other("usage: ampoule-environment TARGET"))?;
    let environment = Environment::of(&std::env::current_dir()?, &std::path::absolute(target)?)?;
    let mut output = std::io::stdout().lock();
    for name in &environment.removed {
        writeln!(output, "unset {}", name.display())?;
    }
    for (name, value) in &environment.variables {
        write!(output, "export {name}=")?;
        output.write_all(&quoted(value))?;
        writeln!(output)?;
    }
    Ok(())
}

/// A value as a shell has it between single quotes, POSIX.1-2024, XCU 2.2.2.
fn quoted(value: &OsStr) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in value.as_bytes() {
        match byte {
            b'\'' => quoted.extend(br"'\''"),
            _ => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}
