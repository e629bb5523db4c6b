//! Compiles and links the modules of a program in all the ways that are compared.

use super::generator::Program;
use ampoule_sdk::Sdk;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The modules of a program.
pub struct Built {
    /// All of it, linked statically by wasm-ld.
    pub reference: Vec<u8>,
    /// The base alone.
    pub base: Vec<u8>,
    /// The side modules.
    pub side_modules: Vec<Vec<u8>>,
}

const LEVELS: [&str; 4] = ["-O0", "-O1", "-O2", "-Os"];

/// Builds a program.
pub fn build(sdk: &Sdk, program: &Program, seed: u64) -> Built {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let mut static_objects = Vec::new();
    let mut side_modules = Vec::new();
    for (place, source) in program.modules.iter().enumerate() {
        let level = LEVELS[(seed as usize + place) % LEVELS.len()];
        let file = folder.join(format!("module{place}.c"));
        std::fs::write(&file, source).unwrap();
        static_objects.push(compile(sdk, &file, &[level]));
        if place > 0 {
            side_modules.push(link_side(
                sdk,
                &compile(sdk, &file, &[level, "-fPIC", "-fvisibility=default"]),
                seed,
            ));
        }
    }
    let reference = link_static(sdk, &static_objects, folder);
    let base = link_static(sdk, &static_objects[..1], folder);
    Built {
        reference,
        base,
        side_modules,
    }
}

fn compile(sdk: &Sdk, source: &Path, flags: &[&str]) -> PathBuf {
    let object = source.with_extension(format!("{}.o", flags.len()));
    let flags = flags
        .iter()
        .copied()
        .chain(["-ffreestanding", "-Wno-tautological-pointer-compare", "-c", "-o"]);
    succeed(sdk.clang().command().args(flags).arg(&object).arg(source));
    object
}

/// A static module, with all that side modules may want exported; what it lacks itself it imports.
fn link_static(sdk: &Sdk, objects: &[PathBuf], folder: &Path) -> Vec<u8> {
    let output = folder.join("static.wasm");
    let flags = [
        "--no-entry",
        "--export-all",
        "--export-table",
        "--growable-table",
        "-z",
        "stack-size=65536",
    ];
    let unresolved = "--allow-undefined";
    succeed(
        sdk.wasm_ld()
            .command()
            .args(flags)
            .arg(unresolved)
            .args(objects)
            .arg("-o")
            .arg(&output),
    );
    std::fs::read(output).unwrap()
}

fn link_side(sdk: &Sdk, object: &Path, seed: u64) -> Vec<u8> {
    let output = object.with_extension("so");
    let flags = ["-shared", "--experimental-pic", "--unresolved-symbols=import-dynamic"];
    let symbolic: &[&str] = if seed.is_multiple_of(2) { &[] } else { &["-Bsymbolic"] };
    succeed(
        sdk.wasm_ld()
            .command()
            .args(flags)
            .args(symbolic)
            .arg(object)
            .arg("-o")
            .arg(&output),
    );
    std::fs::read(output).unwrap()
}

fn succeed(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
