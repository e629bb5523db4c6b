//! Late imports: what the first import of a module costs in a fresh instance, beside the machine's own Python.

use crate::component::Built;
use crate::error::Error;
use crate::host::{self, Allocation, State};
use crate::process::thread_time;
use crate::report::Report;
use crate::statistics::{geometric_mean, median};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wasmtime::Engine;
use wasmtime::component::InstancePre;

/// How often each module is imported.
const ROUNDS: usize = 21;

/// Measures each module of the app in an instance of its own and in a process of a Python of the machine, in turn.
///
/// The app's first module is imported before each of the others: what an instance takes for any first import is a figure of its own.
pub fn measure(component: &Built, app: &Path, python: &str, report: &mut Report) -> Result<(), Error> {
    let failed = Error::component(&component.builder);
    let engine = Allocation::OnDemand.engine().map_err(&failed)?;
    let instances = Instances {
        prepared: host::prepare(&engine, component)?,
        engine,
    };
    let native = Native {
        python: python.to_string(),
        script: app.join("late.py"),
        before: instances.list("loaded").map_err(&failed)?,
    };
    let mut names = instances.list("names").map_err(&failed)?;
    names.retain(|name| !native.before.contains(name));
    let mut figures = Figures::default();
    let (first, others) = names.split_first().expect("the app has names of modules");
    for name in others {
        figures.add(name, import([first, name], &instances, &native, &failed)?);
    }
    report.note(
        &format!("Late imports of {} modules", others.len()),
        &figures.text(first),
    );
    Ok(())
}

/// The seconds of two imports, one after the other: in an instance, and natively.
fn import(
    names: [&str; 2],
    instances: &Instances,
    native: &Native,
    failed: impl Fn(wasmtime::Error) -> Error,
) -> Result<[[f64; 2]; 2], Error> {
    let mut times: [[Vec<Duration>; 2]; 2] = Default::default();
    for _ in 0..ROUNDS {
        let expected = native.load(names)?;
        // A host runs instances all the time: this one only drives out of the processor's caches what Python has left there.
        instances.load(names).map_err(&failed)?;
        let late = instances.load(names).map_err(&failed)?;
        for (times, measured) in times.iter_mut().zip([late, expected]) {
            for (times, time) in times.iter_mut().zip(measured) {
                times.push(time);
            }
        }
    }
    Ok(times.map(|times| times.map(median)))
}

/// The seconds of each module.
#[derive(Default)]
struct Figures {
    /// Of the module that is imported first: in instances, and natively.
    first: [Vec<f64>; 2],
    ratios: Vec<f64>,
    lines: Vec<String>,
}

impl Figures {
    fn add(&mut self, name: &str, [late, expected]: [[f64; 2]; 2]) {
        self.first[0].push(late[0]);
        self.first[1].push(expected[0]);
        let ratio = late[1] / expected[1];
        self.ratios.push(ratio);
        self.lines.push(format!(
            "| {name} | {:.3} | {:.3} | {ratio:.2} |",
            late[1] * 1e3,
            expected[1] * 1e3
        ));
    }

    fn text(&self, first: &str) -> String {
        let mean = geometric_mean(&self.ratios);
        let most = self.ratios.iter().copied().fold(0.0, f64::max);
        let [late, expected] = self.first.each_ref().map(|times| geometric_mean(times) * 1e3);
        format!(
            "{mean:.2} times what a Python of the machine takes, at most {most:.2} times; the first import of all, of {first}, takes \
             {late:.2} ms in an instance and {expected:.2} ms natively\n\n\
             | module | component (ms) | native (ms) | ratio |\n|---|---:|---:|---:|\n{}",
            self.lines.join("\n")
        )
    }
}

/// Where instances come from.
struct Instances {
    engine: Engine,
    prepared: InstancePre<State>,
}

impl Instances {
    fn list(&self, function: &str) -> wasmtime::Result<Vec<String>> {
        let mut store = host::store(&self.engine);
        let instance = self.prepared.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(), (Vec<String>,)>(&mut store, function)?;
        Ok(function.call(&mut store, ())?.0)
    }

    /// The CPU time of two imports in a fresh instance, which has answered one call before.
    fn load(&self, names: [&str; 2]) -> wasmtime::Result<[Duration; 2]> {
        let mut store = host::store(&self.engine);
        let instance = self.prepared.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(&str,), ()>(&mut store, "load")?;
        function.call(&mut store, ("sys",))?;
        let mut times = [Duration::ZERO; 2];
        for (time, name) in times.iter_mut().zip(names) {
            let start = thread_time();
            function.call(&mut store, (name,))?;
            *time = thread_time() - start;
        }
        Ok(times)
    }
}

/// A Python of the machine, and what it imports before it measures.
struct Native {
    python: String,
    script: PathBuf,
    before: Vec<String>,
}

impl Native {
    /// The CPU time of two imports in a fresh process.
    fn load(&self, names: [&str; 2]) -> Result<[Duration; 2], Error> {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).args(names).args(&self.before);
        let output = command
            .output()
            .map_err(|error| Error::file(Path::new(&self.python), error))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let times: Vec<Duration> = text
            .lines()
            .filter_map(|line| line.parse().ok().map(Duration::from_nanos))
            .collect();
        times.try_into().map_err(|_| Error::Command {
            command: format!("{} late.py {}", self.python, names[1]),
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}
