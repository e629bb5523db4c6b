//! What crates do: std's hash tables, clocks and environment, exceptions, classes, calls both ways, panics.

use pyo3::exceptions::PyKeyError;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::time::{Duration, Instant, SystemTime};

/// How often each word is there.
#[pyfunction]
fn count(text: &str) -> HashMap<&str, usize> {
    let mut counts = HashMap::new();
    for word in text.split_whitespace() {
        *counts.entry(word).or_insert(0) += 1;
    }
    counts
}

#[pyfunction]
fn panics(python: Python<'_>, how: &str) -> PyResult<()> {
    match how {
        "message" => panic!("on purpose: {}", 6 * 7),
        "index" => drop(vec![1][how.len()]),
        _ => drop(python.import(how)?),
    }
    Ok(())
}

/// Seconds since 1970, whether time goes on, and a variable.
#[pyfunction]
fn surroundings() -> (u64, bool, Option<String>) {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let start = Instant::now();
    std::thread::sleep(Duration::from_millis(2));
    (now.as_secs(), start.elapsed() >= Duration::from_millis(2), std::env::var("COLOUR").ok())
}

/// What the system does not have is an error, not a trap.
#[pyfunction]
fn lacking() -> (bool, bool, String) {
    let thread = std::thread::Builder::new().spawn(|| ());
    let process = std::process::Command::new("true").status();
    let file = std::fs::read_to_string("/there/is/none").unwrap_err();
    (thread.is_err(), process.is_err(), file.kind().to_string())
}

/// A table that calls back for what it lacks.
#[pyclass]
#[derive(Default)]
struct Table(HashMap<String, i64>);

#[pymethods]
impl Table {
    #[new]
    fn new() -> Table {
        Table::default()
    }

    fn get(&mut self, key: String, missing: &Bound<'_, PyAny>) -> PyResult<i64> {
        if let Some(value) = self.0.get(&key) {
            return Ok(*value);
        }
        let value = missing.call1((key.as_str(),))?.extract()?;
        self.0.insert(key, value);
        Ok(value)
    }

    fn __getitem__(&self, key: &str) -> PyResult<i64> {
        self.0.get(key).copied().ok_or_else(|| PyKeyError::new_err(key.to_string()))
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }
}

#[pymodule]
fn probe(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("features", (cfg!(feature = "wanted"), cfg!(feature = "unwanted")))?;
    module.add("place", file!())?;
    module.add_class::<Table>()?;
    module.add_function(wrap_pyfunction!(count, module)?)?;
    module.add_function(wrap_pyfunction!(lacking, module)?)?;
    module.add_function(wrap_pyfunction!(panics, module)?)?;
    module.add_function(wrap_pyfunction!(surroundings, module)?)
}
