//! A scratch folder for a test, in which Bazel runs, and the disk cache that it starts with.

use super::driver::pins;
use crate::build_systems::{copy_repository, run, tools};
use ampoule_support::{succeed, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;

/// Bazel with its own output root, and the options for a machine without a network.
const PRELUDE: &str = "\
bazel() {
    command bazel --output_user_root=/scratch/root --bazelrc=/ampoule/tests/build-systems/bazel/offline.bazelrc \"$@\"
}
export AMPOULE_TOOLS=/tools/bin
cd /ampoule
";

/// A scratch folder, in the root at `/scratch`, with a copy of the repository, at `/ampoule`.
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// A folder whose disk cache, at `/scratch/disk`, has the toolchain.
    pub fn new(name: &str) -> Scratch {
        let scratch = Scratch::empty(name);
        let from = toolchain().join(".");
        // Hard links: Bazel never writes to a file of the cache again.
        succeed(Command::new("cp").arg("-al").arg(from).arg(scratch.path("disk")));
        scratch
    }

    pub fn empty(name: &str) -> Scratch {
        let folder = scratch_root().join(name);
        remove(&folder);
        let scratch = Scratch { folder };
        copy_repository(&scratch.path("ampoule"));
        std::fs::create_dir_all(scratch.path("disk")).expect("a folder can be made");
        scratch
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    pub fn run(&self, script: &str) -> Output {
        self.run_with(&[], script)
    }

    /// Runs a script with more folders bound into the root.
    pub fn run_with(&self, more: &[(&Path, &str)], script: &str) -> Output {
        let repository = self.path("ampoule");
        let mut binds = vec![
            (self.folder.as_path(), "/scratch"),
            (&repository, "/ampoule"),
            (tools(), "/tools"),
            (pins(), "/pins"),
        ];
        binds.extend(more);
        run(&binds, &format!("{PRELUDE}{script}"))
    }

    /// Runs a script that must succeed; gives what it prints.
    pub fn bazel(&self, script: &str) -> String {
        let output = self.run(script);
        assert!(output.status.success(), "{script}\nfailed:\n{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a script that must fail; gives what it complains of.
    pub fn refused(&self, script: &str) -> String {
        let output = self.run(script);
        let printed = text(&output.stderr) + &text(&output.stdout);
        assert!(!output.status.success(), "{script} succeeded:\n{printed}");
        printed
    }

    /// The actions in an execution log, by their first output.
    pub fn log(&self, name: &str) -> BTreeMap<String, Spawn> {
        let content = std::fs::read_to_string(self.path(name)).expect("Bazel has written the log");
        let spawns = serde_json::Deserializer::from_str(&content).into_iter::<Spawn>();
        let spawns = spawns.map(|spawn| spawn.expect("an entry of the log is JSON"));
        spawns.map(|spawn| (spawn.listed_outputs[0].clone(), spawn)).collect()
    }

    /// Writes a file of the repository's copy anew.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let path = self.path("ampoule").join(file);
        let content = std::fs::read_to_string(&path).expect("the file can be read");
        assert!(content.contains(from), "{file} has {from}");
        std::fs::write(path, content.replace(from, to)).expect("the file can be written");
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            remove(&self.folder);
        }
    }
}

/// What the execution log says of an action.
#[derive(Debug, PartialEq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spawn {
    pub mnemonic: String,
    pub runner: String,
    #[serde(default)]
    pub cache_hit: bool,
    pub listed_outputs: Vec<String>,
    #[serde(default)]
    pub command_args: Vec<String>,
    #[serde(default)]
    pub environment_variables: Vec<serde_json::Value>,
    #[serde(default)]
    pub inputs: Vec<serde_json::Value>,
    #[serde(default)]
    pub actual_outputs: Vec<serde_json::Value>,
}

/// Removes a folder with the read-only folders that Bazel leaves.
pub fn remove(folder: &Path) {
    if folder.exists() {
        succeed(Command::new("rm").arg("-rf").arg(folder));
    }
}

pub fn scratch_root() -> PathBuf {
    ampoule_support::scratch().join("bazel")
}

/// A disk cache with the toolchain and nothing else: for this repository, and for one that depends on it as a module, where the
/// same files have other paths.
fn toolchain() -> &'static Path {
    static TOOLCHAIN: OnceLock<PathBuf> = OnceLock::new();
    TOOLCHAIN.get_or_init(|| {
        let folder = scratch_root().join("toolchain");
        std::fs::create_dir_all(&folder).expect("a folder can be made");
        let scratch = Scratch::empty("building-the-toolchain");
        let script = "bazel build --disk_cache=/disk //bazel:toolchain --output_groups=+sdk,+cpython
            bazel shutdown
            cd examples/bazel
            bazel build --disk_cache=/disk @ampoule//bazel:toolchain --output_groups=+sdk,+cpython";
        let output = scratch.run_with(&[(&folder, "/disk")], script);
        assert!(output.status.success(), "{}", text(&output.stderr));
        folder
    })
}
