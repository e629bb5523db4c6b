//! How alike texts are: what Python is slow at.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// The longest text that is compared, in characters.
const LONGEST: usize = 10_000;

/// The fewest insertions, deletions and substitutions that make one text of the other (Wagner and Fischer, 1974).
#[pyfunction]
fn distance(one: &str, other: &str) -> PyResult<usize> {
    let one: Vec<char> = one.chars().collect();
    let other: Vec<char> = other.chars().collect();
    if one.len().max(other.len()) > LONGEST {
        return Err(PyValueError::new_err(format!("a text is longer than {LONGEST} characters")));
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, character) in one.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], line + 1);
        for (column, compared) in other.iter().enumerate() {
            let changed = diagonal + usize::from(character != compared);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    Ok(row[other.len()])
}

#[pymodule]
fn similarity(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add_function(wrap_pyfunction!(distance, module)?)
}
