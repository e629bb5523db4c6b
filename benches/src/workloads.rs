//! Whole programs in Python: what the interpreter itself costs, beside the machine's own Python.

use crate::calls::Warm;
use crate::component::Built;
use crate::error::Error;
use crate::host::{Allocation, State};
use crate::process::thread_time;
use crate::report::Report;
use crate::statistics::{geometric_mean, median};
use ampoule_action::FileError;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;
use wasmtime::Store;
use wasmtime::component::TypedFunc;

/// How often each program is timed.
const ROUNDS: usize = 15;

/// Measures the programs of the app in both components and in a Python of the machine, in turn.
pub fn measure(components: &[Built; 2], app: &Path, python: &str, report: &mut Report) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    let mut warm = [Warm::new(&engine, &components[0])?, Warm::new(&engine, &components[1])?];
    let mut native = Native::start(python, &app.join("programs.py"))?;
    let names = names(&mut warm[0]).map_err(Error::component(&components[0].builder))?;
    let mut means: [Vec<f64>; 3] = Default::default();
    for name in &names {
        let seconds = program(&mut warm, &mut native, name)?;
        report.figure(name, "ms", [seconds[0] * 1e3, seconds[1] * 1e3]);
        for (mean, seconds) in means.iter_mut().zip(seconds) {
            mean.push(seconds * 1e3);
        }
    }
    let [ampoule, peer, native_mean] = means.each_ref().map(|times| geometric_mean(times));
    let title = format!("geometric mean of the {} programs", names.len());
    report.figure(&title, "ms", [ampoule, peer]);
    let note = format!(
        "{native_mean:.2} ms; Ampoule takes {:.2} times that",
        ampoule / native_mean
    );
    report.note(&format!("The same mean of {}", native.version), &note);
    Ok(())
}

fn names(warm: &mut Warm) -> wasmtime::Result<Vec<String>> {
    let function = warm
        .instance
        .get_typed_func::<(), (Vec<String>,)>(&mut warm.store, "names")?;
    Ok(function.call(&mut warm.store, ())?.0)
}

/// The seconds of a program in both components and natively; the three must agree on its result.
fn program(warm: &mut [Warm; 2], native: &mut Native, name: &str) -> Result<[f64; 3], Error> {
    let mut times: [Vec<Duration>; 3] = Default::default();
    for _ in 0..ROUNDS {
        let (time, expected) = native.run(name)?;
        times[2].push(time);
        for (component, times) in warm.iter_mut().zip(&mut times) {
            let builder = component.builder.clone();
            let failed = Error::component(&builder);
            let (time, result) = run(component, name).map_err(&failed)?;
            if result != expected {
                let message = wasmtime::format_err!("`{name}` gives {result}, not {expected}");
                return Err(failed(message));
            }
            times.push(time);
        }
    }
    Ok(times.map(median))
}

fn run(warm: &mut Warm, name: &str) -> wasmtime::Result<(Duration, String)> {
    let store: &mut Store<State> = &mut warm.store;
    let function: TypedFunc<(&str,), (String,)> = warm.instance.get_typed_func(&mut *store, "run")?;
    let start = thread_time();
    let (result,) = function.call(&mut *store, (name,))?;
    Ok((thread_time() - start, result))
}

/// The programs in a process of the machine's Python.
struct Native {
    version: String,
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Native {
    fn start(python: &str, script: &Path) -> Result<Native, Error> {
        let version = Command::new(python).arg("--version").output();
        let version = version.map_err(Error::start(python))?;
        let mut child = Command::new(python)
            .arg("-B")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(Error::start(python))?;
        let input = child.stdin.take().expect("stdin is a pipe");
        let output = BufReader::new(child.stdout.take().expect("stdout is a pipe"));
        Ok(Native {
            version: String::from_utf8_lossy(&version.stdout).trim().to_string(),
            child,
            input,
            output,
        })
    }

    /// The CPU time of a program and its result.
    fn run(&mut self, name: &str) -> Result<(Duration, String), Error> {
        let pipe = Path::new("the pipe to Python");
        writeln!(self.input, "{name}").map_err(FileError::writing(pipe))?;
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(FileError::reading(pipe))?;
        let parts = line.trim_end().split_once(' ');
        let parts = parts.and_then(|(time, result)| Some((time.parse().ok()?, result)));
        let (nanoseconds, result) = parts.ok_or_else(|| Error::Command {
            command: format!("{} programs.py", self.version),
            output: format!("no result for `{name}`: {line:?}"),
        })?;
        Ok((Duration::from_nanos(nanoseconds), result.to_string()))
    }
}

impl Drop for Native {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
