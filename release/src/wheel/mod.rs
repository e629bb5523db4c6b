//! The wheel for pip: the program, the toolchain's results as a prefilled cache, and a Python package around them.

mod archive;
mod metadata;

use crate::cargo::Workspace;
use crate::{Error, run, tools};
use ampoule_action::{FileError, folder_of, make_folder};
use archive::Member;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python package, in Ampoule's source.
const PACKAGE: &str = "release/python/ampoule";

/// Where the program is in the wheel, and where it looks for its prefilled cache.
const PROGRAM: &str = "ampoule/bin/ampoule";
const CACHE: &str = "ampoule/share/ampoule/cache";

/// How the wheel is made.
#[derive(Clone, Debug, clap::Args)]
pub struct Wheels {
    /// Folder of Ampoule's source
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// Folder for the wheel
    #[arg(short, long, value_name = "DIR")]
    pub output: PathBuf,
    /// Folder or archive with pinned files, looked at before the network; may be given several times
    #[arg(long, value_name = "DIR")]
    pub mirror: Vec<PathBuf>,
    /// Folder with the tools in `bin`, as `ampoule-release tools` gives it, instead of building them
    #[arg(long, value_name = "DIR")]
    pub tools: Option<PathBuf>,
    /// Folder of the cache for the toolchain [default: an empty one]
    #[arg(long, value_name = "DIR")]
    pub cache: Option<PathBuf>,
}

/// Makes the wheel for this platform; gives its path.
///
/// # Errors
/// When a step fails, or pip has no name for this platform.
pub fn make(how: &Wheels) -> Result<PathBuf, Error> {
    let platform = metadata::platform()?;
    make_folder(&how.output)?;
    let work = tempfile::Builder::new().prefix(".ampoule-").tempdir_in(&how.output);
    let work = work.map_err(FileError::writing(&how.output))?;
    let program = program(how, work.path())?;
    let cache = work.path().join("exported");
    export(how, &program, work.path(), &cache)?;

    let workspace = Workspace::read(&how.source, &["--no-deps"])?;
    let version = &workspace.driver().version;
    let mut members = below(&how.source.join(PACKAGE), "ampoule")?;
    members.extend(below(&cache, CACHE)?);
    members.insert(PROGRAM.to_string(), Member::program(program));
    let folder = format!("ampoule-{version}.dist-info");
    for (name, content) in metadata::files(&how.source, version, &platform)? {
        members.insert(format!("{folder}/{name}"), Member::text(content));
    }
    let wheel = how
        .output
        .join(format!("ampoule-{version}-py3-none-{}.whl", platform.join(".")));
    archive::write(&wheel, &members, &format!("{folder}/RECORD"))?;
    Ok(wheel)
}

/// The driver: its stages run in its own process, so that it needs no other program.
fn program(how: &Wheels, work: &Path) -> Result<PathBuf, Error> {
    let tools = match &how.tools {
        Some(folder) => folder.clone(),
        None => {
            let folder = work.join("tools");
            tools::build(&how.source, None, &folder)?;
            folder
        }
    };
    Ok(tools.join("bin/ampoule"))
}

/// Has the program itself write the results that it will look for: their keys cover the code of its stages.
fn export(how: &Wheels, program: &Path, work: &Path, output: &Path) -> Result<(), Error> {
    let cache = how.cache.clone().unwrap_or_else(|| work.join("cache"));
    let mut command = Command::new(program);
    command.arg("--cache").arg(cache);
    for folder in &how.mirror {
        command.arg("--mirror").arg(folder);
    }
    run::succeed(command.args(["cache", "export", "--toolchain", "--output"]).arg(output))
}

/// The files of a folder, by their paths in the wheel.
fn below(folder: &Path, place: &str) -> Result<BTreeMap<String, Member>, Error> {
    let mut members = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.map_err(FileError::reading(folder))?;
        let path = entry.path().strip_prefix(folder).expect("an entry is below its folder");
        // What Python has compiled depends on who has run it.
        if entry.file_type().is_file() && folder_of(path) != Path::new("__pycache__") {
            let name = format!("{place}/{}", path.display());
            members.insert(name, Member::file(entry.into_path()));
        }
    }
    Ok(members)
}
