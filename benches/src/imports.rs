//! Late imports: what the first import of a module costs in a fresh instance, beside the machine's own Python.

use crate::component::Built;
use crate::error::Error;
use crate::host::{self, Allocation, State};
use crate::process::thread_time;
use crate::report::Report;
use crate::statistics::{geometric_mean, median, median_of};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use wasmtime::Engine;
use wasmtime::component::InstancePre;

/// How often each module is imported.
const ROUNDS: usize = 21;

/// Measures each module of the app in an instance of its own and in a process of a Python of the machine, in turn.
///
/// Once as the first late import of all, and once after another: what an instance takes for any first import is a figure of its own.
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
    let (other, names) = names.split_first().expect("the app has names of modules");
    let mut modules: Vec<Module> = names.iter().map(|name| Module::new(name, other)).collect();
    // Each module is measured all through the run, for the machine is not the same in all of it.
    for _ in 0..ROUNDS {
        for import in modules
            .iter_mut()
            .flat_map(|module| [&mut module.first, &mut module.second])
        {
            import.measure(&instances, &native, &failed)?;
        }
    }
    report.note(
        &format!("Late imports of {} modules", names.len()),
        &text(&modules, other),
    );
    Ok(())
}

/// A module to import.
struct Module<'names> {
    name: &'names str,
    /// As the first late import of an instance.
    first: Import<'names>,
    /// After another one.
    second: Import<'names>,
}

impl<'names> Module<'names> {
    fn new(name: &'names str, other: &'names str) -> Self {
        Self {
            name,
            first: Import::new(vec![name]),
            second: Import::new(vec![other, name]),
        }
    }
}

/// The last import of some, and what each round measured of it.
struct Import<'names> {
    names: Vec<&'names str>,
    late: Vec<Duration>,
    native: Vec<Duration>,
}

impl<'names> Import<'names> {
    fn new(names: Vec<&'names str>) -> Self {
        Self {
            names,
            late: Vec::new(),
            native: Vec::new(),
        }
    }

    fn measure(
        &mut self,
        instances: &Instances,
        native: &Native,
        failed: impl Fn(wasmtime::Error) -> Error,
    ) -> Result<(), Error> {
        self.native.push(native.load(&self.names)?);
        // A host runs instances all the time: this one only drives out of the processor's caches what Python has left there.
        instances.load(&self.names).map_err(&failed)?;
        self.late.push(instances.load(&self.names).map_err(&failed)?);
        Ok(())
    }

    /// The median of the ratios of the rounds.
    fn ratio(&self) -> f64 {
        let rounds = self.late.iter().zip(&self.native);
        median_of(
            rounds
                .map(|(late, native)| late.as_secs_f64() / native.as_secs_f64())
                .collect(),
        )
    }

    /// Milliseconds in an instance and natively, and the ratio.
    fn columns(&self) -> String {
        let [late, native] = [&self.late, &self.native].map(|times| median(times.clone()) * 1e3);
        format!("{late:.3} | {native:.3} | {:.2}", self.ratio())
    }
}

/// The mean of the ratios, the greatest, and how many are above 2.
fn summary<'modules>(imports: impl Iterator<Item = &'modules Import<'modules>>) -> String {
    let ratios: Vec<f64> = imports.map(Import::ratio).collect();
    let most = ratios.iter().copied().fold(0.0, f64::max);
    let above = ratios.iter().filter(|ratio| **ratio > 2.0).count();
    format!("{:.2} (at most {most:.2}; {above} above 2)", geometric_mean(&ratios))
}

fn text(modules: &[Module], other: &str) -> String {
    let lines: Vec<String> = modules
        .iter()
        .map(|module| {
            format!(
                "| {} | {} | {} |",
                module.name,
                module.second.columns(),
                module.first.columns()
            )
        })
        .collect();
    format!(
        "{} times what a Python of the machine takes, and {} as the first of an instance, which is not after that of {other}\n\n\
         | module | component (ms) | native (ms) | ratio | as the first (ms) | native (ms) | ratio |\n\
         |---|---:|---:|---:|---:|---:|---:|\n{}",
        summary(modules.iter().map(|module| &module.second)),
        summary(modules.iter().map(|module| &module.first)),
        lines.join("\n")
    )
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

    /// The CPU time of the last of some imports in a fresh instance, which has answered one call before.
    fn load(&self, names: &[&str]) -> wasmtime::Result<Duration> {
        let mut store = host::store(&self.engine);
        let instance = self.prepared.instantiate(&mut store)?;
        let function = instance.get_typed_func::<(&str,), ()>(&mut store, "load")?;
        function.call(&mut store, ("sys",))?;
        let mut time = Duration::ZERO;
        for name in names {
            let start = thread_time();
            function.call(&mut store, (name,))?;
            time = thread_time() - start;
        }
        Ok(time)
    }
}

/// A Python of the machine, and what it imports before it measures.
struct Native {
    python: String,
    script: PathBuf,
    before: Vec<String>,
}

impl Native {
    /// The CPU time of the last of some imports in a fresh process.
    fn load(&self, names: &[&str]) -> Result<Duration, Error> {
        let mut command = Command::new(&self.python);
        command.arg(&self.script).arg(names.join(",")).args(&self.before);
        let output = command.output().map_err(Error::start(&self.python))?;
        let nanoseconds = String::from_utf8_lossy(&output.stdout).trim().parse();
        nanoseconds.map(Duration::from_nanos).map_err(|_| Error::Command {
            command: format!("{} late.py {}", self.python, names.join(",")),
            output: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}
