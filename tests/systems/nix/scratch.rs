//! A scratch folder for a test, in which Nix runs, and the copy of the repository that it builds from.

use super::driver::pins;
use crate::build_systems::{copy_repository, run, succeed, tools};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Nix with what the facts of this machine ask for: root without build users, no binary cache.
const CONFIGURATION: &str = "\
experimental-features = nix-command flakes ca-derivations
sandbox = true
sandbox-fallback = false
build-users-group =
substituters =
warn-dirty = false
";

/// A scratch folder for a test: `/scratch` in the root, with the repository's copy beside it at `/ampoule`.
pub struct Scratch {
    pub folder: PathBuf,
}

impl Scratch {
    pub fn new(name: &str) -> Scratch {
        let folder = ampoule_support::scratch().join("nix").join(name);
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a scratch folder can be made");
        Scratch { folder }
    }

    pub fn binds(&self) -> [(&Path, &str); 4] {
        [
            (&self.folder, "/scratch"),
            (repository(), "/ampoule"),
            (tools(), "/tools"),
            (pins(), "/pins"),
        ]
    }

    /// Runs a script in the scratch folder, in the root; gives what it prints.
    pub fn nix(&self, script: &str) -> String {
        succeed(&self.binds(), &prepared(script))
    }

    /// Runs a script that must fail; gives what it complains of.
    pub fn refused(&self, script: &str) -> String {
        let output = run(&self.binds(), &prepared(script));
        assert!(!output.status.success(), "{script} succeeded");
        ampoule_support::text(&output.stderr)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A store may have been made here; when the test fails, it is looked at and removed by the next run.
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }
}

/// A script in the scratch folder, with the variables of the documentation, and `with_shell`: Nix with this machine's shell in the
/// sandbox, where nixpkgs would have one.
pub fn prepared(script: &str) -> String {
    let system = format!("{}-linux", std::env::consts::ARCH);
    format!(
        "export NIX_CONFIG='{CONFIGURATION}' PATH=/tools/bin:$PATH AMPOULE=path:/ampoule TOOLS=/tools SYSTEM={system}
        with_shell() {{ command nix --option sandbox-paths '/bin=/usr/bin /lib=/usr/lib /lib64=/usr/lib64' \"$@\"; }}
        cd /scratch
        {script}"
    )
}

/// The copy of the repository, with its lock file for this machine and the pinned files in the store.
fn repository() -> &'static Path {
    static REPOSITORY: OnceLock<PathBuf> = OnceLock::new();
    REPOSITORY.get_or_init(|| {
        let folder = ampoule_support::scratch().join("nix/ampoule");
        let _ = std::fs::remove_dir_all(&folder);
        copy_repository(&folder);
        let binds = [(folder.as_path(), "/ampoule"), (tools(), "/tools"), (pins(), "/pins")];
        let script = "
            for file in /pins/*; do nix store add-file --name \"$(basename \"$file\" | tr '~' '-')\" \"$file\"; done
            nix flake lock path:/ampoule --override-input nixpkgs path:/ampoule/nix/offline --override-input tools path:/tools
        ";
        succeed(&binds, &format!("export NIX_CONFIG='{CONFIGURATION}'\n{script}"));
        folder
    })
}

/// The names of what `nix build --dry-run` would build, without hash and ending.
pub fn planned(printed: &str) -> BTreeSet<&str> {
    let derivations = printed.lines().filter_map(|line| line.trim().strip_suffix(".drv"));
    derivations
        .filter_map(|path| Some(path.strip_prefix("/nix/store/")?.split_once('-')?.1))
        .collect()
}
