//! A root with Nix and Bazel, and the static tools that go into it.

use ampoule_support::{root, scratch, text};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// How long a command in the root may take, in seconds.
const LIMIT: &str = "3000";

static APT: Mutex<()> = Mutex::new(());

/// Held while apt is called, which fails where another one has its lists.
pub fn apt() -> MutexGuard<'static, ()> {
    APT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The root of `tests/build-systems/set-up.sh`, made by the first test that needs it.
pub fn machine() -> &'static Path {
    static MACHINE: OnceLock<PathBuf> = OnceLock::new();
    MACHINE.get_or_init(|| {
        let folder =
            std::env::var_os("AMPOULE_TEST_ROOT").map_or_else(|| scratch().join("build-systems"), PathBuf::from);
        let script = root().join("tests/build-systems/set-up.sh");
        let _alone = apt();
        ampoule_support::succeed(Command::new(script).arg(&folder));
        folder
    })
}

/// A folder with the static tools in `bin`, built by the first test that needs them.
pub fn tools() -> &'static Path {
    static TOOLS: OnceLock<PathBuf> = OnceLock::new();
    TOOLS.get_or_init(|| match std::env::var_os("AMPOULE_TEST_TOOLS") {
        Some(folder) => folder.into(),
        None => {
            let folder = scratch().join("tools");
            ampoule_release::tools::build(&root(), None, &folder).expect("the static tools can be built");
            folder
        }
    })
}

/// Runs a script of bash in the root, with folders bound to places there.
pub fn run(binds: &[(&Path, &str)], script: &str) -> Output {
    let mut command = Command::new("timeout");
    command
        .arg(LIMIT)
        .arg(root().join("tests/build-systems/enter.sh"))
        .arg(machine());
    for (folder, place) in binds {
        let mut bind = folder.as_os_str().to_owned();
        bind.push("=");
        bind.push(place);
        command.arg(bind);
    }
    command.args(["--", "bash", "-euo", "pipefail", "-c", script]);
    command.output().expect("the root can be entered")
}

/// What a script that must succeed prints.
pub fn succeed(binds: &[(&Path, &str)], script: &str) -> String {
    let output = run(binds, script);
    assert!(output.status.success(), "{script}\nfailed:\n{}", text(&output.stderr));
    text(&output.stdout)
}

/// Whether the driver had Rust's compiler from the Rust project: where it had to take Debian's, Nix and Bazel have none.
pub fn has_rust(pins: &Path) -> bool {
    let rust = ampoule_fetch::Pins::embedded();
    let rust = rust.pin("rustc").expect("it is pinned");
    let file = rust
        .file(&ampoule_fetch::Platform::host())
        .expect("it is for this machine");
    let is_there = pins.join(&file.file).is_file();
    if !is_there {
        eprintln!("not run: the Rust project cannot be reached from here");
    }
    is_there
}

/// The repository's files in a folder, without what git does not know.
pub fn copy_repository(to: &Path) {
    let listed = ampoule_support::succeed(
        Command::new("git")
            .args(["ls-files", "-co", "--exclude-standard", "-z"])
            .current_dir(root()),
    );
    for name in listed.split_terminator('\0').filter(|name| root().join(name).is_file()) {
        let target = to.join(name);
        std::fs::create_dir_all(target.parent().expect("a file is in a folder")).expect("a folder can be made");
        std::fs::copy(root().join(name), target).expect("a file can be copied");
    }
}
