//! What the chain's tests share: the `ampoule` program with the tests' own cache, copies of cases in scratch folders, and components in hosts.
//!
//! What a test needs and cannot have is a panic.

pub mod component;
pub mod server;

use ampoule_action::Console;
use ampoule_fetch::{Options, Pins};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    here.expect("this crate is in a folder of the repository's folder of tests")
        .to_path_buf()
}

/// The program, as cargo has built it for the tests that it runs.
pub fn program() -> PathBuf {
    let program = std::env::var_os("CARGO_BIN_EXE_ampoule");
    program.expect("cargo runs the test, and says where it is").into()
}

/// Cargo's folder for what tests leave behind, which is beside that of the programs.
pub fn scratch() -> PathBuf {
    let program = program();
    let target = program.ancestors().nth(2);
    target.expect("it is in a folder of cargo's").join("tmp")
}

/// The cache that all tests of a run share, so that the toolchain is built once.
pub fn cache() -> PathBuf {
    scratch().join("cache")
}

/// A pinned archive, fetched into the tests' cache and unpacked anew in a folder of this name.
pub fn pinned(pins: &Path, name: &str, folder: &str) -> PathBuf {
    let pins = Pins::open(pins).expect("the pins can be read");
    let pin = pins.pin(name).expect("it is pinned");
    let files = cache().join("files");
    let fetched = ampoule_fetch::fetch(&[pin], &files, &Options::default(), &Console::quiet());
    let folder = scratch().join(folder);
    if folder.exists() {
        std::fs::remove_dir_all(&folder).expect("what an earlier run left can be removed");
    }
    fetched.expect("it can be fetched");
    let archive = pin
        .archive(&Options::default().platform, &files)
        .expect("it is for this machine");
    archive.unpack(&folder, &[]).expect("it can be unpacked");
    folder
}

/// `ampoule` in a folder, with the tests' cache.
pub fn ampoule(folder: &Path) -> Command {
    let mut command = Command::new(program());
    command
        .arg("--cache")
        .arg(cache())
        .current_dir(folder)
        .env_remove("XDG_CACHE_HOME");
    command
}

/// Runs a command, which must succeed; gives its stdout.
pub fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("the program can be started");
    assert!(output.status.success(), "{command:?} failed:\n{}", text(&output.stderr));
    text(&output.stdout)
}

/// Output bytes as text.
pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// What a command printed and its exit code, as golden files have it.
pub fn transcript(output: &Output) -> String {
    let code = output
        .status
        .code()
        .map_or("none: killed".to_string(), |code| code.to_string());
    format!(
        "exit code {code}\n--- stdout\n{}--- stderr\n{}",
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// A copy of a folder in a scratch folder.
pub fn copy(from: &Path) -> tempfile::TempDir {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    copy_into(from, scratch.path());
    scratch
}

/// Copies what is in a folder into another, without components that were built there.
pub fn copy_into(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).sort_by_file_name() {
        let entry = entry.expect("the folder can be read");
        let target = to.join(entry.path().strip_prefix(from).expect("an entry is below its folder"));
        let is_component = entry.depth() == 1 && target.extension().is_some_and(|extension| extension == "wasm");
        if is_component {
            continue;
        }
        if entry.file_type().is_dir() {
            std::fs::create_dir_all(&target).expect("a folder can be made");
        } else if entry.file_type().is_symlink() {
            let link = std::fs::read_link(entry.path()).expect("a link can be read");
            std::os::unix::fs::symlink(link, &target).expect("a link can be made");
        } else {
            std::fs::copy(entry.path(), &target).expect("a file can be copied");
        }
    }
}
