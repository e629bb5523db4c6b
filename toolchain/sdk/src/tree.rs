//! An SDK on disk: the tree that this stage writes, or an unpacked wasi-sdk release.

use crate::{Error, Tool, cxx};
use std::fmt;
use std::path::{Path, PathBuf};

/// The targets that an SDK compiles for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// WASI 0.1: core modules that import `wasi_snapshot_preview1`.
    Wasip1,
    /// WASI 0.2: core modules that import the interfaces of components.
    Wasip2,
}

impl Target {
    /// All targets.
    pub const ALL: [Target; 2] = [Target::Wasip1, Target::Wasip2];

    /// The name in clang's flags and in the names of the sysroot's folders.
    pub fn name(self) -> &'static str {
        match self {
            Target::Wasip1 => "wasm32-wasip1",
            Target::Wasip2 => "wasm32-wasip2",
        }
    }

    /// The normalised triple, which names the folder of compiler-rt.
    pub fn triple(self) -> &'static str {
        match self {
            Target::Wasip1 => "wasm32-unknown-wasip1",
            Target::Wasip2 => "wasm32-unknown-wasip2",
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A C and C++ toolchain for WASI: clang, wasm-ld, ar, and the libraries of both targets.
#[derive(Clone, Debug)]
pub struct Sdk {
    root: PathBuf,
    programs: Programs,
    resources: PathBuf,
}

/// Where the programs of an SDK are.
#[derive(Clone, Debug)]
enum Programs {
    /// One program that takes the tool's name as its first argument.
    Combined(PathBuf),
    /// A folder with one program for each tool, as in a wasi-sdk release.
    Separate(PathBuf),
}

impl Sdk {
    /// Opens the tree that the sdk stage has written, or an unpacked wasi-sdk release.
    ///
    /// # Errors
    /// When a part that the other stages need is not there; the error names it.
    pub fn open(root: &Path) -> Result<Sdk, Error> {
        let root = ampoule_action::absolute(root)?;
        let sdk = Sdk {
            programs: Programs::find(&root)?,
            resources: resource_folder(&root)?,
            root,
        };
        for target in Target::ALL {
            require(&sdk.root, &sdk.include_folder(target), "the C library's headers")?;
            require(&sdk.root, &sdk.library_folder(target).join("libc.a"), "the C library")?;
            require(&sdk.root, &sdk.builtins(target), "compiler-rt")?;
        }
        Ok(sdk)
    }

    /// The folder that was opened, as an absolute path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder with the headers and libraries of all targets (clang's `--sysroot`).
    pub fn sysroot(&self) -> PathBuf {
        self.root.join("share/wasi-sysroot")
    }

    /// clang's own headers and runtime library (clang's `-resource-dir`).
    pub fn resource_folder(&self) -> &Path {
        &self.resources
    }

    /// The folder of the C library's headers.
    pub fn include_folder(&self, target: Target) -> PathBuf {
        self.sysroot().join("include").join(target.name())
    }

    /// The folder of libc++'s headers, which are those of every target.
    pub fn cxx_headers(&self) -> PathBuf {
        self.sysroot().join(cxx::HEADERS)
    }

    /// Whether it brings the C++ libraries, as a wasi-sdk release does; else the stage `libcxx` makes them.
    pub fn has_cxx_libraries(&self) -> bool {
        self.library_folder(Target::Wasip2).join("libc++.a").is_file()
    }

    /// The folder of libc.a, libm.a, crt1-command.o, crt1-reactor.o and their like.
    pub fn library_folder(&self, target: Target) -> PathBuf {
        self.sysroot().join("lib").join(target.name())
    }

    /// The compiler's runtime library, libclang_rt.builtins.a.
    pub fn builtins(&self, target: Target) -> PathBuf {
        let library = self.resources.join("lib");
        let candidates = [
            library.join(target.triple()).join("libclang_rt.builtins.a"),
            library.join("wasi").join("libclang_rt.builtins-wasm32.a"),
        ];
        let found = candidates.iter().find(|path| path.is_file());
        found.unwrap_or(&candidates[0]).clone()
    }

    /// clang for C and wasip2.
    pub fn clang(&self) -> Tool {
        self.compiler(Target::Wasip2, false)
    }

    /// clang for C++ and wasip2.
    pub fn clang_cxx(&self) -> Tool {
        self.compiler(Target::Wasip2, true)
    }

    /// clang for a target; `cxx` makes it the driver for C++, which links libc++.
    pub fn compiler(&self, target: Target, cxx: bool) -> Tool {
        let tool = self.tool("clang");
        let tool = if cxx { tool.with("--driver-mode=g++") } else { tool };
        tool.with(format!("--target={target}"))
            .with("-resource-dir")
            .with(&self.resources)
            .with(format!("--sysroot={}", self.sysroot().display()))
            .with("-no-canonical-prefixes")
    }

    /// wasm-ld, without any flags.
    pub fn wasm_ld(&self) -> Tool {
        self.tool("wasm-ld")
    }

    /// wasm-ld, making a side module: position-independent, what it lacks is imported.
    pub fn side_module_linker(&self) -> Tool {
        let flags = [
            "-shared",
            "--experimental-pic",
            "--unresolved-symbols=import-dynamic",
            "--gc-sections",
        ];
        flags.into_iter().fold(self.wasm_ld(), Tool::with)
    }

    /// The archiver: `ar rcsD LIBRARY.a OBJECTS...`.
    pub fn ar(&self) -> Tool {
        self.tool("ar")
    }

    fn tool(&self, name: &str) -> Tool {
        match &self.programs {
            Programs::Combined(program) => Tool::new(program).with(name),
            Programs::Separate(folder) => Tool::new(&Programs::in_folder(folder, name)),
        }
    }
}

impl Programs {
    fn find(root: &Path) -> Result<Programs, Error> {
        let combined = root.join("libexec").join(crate::COMBINED_PROGRAM);
        if combined.is_file() {
            return Ok(Programs::Combined(combined));
        }
        let folder = root.join("bin");
        for name in ["clang", "wasm-ld", "ar"] {
            require(root, &Programs::in_folder(&folder, name), "a program of the toolchain")?;
        }
        Ok(Programs::Separate(folder))
    }

    /// A tool in wasi-sdk's `bin`: its archiver is called llvm-ar there, with or without the short name beside it.
    fn in_folder(folder: &Path, name: &str) -> PathBuf {
        let prefixed = folder.join(format!("llvm-{name}"));
        if prefixed.is_file() {
            prefixed
        } else {
            folder.join(name)
        }
    }
}

/// The one folder in `lib/clang`, which is named for clang's major version.
pub(crate) fn resource_folder(root: &Path) -> Result<PathBuf, Error> {
    let parent = root.join("lib").join("clang");
    let entries = std::fs::read_dir(&parent).map_err(|_| Error::Incomplete {
        sdk: root.to_path_buf(),
        missing: parent.clone(),
        what: "clang's own headers",
    })?;
    let mut folders: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("include/stddef.h").is_file())
        .collect();
    folders.sort();
    folders.pop().ok_or(Error::Incomplete {
        sdk: root.to_path_buf(),
        missing: parent,
        what: "clang's own headers",
    })
}

fn require(root: &Path, path: &Path, what: &'static str) -> Result<(), Error> {
    if path.exists() {
        return Ok(());
    }
    Err(Error::Incomplete {
        sdk: root.to_path_buf(),
        missing: path.to_path_buf(),
        what,
    })
}
