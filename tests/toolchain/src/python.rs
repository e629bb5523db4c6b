//! Python programs for tests, in virtual environments below the target folder.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// The folder of the programs of a virtual environment with packages, such as `mypy==2.4.1`, made with pip by the first test that needs it.
/// `scratch` is cargo's folder for what tests leave behind. What cannot be made is a panic: the test cannot run.
pub fn python_with(scratch: &Path, packages: &[&str]) -> PathBuf {
    // One at a time, so that tests of one program can share an environment.
    static MAKING: Mutex<()> = Mutex::new(());
    let _making = MAKING.lock();
    let folder = scratch.join(format!("python-{}", packages.join("-")));
    let programs = folder.join("bin");
    let complete = folder.join("complete");
    if !complete.exists() {
        succeed(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder));
        let mut pip = Command::new(programs.join("python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
        succeed(pip.args(packages));
        std::fs::write(complete, "").expect("the folder is ours");
    }
    programs
}

fn succeed(command: &mut Command) {
    let output = command.output().expect("the program can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed:\n{said}");
}
