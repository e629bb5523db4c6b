//! The variables with which cargo builds programs that are released: static ones that do not tell where they were built.
//!
//! Tests whose cargo has these variables run what is released. The crate has no dependencies, as it is compiled before all else there.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::{Error, Result};
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

/// What a workspace's programs are built with.
#[derive(Debug)]
pub struct Environment {
    /// The platform, as Rust names it.
    pub platform: String,
    /// Folders of this machine, each with the name that stands for it in the programs; the later ones win where one is inside another.
    pub places: Vec<(PathBuf, &'static str)>,
    /// What cargo's environment has.
    pub variables: BTreeMap<&'static str, OsString>,
    /// What cargo's environment must not have of that of this process.
    pub removed: Vec<OsString>,
}

impl Environment {
    /// That of the workspace in `source`, which cargo builds in the folder `target`; both are absolute. Fetches the workspace's crates.
    ///
    /// # Errors
    /// When there is no Rust, or the crates cannot be fetched.
    pub fn of(source: &Path, target: &Path) -> Result<Self> {
        let platform = platform()?;
        // The folders of crates have their names only once there are crates in them.
        succeed(
            cargo()
                .args(["fetch", "--locked", "--target", &platform, "--manifest-path"])
                .arg(source.join("Cargo.toml")),
        )?;
        let places = places(source, target)?;
        let (rust, c) = flags(&places);
        let variables = [
            ("CARGO_BUILD_TARGET", OsString::from(&platform)),
            ("CARGO_ENCODED_RUSTFLAGS", rust),
            ("CARGO_INCREMENTAL", "0".into()),
            ("CARGO_PROFILE_RELEASE_STRIP", "symbols".into()),
            ("CARGO_TARGET_DIR", target.into()),
            ("CC_SHELL_ESCAPED_FLAGS", "1".into()),
            ("TARGET_CFLAGS", c),
        ];
        Ok(Self {
            platform,
            places,
            variables: variables.into(),
            removed: influences(),
        })
    }

    /// Gives the variables to a command, and takes the others away.
    pub fn apply(&self, command: &mut Command) {
        for name in &self.removed {
            command.env_remove(name);
        }
        command.envs(&self.variables);
    }
}

/// The platform of this machine, as Rust names it.
///
/// # Errors
/// When there is no Rust.
pub fn platform() -> Result<String> {
    first_line(Command::new("rustc").args(["--print", "host-tuple"]))
}

/// The cargo that runs this program, if one does.
pub fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Folders that a compiler would write into a program, each with the name that it writes instead.
fn places(source: &Path, target: &Path) -> Result<Vec<(PathBuf, &'static str)>> {
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cargo"));
    let mut places = vec![(source.to_path_buf(), "/ampoule")];
    if let Some(cargo) = std::env::var_os("CARGO_HOME").map(PathBuf::from).or(home) {
        // The folder of a registry's crates is named after the registry, which may be a mirror.
        let registries = std::fs::read_dir(cargo.join("registry/src")).into_iter().flatten();
        let mut registries: Vec<_> = registries.flatten().map(|registry| registry.path()).collect();
        registries.sort();
        places.push((cargo, "/cargo"));
        places.extend(registries.into_iter().map(|registry| (registry, "/crates")));
    }
    let rust = first_line(Command::new("rustc").args(["--print", "sysroot"]))?;
    places.push((rust.into(), "/rust"));
    places.push((target.to_path_buf(), "/target"));
    Ok(places)
}

/// The flags of Rust's compiler and of C's.
fn flags(places: &[(PathBuf, &'static str)]) -> (OsString, OsString) {
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
    (rust, c)
}

/// The names of this process' variables that would change what the compilers write.
fn influences() -> Vec<OsString> {
    let names = std::env::vars_os().map(|(name, _)| name);
    let changes = |name: &OsString| {
        let name = name.to_string_lossy();
        INFLUENCES.contains(&name.as_ref()) || INFLUENCES_BEGIN.iter().any(|start| name.starts_with(start))
    };
    let mut names: Vec<_> = names.filter(changes).collect();
    names.sort();
    names
}

fn succeed(command: &mut Command) -> Result<()> {
    let command = command.stdin(Stdio::null()).stdout(std::io::stderr());
    let status = command
        .status()
        .map_err(|error| of_command(command, &error.to_string()))?;
    if status.success() {
        Ok(())
    } else {
        Err(of_command(command, &status.to_string()))
    }
}

fn first_line(command: &mut Command) -> Result<String> {
    let command = command.stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command
        .output()
        .map_err(|error| of_command(command, &error.to_string()))?;
    let text = String::from_utf8_lossy(&output.stdout);
    match text.lines().next() {
        Some(line) if output.status.success() => Ok(line.to_string()),
        _ => Err(of_command(command, &output.status.to_string())),
    }
}

fn of_command(command: &Command, what: &str) -> Error {
    Error::other(format!("{}: {what}", command.get_program().display()))
}
