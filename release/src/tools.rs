//! `ampoule` and the programs of its stages, as static binaries that do not tell where they were built.

use crate::cargo::{DRIVER, Workspace, cargo};
use crate::{Error, run};
use ampoule_action::{FileError, absolute, write_atomically};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Variables that would change what the compilers write, and how the names of others begin that would.
const INFLUENCES: [&str; 5] = [
    "RUSTFLAGS",
    "RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CC",
    "SOURCE_DATE_EPOCH",
];
const INFLUENCES_BEGIN: [&str; 9] = [
    "CARGO_BUILD_",
    "CARGO_ENCODED_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
    "CC_",
    "CFLAGS",
    "CXX",
    "HOST_C",
    "TARGET_C",
];

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
    run::succeed(
        cargo()
            .args(["fetch", "--locked", "--target", &host()?, "--manifest-path"])
            .arg(workspace.workspace_root.join("Cargo.toml")),
    )?;
    let places = places(&workspace, &target)?;
    let built = compile(&workspace, &target, &places)?;
    let folder = output.join("bin");
    let mut programs = Vec::new();
    for (name, path) in built {
        let content = ampoule_action::read(&path)?;
        refuse_host_paths(&path, &content, &places)?;
        let program = folder.join(name);
        write_program(&program, &content)?;
        programs.push(program);
    }
    Ok(programs)
}

/// The platform of this machine, as Rust names it.
///
/// # Errors
/// When there is no Rust.
pub fn host() -> Result<String, Error> {
    run::first_line("rustc", &["--print", "host-tuple"])
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

/// Folders of this machine, each with the name that stands for it in the programs; the later ones win where one is inside another.
fn places(workspace: &Workspace, target: &Path) -> Result<Vec<(PathBuf, &'static str)>, Error> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let mut places = vec![(workspace.workspace_root.clone(), "/ampoule")];
    if let Some(cargo) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home) {
        // The folder of a registry's crates is named after the registry, which may be a mirror.
        let registries = walkdir::WalkDir::new(cargo.join("registry/src"))
            .min_depth(1)
            .max_depth(1);
        let registries = registries.sort_by_file_name().into_iter().flatten();
        places.push((cargo, "/cargo"));
        places.extend(registries.map(|registry| (registry.into_path(), "/crates")));
    }
    places.push((run::first_line("rustc", &["--print", "sysroot"])?.into(), "/rust"));
    places.push((target.to_path_buf(), "/target"));
    Ok(places)
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
fn compile(
    workspace: &Workspace,
    target: &Path,
    places: &[(PathBuf, &'static str)],
) -> Result<BTreeMap<String, PathBuf>, Error> {
    let mut command = hermetic_cargo(places);
    command
        .args(["build", "--release", "--locked", "--bins"])
        .args(["--message-format", "json-render-diagnostics"])
        .args(["--config", "profile.release.strip=\"symbols\""])
        .args(["--target", &host()?])
        .arg("--target-dir")
        .arg(target)
        .arg("--manifest-path")
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

/// Cargo with nothing of the surroundings that would change an output, and with the flags that make it static and keep paths out of it.
fn hermetic_cargo(places: &[(PathBuf, &'static str)]) -> Command {
    let mut command = cargo();
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if INFLUENCES.contains(&text.as_ref()) || INFLUENCES_BEGIN.iter().any(|start| text.starts_with(start)) {
            command.env_remove(&name);
        }
    }
    let mut rust = OsString::from("-Ctarget-feature=+crt-static");
    let mut c = OsString::new();
    for (path, name) in places {
        rust.push("\u{1f}--remap-path-prefix=");
        rust.push(path);
        rust.push(format!("={name}"));
        c.push("'-ffile-prefix-map=");
        c.push(path);
        c.push(format!("={name}' "));
    }
    command
        .env("CARGO_ENCODED_RUSTFLAGS", rust)
        .env("CARGO_INCREMENTAL", "0")
        .env("TARGET_CFLAGS", c)
        .env("CC_SHELL_ESCAPED_FLAGS", "1");
    command
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
