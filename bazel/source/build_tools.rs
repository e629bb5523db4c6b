//! Builds Ampoule's programs with cargo, for Bazel: from given sources and vendored crates, with no trace of the folder it runs in.
//!
//! usage: build_tools RUST CRATES MANIFEST OUTPUT PROGRAM...
//! RUST is the folder of cargo and rustc, CRATES that of the vendored crates, OUTPUT the folder to write the programs to.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let [rust, crates, manifest, output, programs @ ..] = arguments else {
        return Err("usage: build_tools RUST CRATES MANIFEST OUTPUT PROGRAM...".into());
    };
    let [rust, crates, manifest, output] = [rust, crates, manifest, output].map(std::path::absolute);
    let (rust, crates, manifest, output) = (rust?, crates?, manifest?, output?);
    let target = output.with_extension("target");
    let triple = host(&rust.join("rustc"))?;
    let mut cargo = cargo(&rust, &crates, &target);
    cargo
        .args([
            "build",
            "--workspace",
            "--release",
            "--locked",
            "--offline",
            "--quiet",
            "--target",
            &triple,
        ])
        .arg("--manifest-path")
        .arg(&manifest)
        .arg("--target-dir")
        .arg(&target)
        .args(programs.iter().flat_map(|program| ["--bin", program]));
    let status = cargo
        .status()
        .map_err(|error| format!("cannot start cargo in {}: {error}", rust.display()))?;
    if !status.success() {
        return Err(format!("cargo failed: {status}").into());
    }
    for program in programs {
        let built = target.join(&triple).join("release").join(program);
        std::fs::copy(&built, output.join(program))
            .map_err(|error| format!("cannot copy {}: {error}", built.display()))?;
    }
    std::fs::remove_dir_all(&target)?;
    Ok(())
}

/// The platform of this machine, as Rust names it.
fn host(rustc: &Path) -> Result<String, Box<dyn Error>> {
    let output = Command::new(rustc).arg("-vV").output()?;
    let text = String::from_utf8(output.stdout)?;
    let host = text.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host
        .ok_or_else(|| format!("{} does not say for which host it is", rustc.display()))?
        .to_string())
}

/// Cargo with these crates instead of any registry, and with names in place of this machine's folders.
fn cargo(rust: &Path, crates: &Path, target: &Path) -> Command {
    let folder = std::env::current_dir().unwrap_or_default();
    let places = [
        (folder, "/build"),
        (real(crates), "/crates"),
        (real(rust), "/rust"),
        (target.to_path_buf(), "/target"),
    ];
    let mut rust_flags = vec!["-Ctarget-feature=+crt-static".to_string()];
    let mut c_flags = Vec::new();
    for (place, name) in &places {
        rust_flags.push(format!("--remap-path-prefix={}={name}", place.display()));
        c_flags.push(format!("-ffile-prefix-map={}={name}", place.display()));
    }
    let mut cargo = Command::new(rust.join("cargo"));
    cargo
        .env("RUSTC", rust.join("rustc"))
        .env("CARGO_HOME", target.join("home"))
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_ENCODED_RUSTFLAGS", rust_flags.join("\u{1f}"))
        .env("TARGET_CFLAGS", c_flags.join(" "))
        .arg("--config")
        .arg("source.crates-io.replace-with='vendored'")
        .arg("--config")
        .arg(format!("source.vendored.directory='{}'", crates.display()))
        .args(["--config", "profile.release.strip='symbols'"]);
    cargo
}

/// The folder that a sandbox's folder of links stands for.
fn real(folder: &Path) -> PathBuf {
    folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf())
}
