//! Running cargo in a scratch folder.

use crate::stage::is_left_out;
use crate::{Error, crates, sandbox};
use ampoule_action::{
    Console, FileError, Links, copy_file, copy_folder, make_folder, read, read_folder, read_text, write,
    write_atomically,
};
use ampoule_recipe::Description;
use ampoule_rust::{Rust, TARGET};
use ampoule_sdk::{Sdk, Tool};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What is built, and with what.
pub(crate) struct Compilation<'c> {
    pub(crate) rust: &'c Rust,
    pub(crate) sdk: &'c Sdk,
    pub(crate) description: &'c Description,
    pub(crate) source: &'c Path,
    pub(crate) crates: &'c [(String, PathBuf)],
    /// Whether a sandbox is there already.
    pub(crate) is_confined: bool,
    /// A folder for all that is written.
    pub(crate) scratch: &'c Path,
}

/// How all crates are compiled. Without fat link-time optimisation the standard library would bring objects along that are not
/// position-independent, and imports of WASI that nothing calls.
const PROFILE: [(&str, &str); 7] = [
    ("CARGO_INCREMENTAL", "0"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
    ("CARGO_PROFILE_RELEASE_LTO", "fat"),
    ("CARGO_PROFILE_RELEASE_PANIC", "abort"),
    ("CARGO_PROFILE_RELEASE_STRIP", "none"),
    ("SOURCE_DATE_EPOCH", "0"),
];

/// What PyO3 is told of the interpreter, for it has none to ask (PyO3's guide, "Building and distribution").
const PYO3: [(&str, &str); 2] = [("PYO3_BUILD_EXTENSION_MODULE", "1"), ("PYO3_NO_PYTHON", "1")];

/// The flags for C in crates: as the stage `extension` compiles C.
const C_FLAGS: &str = "-O2 -fPIC -fvisibility=hidden -fno-strict-aliasing";

/// How lines of cargo begin that tell nothing of an error here.
const NO_NEWS: [&str; 5] = [
    "Blocking ",
    "Compiling ",
    "Finished ",
    "help: if this error is too confusing you may wish to retry without",
    "note: offline mode (via",
];

impl Compilation<'_> {
    /// Compiles the crate, and writes its library.
    pub(crate) fn run(&self, output: &Path, console: &Console) -> Result<(), Error> {
        let manifest = self.lay_out()?;
        std::thread::scope(|scope| {
            let confined = scope.spawn(|| {
                if !self.is_confined {
                    sandbox::confine(&[self.rust.root(), self.sdk.root()], self.scratch)?;
                }
                self.compile(&manifest, console)
            });
            confined.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        let folder = self.scratch.join("target").join(TARGET).join("release");
        let libraries: Vec<PathBuf> = read_folder(&folder)?
            .into_iter()
            .filter(|path| path.extension().is_some_and(|extension| extension == "a"))
            .collect();
        match &libraries[..] {
            [library] => {
                self.check_paths(&read(library)?)?;
                Ok(copy_file(library, output)?)
            }
            _ => Err(Error::Libraries {
                manifest,
                count: libraries.len(),
            }),
        }
    }

    /// Checks that a library does not tell where it was compiled, in which it would differ elsewhere.
    fn check_paths(&self, library: &[u8]) -> Result<(), Error> {
        let folder = self.scratch.as_os_str().as_encoded_bytes();
        match library.windows(folder.len()).any(|window| window == folder) {
            true => Err(Error::Path(self.description.name.clone())),
            false => Ok(()),
        }
    }

    /// Writes all that cargo reads to the scratch folder; gives the path of the manifest there.
    fn lay_out(&self) -> Result<PathBuf, Error> {
        let source = self.scratch.join("source");
        copy_folder(self.source, &source, Links::Followed, |path| !is_left_out(path))?;
        let manifest = source.join(self.description.manifest());
        if !manifest.is_file() {
            return Err(Error::NoManifest(self.source.join(self.description.manifest())));
        }
        let folder = manifest.parent().unwrap_or(&source);
        if let Some(lock) = &self.description.lock {
            write_atomically(&folder.join("Cargo.lock"), &read(&source.join(lock))?)?;
        }
        if self.description.lock_in(&source).is_none() && self.crates.is_empty() {
            return Err(Error::NoLock(self.source.to_path_buf()));
        }
        crates::unpack_all(self.crates, &self.scratch.join("crates"))?;
        for name in ["temporary", "target", "zig"] {
            make_folder(&self.scratch.join(name))?;
        }
        self.end_workspace(&manifest, &source)?;
        write(&self.scratch.join("home/config.toml"), self.configuration())?;
        write(&self.scratch.join("pyo3.txt"), interpreter())?;
        write_program(&self.scratch.join("bin/rustc"), &self.rustc())?;
        for (name, tool) in [
            ("clang", self.sdk.clang()),
            ("clang++", self.sdk.clang_cxx()),
            ("ar", self.sdk.ar()),
        ] {
            write_tool(&self.scratch.join("bin").join(name), &tool)?;
        }
        Ok(manifest)
    }

    /// Makes a manifest that is in no workspace one of its own: cargo would look for one in all folders above.
    fn end_workspace(&self, manifest: &Path, source: &Path) -> Result<(), Error> {
        for folder in self.description.folders(source) {
            if is_workspace(folder.join("Cargo.toml"))? {
                return Ok(());
            }
        }
        let text = read_text(manifest)?;
        Ok(write_atomically(manifest, format!("{text}\n[workspace]\n").as_bytes())?)
    }

    /// Rust's compiler, which lets PyO3 have a feature that it needs and no other crate does: before its version 0.27 it calls
    /// functions of std for this target which are those of `wasm32-wasip1`, and not called stable yet.
    fn rustc(&self) -> String {
        let rustc = quoted(self.rust.program("rustc").as_os_str());
        format!(
            "for argument; do\n    \
                 case $before$argument in --crate-namepyo3) is_pyo3=yes ;; --target{TARGET}) is_wasm=yes ;; esac\n    \
                 before=$argument\n\
             done\n\
             [ \"$is_pyo3$is_wasm\" != yesyes ] || RUSTC_BOOTSTRAP=pyo3 exec {rustc} \"$@\" '-Zcrate-attr=feature(wasip2)'\n\
             exec {rustc} \"$@\"\n"
        )
    }

    /// cargo's settings: crates come from the folder, and nothing from a network.
    fn configuration(&self) -> String {
        let folder = self.scratch.join("crates");
        let folder = serde_json::json!(folder.to_string_lossy());
        format!(
            "[source.crates-io]\nreplace-with = \"given\"\n[source.given]\ndirectory = {folder}\n[net]\noffline = true\n\
             [term]\ncolor = \"never\"\n"
        )
    }

    fn compile(&self, manifest: &Path, console: &Console) -> Result<(), Error> {
        self.lock(manifest)?;
        let title = format!("compiling {}", self.description.name);
        let total = self.count(manifest)?;
        let mut command = self.cargo("rustc", manifest);
        command.args(["--release", "--lib", "--crate-type", "staticlib"]);
        let mut done = 0;
        self.follow(command, |line| {
            if line.trim_start().starts_with("Compiling ") {
                console.step(&title, done, total.max(done + 1));
                done += 1;
            }
        })
        .map(drop)
    }

    /// Has cargo write a lock where there is none: with just those crates there that are given, it can name no others.
    fn lock(&self, manifest: &Path) -> Result<(), Error> {
        if self.description.lock_in(&self.scratch.join("source")).is_some() {
            return Ok(());
        }
        let mut command = self.program();
        command
            .args(["generate-lockfile", "--offline", "--manifest-path"])
            .arg(manifest);
        self.follow(command, |_| ())
    }

    /// How many crates are compiled, the same for both sides counted once.
    fn count(&self, manifest: &Path) -> Result<u64, Error> {
        let mut command = self.cargo("tree", manifest);
        command.args(["--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
        let mut crates: Vec<String> = Vec::new();
        self.follow(command, |line| {
            crates.push(line.split(" (").next().unwrap_or(line).to_string())
        })?;
        crates.sort();
        crates.dedup();
        Ok(crates.len() as u64)
    }

    /// Runs cargo to its end, and hands on each line of what it says.
    fn follow(&self, mut command: Command, mut line: impl FnMut(&str)) -> Result<(), Error> {
        let (reader, writer) = std::io::pipe().map_err(FileError::writing(self.scratch))?;
        let copy = writer.try_clone().map_err(FileError::writing(self.scratch))?;
        command.stdin(Stdio::null()).stdout(copy).stderr(writer);
        let mut child = command.spawn().map_err(|error| Error::Start {
            program: self.rust.program("cargo"),
            error,
        })?;
        // The pipe ends when no one holds its other end.
        drop(command);
        let mut said = Vec::new();
        for text in BufReader::new(reader).split(b'\n') {
            let text = text.map_err(FileError::reading(self.scratch))?;
            let text = String::from_utf8_lossy(&text).into_owned();
            line(&text);
            said.push(text);
        }
        let status = child.wait().map_err(FileError::reading(self.scratch))?;
        if status.success() {
            return Ok(());
        }
        let output = self.without_scratch(&said.join("\n"));
        Err(Error::Failed {
            name: self.description.name.clone(),
            hint: hint(&output),
            output,
        })
    }

    /// What cargo said, without progress and advice that is not for here, and with paths as the user has them.
    fn without_scratch(&self, said: &str) -> String {
        let is_news = |line: &&str| !NO_NEWS.iter().any(|begin| line.trim_start().starts_with(begin));
        let lines: Vec<&str> = said.lines().filter(is_news).collect();
        let places = [("source", &*self.source.to_string_lossy()), ("crates", "crates")];
        let said = lines.join("\n");
        places.iter().fold(said, |said, (folder, name)| {
            said.replace(&*self.scratch.join(folder).to_string_lossy(), name)
        })
    }

    /// A command of cargo for the target.
    fn cargo(&self, what: &str, manifest: &Path) -> Command {
        let mut command = self.program();
        command
            .args([what, "--frozen", "--target", TARGET, "--manifest-path"])
            .arg(manifest);
        if !self.description.default_features {
            command.arg("--no-default-features");
        }
        if !self.description.features.is_empty() {
            command.arg("--features").arg(self.description.features.join(","));
        }
        command
    }

    /// cargo, in an environment in which nothing is that is not written here.
    fn program(&self) -> Command {
        let scratch = |name: &str| self.scratch.join(name);
        let mut command = Command::new(self.rust.program("cargo"));
        // cargo reads settings in all folders above the one it is started in.
        command.current_dir("/").env_clear();
        command.envs(PROFILE).envs(PYO3);
        for (name, folder) in [
            ("CARGO_HOME", "home"),
            ("CARGO_TARGET_DIR", "target"),
            ("HOME", "home"),
            ("PATH", "bin"),
            ("PYO3_CONFIG_FILE", "pyo3.txt"),
            ("TMPDIR", "temporary"),
            ("ZIG_GLOBAL_CACHE_DIR", "zig"),
            ("ZIG_LOCAL_CACHE_DIR", "zig"),
        ] {
            command.env(name, scratch(folder));
        }
        self.compilers(&mut command);
        command
    }

    /// The compilers and linkers for both sides.
    fn compilers(&self, command: &mut Command) {
        let host = self.rust.host();
        let linker = format!("CARGO_TARGET_{}_LINKER", host.to_uppercase().replace('-', "_"));
        command.env("RUSTC", self.scratch.join("bin/rustc"));
        command.env(linker, self.rust.linker());
        let target = TARGET.replace('-', "_");
        for (name, program) in [("CC", "clang"), ("CXX", "clang++"), ("AR", "ar")] {
            command.env(format!("{name}_{target}"), self.scratch.join("bin").join(program));
        }
        let mapped = self.mapped();
        let c_flags = mapped
            .iter()
            .map(|(folder, name)| quoted(format!("-ffile-prefix-map={folder}={name}").as_ref()));
        let c_flags: Vec<String> = std::iter::once(C_FLAGS.to_string()).chain(c_flags).collect();
        // The crate `cc` then reads the flags as a shell does.
        command.env("CC_SHELL_ESCAPED_FLAGS", "1");
        for name in ["CFLAGS", "CXXFLAGS"] {
            command.env(format!("{name}_{target}"), c_flags.join(" "));
        }
        let flags = mapped
            .iter()
            .map(|(folder, name)| format!("--remap-path-prefix={folder}={name}"));
        command.env("CARGO_ENCODED_RUSTFLAGS", flags.collect::<Vec<_>>().join("\x1f"));
    }

    /// The folders that are called otherwise in what is compiled, so that no path of this machine gets into it.
    fn mapped(&self) -> [(String, &'static str); 5] {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        [
            (text(&self.scratch.join("source")), "."),
            (text(&self.scratch.join("crates")), "/crates"),
            (text(self.scratch), "/build"),
            (text(self.rust.root()), "/rust"),
            (text(self.sdk.root()), "/sdk"),
        ]
    }
}

/// Whether a manifest is there, and of a workspace.
fn is_workspace(file: PathBuf) -> Result<bool, Error> {
    if !file.is_file() {
        return Ok(false);
    }
    let parsed: Result<toml::Table, _> = read_text(&file)?.parse();
    let parsed = parsed.map_err(|error| Error::Manifest {
        file,
        error: Box::new(error),
    })?;
    Ok(parsed.contains_key("workspace"))
}

/// What PyO3 reads of the interpreter.
fn interpreter() -> String {
    format!(
        "implementation=CPython\nversion={}\nshared=false\npointer_width=32\nsuppress_build_script_link_lines=true\n",
        ampoule_image::SERIES
    )
}

/// Writes a program that runs a tool of the SDK.
fn write_tool(path: &Path, tool: &Tool) -> Result<(), Error> {
    let words = std::iter::once(tool.program().as_os_str()).chain(tool.arguments().iter().map(AsRef::as_ref));
    let command: Vec<String> = words.map(quoted).collect();
    write_program(path, &format!("exec {} \"$@\"\n", command.join(" ")))
}

/// Writes a program of these commands of a shell.
fn write_program(path: &Path, commands: &str) -> Result<(), Error> {
    write(path, format!("#!/bin/sh\n{commands}"))?;
    let mode = std::fs::Permissions::from_mode(0o755);
    Ok(std::fs::set_permissions(path, mode).map_err(FileError::writing(path))?)
}

/// A word as the shell takes it.
fn quoted(text: &std::ffi::OsStr) -> String {
    format!("'{}'", text.to_string_lossy().replace('\'', r"'\''"))
}

/// What to do about what cargo says.
fn hint(output: &str) -> &'static str {
    let of_lock = ["lock file", "no matching package", "failed to select a version"];
    if of_lock.iter().any(|text| output.contains(text)) {
        "\nCargo.lock does not fit Cargo.toml: write it again with `cargo update --workspace`. Only crates of cargo's registry can be had, none from \
         git, and none that lie beside the source folder"
    } else if output.contains("Unable to update") || output.contains("failed to read") {
        "\nonly crates of cargo's registry, as Cargo.lock pins them, can be had here: none from git, none that lie beside the source folder"
    } else {
        ""
    }
}
