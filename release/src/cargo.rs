//! What cargo says of the workspace, as far as a release needs it.

use crate::Error;
use ampoule_environment::cargo;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::process::Stdio;

/// The package whose programs are released, with those of the workspace's packages that it is made of.
pub const DRIVER: &str = "ampoule";

/// The workspace.
#[derive(Debug, Deserialize)]
pub struct Workspace {
    /// Its packages, with all others where the dependencies are resolved.
    pub packages: Vec<Package>,
    /// Its folder.
    pub workspace_root: PathBuf,
    /// Where cargo builds it.
    pub target_directory: PathBuf,
    resolve: Option<Resolve>,
}

/// A package.
#[derive(Debug, Deserialize)]
pub struct Package {
    /// Unique among all packages.
    pub id: String,
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
    /// The licence as its author has written it.
    pub license: Option<String>,
    /// Where it comes from, if not from the workspace.
    pub source: Option<String>,
    /// What it depends on, as its manifest says.
    pub dependencies: Vec<Declared>,
    targets: Vec<Target>,
}

/// A dependency in a manifest.
#[derive(Debug, Deserialize)]
pub struct Declared {
    /// The package's name.
    pub name: String,
    /// `dev`, `build`, or nothing.
    pub kind: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

/// A package in the resolved graph.
#[derive(Debug, Deserialize)]
pub struct Node {
    /// The package.
    pub id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Debug, Deserialize)]
struct Kind {
    kind: Option<String>,
}

impl Workspace {
    /// Reads the workspace in a folder with `cargo metadata` and more flags of its.
    ///
    /// # Errors
    /// When cargo cannot read it, or it is another one.
    pub fn read(source: &Path, flags: &[&str]) -> Result<Workspace, Error> {
        let output = cargo()
            .args(["metadata", "--format-version", "1"])
            .args(flags)
            .arg("--manifest-path")
            .arg(source.join("Cargo.toml"))
            .stdin(Stdio::null())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| Error::start("cargo", error))?;
        if !output.status.success() {
            return Err(Error::Failed {
                program: "cargo metadata".to_string(),
                status: output.status,
            });
        }
        let workspace: Workspace =
            serde_json::from_slice(&output.stdout).map_err(|error| Error::start("cargo", error.into()))?;
        if workspace.packages.iter().any(|package| package.name == DRIVER) {
            Ok(workspace)
        } else {
            Err(Error::NoDriver(source.to_path_buf()))
        }
    }

    /// The driver's package.
    pub fn driver(&self) -> &Package {
        let mut packages = self.packages.iter();
        packages
            .find(|package| package.name == DRIVER && package.source.is_none())
            .expect("the workspace was read because it has the driver")
    }

    /// The nodes of the resolved graph.
    pub fn nodes(&self) -> &[Node] {
        self.resolve.as_ref().map_or(&[], |resolve| &resolve.nodes)
    }
}

impl Package {
    /// Whether it runs in the compiler only.
    pub fn is_macro(&self) -> bool {
        self.targets
            .iter()
            .any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
    }
}

impl Node {
    /// The packages that it depends on, and whether each is linked into it rather than used to build it. Those of its tests are left out.
    pub fn dependencies(&self) -> impl Iterator<Item = (&str, bool)> {
        self.deps.iter().flat_map(|dependency| {
            let kinds = dependency.dep_kinds.iter().map(|kind| kind.kind.as_deref());
            kinds
                .filter(|kind| *kind != Some("dev"))
                .map(|kind| (dependency.pkg.as_str(), kind.is_none()))
        })
    }
}
