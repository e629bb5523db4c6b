//! `ampoule` and the programs of its stages, as static binaries that do not tell where they were built.

use crate::Error;
use crate::cargo::{DRIVER, Workspace};
use ampoule_action::{FileError, absolute, write_atomically};
use ampoule_environment::{Environment, cargo};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// Builds the programs of the workspace in `source` into `output/bin`; gives their paths there.
///
/// What cargo has built stays in `target` (by default the folder `static` in the workspace's target folder), so that a second call takes a second.
///
/// # Errors
/// When there is no such workspace, it does not build, or a program holds a path of this machine.
pub fn build(source: &Path, target: Option<&Path>, output: &Path) -> Result<Vec<PathBuf>, Error> {
    let workspace = Workspace::read(source, &["--no-deps"])?;
    let target = match target {
        Some(folder) => absolute(folder)?,
        None => workspace.target_directory.join("static"),
    };
    let environment = Environment::of(&workspace.workspace_root, &target).map_err(Error::Environment)?;
    let built = compile(&workspace, &environment)?;
    let folder = output.join("bin");
    let mut programs = Vec::new();
    for (name, path) in built {
        let content = ampoule_action::read(&path)?;
        refuse_host_paths(&path, &content, &environment.places)?;
        let program = folder.join(name);
        write_program(&program, &content)?;
        programs.push(program);
    }
    Ok(programs)
}

/// The driver's package and those of the workspace that it depends on, at any depth.
fn packages(workspace: &Workspace) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![DRIVER];
    while let Some(name) = waiting.pop() {
        if let Some(package) = workspace.packages.iter().find(|package| package.name == name)
            && found.insert(name)
        {
            let linked = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind.is_none());
            waiting.extend(linked.map(|dependency| dependency.name.as_str()));
        }
    }
    found
}

/// What cargo says while it builds, as far as it concerns programs.
#[derive(Deserialize)]
struct Message {
    target: Option<Target>,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

/// Has cargo build the programs; gives name and path of each.
fn compile(workspace: &Workspace, environment: &Environment) -> Result<BTreeMap<String, PathBuf>, Error> {
    let mut command = cargo();
    environment.apply(&mut command);
    command
        .args(["build", "--release", "--locked", "--bins"])
        .args(["--message-format", "json-render-diagnostics", "--manifest-path"])
        .arg(workspace.workspace_root.join("Cargo.toml"))
        .args(packages(workspace).iter().flat_map(|package| ["--package", package]))
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let failed = |error| Error::start("cargo", error);
    let mut child = command.spawn().map_err(failed)?;
    let messages = BufReader::new(child.stdout.take().expect("stdout is piped"));
    let mut built = BTreeMap::new();
    for line in messages.lines() {
        let message: Message = serde_json::from_str(&line.map_err(failed)?).map_err(|error| failed(error.into()))?;
        if let (Some(target), Some(program)) = (message.target, message.executable) {
            built.insert(target.name, program);
        }
    }
    let status = child.wait().map_err(failed)?;
    if status.success() {
        Ok(built)
    } else {
        Err(Error::Failed {
            program: "cargo build".to_string(),
            status,
        })
    }
}

fn refuse_host_paths(program: &Path, content: &[u8], places: &[(PathBuf, &'static str)]) -> Result<(), Error> {
    for (path, _) in places {
        let text = path.as_os_str().as_encoded_bytes();
        if memchr::memmem::find(content, text).is_some() {
            return Err(Error::HostPath {
                program: program.to_path_buf(),
                path: path.display().to_string(),
            });
        }
    }
    Ok(())
}

fn write_program(path: &Path, content: &[u8]) -> Result<(), Error> {
    write_atomically(path, content)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).map_err(FileError::writing(path))?;
    }
    Ok(())
}
