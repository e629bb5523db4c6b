//! Commands with what they cost, and the CPU time of this process.

use crate::error::Error;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// A command that has ended well.
pub struct Finished {
    /// From start to end.
    pub elapsed: Duration,
    /// In user mode and in the kernel, on all cores, its own children included.
    pub cpu: Duration,
    /// The largest resident set, in bytes.
    pub memory: u64,
    /// What it printed on stderr.
    pub messages: String,
}

/// Runs a command to its end and measures it.
pub fn run(command: &mut Command) -> Result<Finished, Error> {
    let shown = format!("{command:?}");
    let failed = |output: String| Error::Command {
        command: shown.clone(),
        output,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let start = Instant::now();
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    let mut messages = String::new();
    if let Some(mut stderr) = child.stderr.take() {
        stderr
            .read_to_string(&mut messages)
            .map_err(|error| failed(error.to_string()))?;
    }
    let (status, usage) = wait(child.id()).map_err(|error| failed(error.to_string()))?;
    let elapsed = start.elapsed();
    if status != 0 {
        return Err(failed(messages));
    }
    Ok(Finished {
        elapsed,
        cpu: duration(usage.ru_utime) + duration(usage.ru_stime),
        memory: u64::try_from(usage.ru_maxrss).unwrap_or(0) * 1024,
        messages,
    })
}

/// What a command prints.
pub fn output(command: &mut Command) -> Result<String, Error> {
    let shown = format!("{command:?}");
    let failed = |output: String| Error::Command {
        command: shown.clone(),
        output,
    };
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(failed(String::from_utf8_lossy(&output.stderr).into_owned())),
    }
}

/// The program of a Python package's version, in an environment in the work folder, into which pip installs it unless it is there.
pub fn installed(work: &Path, package: &str, version: &str) -> Result<PathBuf, Error> {
    let environment = work.join(format!("{package}-{version}"));
    let program = environment.join("bin").join(package);
    if !program.exists() {
        run(Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&environment))?;
        let package = format!("{package}=={version}");
        run(Command::new(environment.join("bin/pip")).args(["install", "--quiet", &package]))?;
    }
    Ok(program)
}

/// The CPU time in user mode that all threads of this process have taken.
pub fn own_user_time() -> Duration {
    // SAFETY: `getrusage` fills the structure, for which all bytes zero are a value.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut usage);
        usage
    };
    duration(usage.ru_utime)
}

/// The CPU time that this thread has taken: what else the machine does is not in it.
pub fn thread_time() -> Duration {
    // SAFETY: `clock_gettime` fills the structure, for which all bytes zero are a value.
    let time = unsafe {
        let mut time: libc::timespec = std::mem::zeroed();
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time);
        time
    };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_nanos(u64::try_from(time.tv_nsec).unwrap_or(0))
}

/// Waits for a child and gives its status with its costs.
fn wait(child: u32) -> std::io::Result<(i32, libc::rusage)> {
    let child = libc::pid_t::try_from(child).map_err(std::io::Error::other)?;
    let mut status = 0;
    // SAFETY: `wait4` fills both, and nothing else waits for this child.
    let (waited, usage) = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        (libc::wait4(child, &mut status, 0, &mut usage), usage)
    };
    match waited {
        -1 => Err(std::io::Error::last_os_error()),
        _ => Ok((status, usage)),
    }
}

fn duration(time: libc::timeval) -> Duration {
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let micros = u64::try_from(time.tv_usec).unwrap_or(0);
    Duration::from_secs(seconds) + Duration::from_micros(micros)
}
