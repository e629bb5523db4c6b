//! The programs in the tree's `bin`: scripts that find the tree by their own path and run what is in it, with its own loader and libraries.

use crate::Error;
use ampoule_action::{FileError, read_folder, write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The target that extension modules are compiled for. Its standard library is position-independent.
pub const TARGET: &str = "wasm32-wasip2";

/// The linker for build scripts and procedural macros, by the names from which rustc knows which arguments it takes: the linker itself, or the
/// compiler that calls it. clang's could do for both, but first compiles a C library of its own.
pub(crate) const LINKER: &str = "ld";
pub(crate) const COMPILER: &str = "cc";

/// What rustc links all with, as the linker looks for it: scripts that name the libraries which the packages have. Those of glibc's
/// development package name them by absolute paths.
const LIBRARIES: [(&str, &[&str]); 7] = [
    ("c", &["libc.so.6", "libc_nonshared.a"]),
    ("dl", &["libdl.so.2"]),
    ("gcc_s", &["libgcc_s.so.1"]),
    ("m", &["libm.so.6"]),
    ("pthread", &["libpthread.so.0"]),
    ("rt", &["librt.so.1"]),
    ("util", &["libutil.so.1"]),
];

/// The systems on which Rust is pinned: as std names them, and as Rust's targets do.
const HOSTS: [(&str, &str); 2] = [("linux", "unknown-linux-gnu"), ("macos", "apple-darwin")];

/// The target of what runs on this machine.
pub(crate) fn host() -> Result<String, Error> {
    let (architecture, system) = (std::env::consts::ARCH, std::env::consts::OS);
    let known = HOSTS.iter().find(|(name, _)| *name == system);
    let (_, target) = known.ok_or_else(|| Error::Platform(format!("{architecture}-{system}")))?;
    Ok(format!("{architecture}-{target}"))
}

/// Writes the programs.
pub(crate) fn write_all(root: &Path) -> Result<(), Error> {
    let runtime = Runtime::find(root)?;
    let sysroot = ["rust", "system/usr"]
        .into_iter()
        .find(|folder| root.join(folder).join("bin/rustc").is_file());
    let sysroot = sysroot.ok_or_else(|| Error::PartMissing("bin/rustc".to_string()))?;
    let run = |program: &str| runtime.command(&format!("$tree/{sysroot}/bin/{program}"));
    let rustc = format!("exec {} --sysroot \"$tree/{sysroot}\" \"$@\"\n", run("rustc"));
    write_program(root, "rustc", &rustc)?;
    write_program(root, "cargo", &format!("exec {} \"$@\"\n", run("cargo")))?;
    runtime.write_linker(root)?;
    make_program(&root.join("zig/zig"))
}

/// Writes a program that finds the tree by its own path.
fn write_program(root: &Path, name: &str, commands: &str) -> Result<(), Error> {
    let path = root.join("bin").join(name);
    write(&path, format!("#!/bin/sh\ntree=${{0%/*}}/..\n{commands}"))?;
    make_program(&path)
}

/// The loader and the libraries of the system that the packages bring; none where the machine's own are taken.
struct Runtime(Option<(PathBuf, String)>);

impl Runtime {
    fn find(root: &Path) -> Result<Runtime, Error> {
        let libraries = root.join("system/usr/lib");
        if !libraries.is_dir() {
            return Ok(Runtime(None));
        }
        let folder = format!("{}-linux-gnu", std::env::consts::ARCH);
        let files = read_folder(&libraries.join(&folder))?;
        let name = |path: &PathBuf| Some(path.file_name()?.to_str()?.to_string());
        let loader = files.iter().filter_map(name).find(|name| name.starts_with("ld-linux"));
        let loader = loader.ok_or_else(|| Error::PartMissing("ld-linux".to_string()))?;
        Ok(Runtime(Some((Path::new("system/usr/lib").join(folder), loader))))
    }

    /// Runs a program of the tree.
    fn command(&self, program: &str) -> String {
        match &self.0 {
            None => format!("\"{program}\""),
            Some((folder, loader)) => {
                let folder = format!("$tree/{}", folder.display());
                format!("\"{folder}/{loader}\" --argv0 \"{program}\" --library-path \"{folder}\" \"{program}\"")
            }
        }
    }

    /// Writes the program that links programs, and libraries that Rust's compiler loads, for this runtime.
    fn write_linker(&self, root: &Path) -> Result<(), Error> {
        let Some((folder, loader)) = &self.0 else {
            return write_program(root, COMPILER, "exec \"$tree/zig/zig\" cc \"$@\"\n");
        };
        for (name, files) in LIBRARIES {
            let script = format!("INPUT ( {} )\n", files.join(" "));
            write(&root.join("link").join(format!("lib{name}.so")), script)?;
        }
        let script = format!(
            "system=\"$tree/{}\"\n\
             for argument; do\n    \
                 case $argument in -shared) shared=yes ;; esac\n\
             done\n\
             [ -n \"$shared\" ] || set -- \"$system/Scrt1.o\" \"$@\"\n\
             exec \"$tree/zig/zig\" ld.lld \"$@\" -L\"$tree/link\" -L\"$system\" --dynamic-linker=\"$system/{loader}\" -rpath=\"$system\"\n",
            folder.display()
        );
        write_program(root, LINKER, &script)
    }
}

fn make_program(path: &Path) -> Result<(), Error> {
    let mode = std::fs::Permissions::from_mode(0o755);
    Ok(std::fs::set_permissions(path, mode).map_err(FileError::writing(path))?)
}
