//! Running the SDK's programs in a scratch folder, and small things about files.

use crate::Error;
use ampoule_sdk::Tool;
use std::ffi::OsStr;
use std::path::Path;

/// Runs a program in a folder.
pub(crate) fn run<Argument: AsRef<OsStr>>(
    tool: &Tool,
    folder: &Path,
    arguments: impl IntoIterator<Item = Argument>,
    what: &str,
) -> Result<(), Error> {
    let output = tool
        .command()
        .args(arguments)
        .current_dir(folder)
        .output()
        .map_err(|source| Error::Start {
            program: tool.program().to_path_buf(),
            source,
        })?;
    if output.status.success() {
        return Ok(());
    }
    let text = [output.stderr, output.stdout].concat();
    Err(Error::Tool {
        what: what.to_owned(),
        output: String::from_utf8_lossy(&text).trim_end().to_owned(),
    })
}

/// Writes a file and the folders that it stands in.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(Error::writing(folder))?;
    }
    std::fs::write(path, bytes).map_err(Error::writing(path))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(Error::reading(path))
}
