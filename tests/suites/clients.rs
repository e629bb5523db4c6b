//! HTTP clients of Python in a component, unmodified: what each of `tests/suites/clients/app.py` gives over `wasi:http` is what it gives
//! over sockets, but for what `compare.py` names.

use ampoule_support::{ampoule, copy, root, succeed};
use libtest_mimic::{Failed, Trial};
use std::process::Command;

/// A test for the clients that are in Python alone, and one with aiohttp, whose packages are compiled.
pub fn trials() -> Vec<Trial> {
    let trial = |name: &str, lock: &'static str| Trial::test(format!("clients::{name}"), move || check(lock));
    vec![
        trial("pure", "pylock.toml"),
        trial("aiohttp", "with-aiohttp.toml").with_ignored_flag(true),
    ]
}

fn check(lock: &str) -> Result<(), Failed> {
    let scratch = copy(&root().join("tests/suites/clients"));
    std::fs::rename(scratch.path().join(lock), scratch.path().join("pylock.toml"))?;
    succeed(ampoule(scratch.path()).arg("build"));
    let run = ampoule(scratch.path());
    let mut compare = Command::new("python3");
    compare.arg("compare.py").arg("clients.wasm").arg("--");
    compare.arg(run.get_program()).args(run.get_args()).arg("run");
    compare.current_dir(scratch.path());
    for (name, value) in run.get_envs() {
        match value {
            Some(value) => compare.env(name, value),
            None => compare.env_remove(name),
        };
    }
    succeed(&mut compare);
    Ok(())
}
