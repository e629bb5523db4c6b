//! `--calls FILE`: calls with the results that they must give.

use super::call::Call;
use super::error::Error;
use std::path::Path;

/// A call and its expected result, both in WAVE syntax.
pub struct Case {
    /// The call.
    pub call: Call,
    /// The result; `()` for none.
    pub result: String,
}

/// Reads a file that has calls on lines of their own, each followed by a line with `= ` and the expected result.
pub fn read(path: &Path) -> Result<Vec<Case>, Error> {
    let text = ampoule_action::read_text(path)?;
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() {
        return Err(Error::NoCases {
            path: path.to_path_buf(),
        });
    }
    lines.chunks(2).map(|lines| case(path, lines)).collect()
}

fn case(path: &Path, lines: &[&str]) -> Result<Case, Error> {
    let result = lines.get(1).and_then(|line| line.strip_prefix("= "));
    let result = result.ok_or_else(|| Error::NotCase {
        path: path.to_path_buf(),
        line: lines[0].to_string(),
    })?;
    Ok(Case {
        call: Call::parse(lines[0])?,
        result: result.to_string(),
    })
}
