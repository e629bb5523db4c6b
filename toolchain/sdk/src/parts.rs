//! The packages that an SDK is made of: what is taken from each, and where it goes.

use crate::{COMBINED_PROGRAM, Error, Target, ToolError};
use ampoule_action::{FileError, copy_file, rename};
use ampoule_archive::Archive;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The names of the packages.
pub const ARCHIVES: [&str; 3] = ["clang", "compiler-rt", "wasi-libc"];

/// What is unpacked of the wheel.
const CLANG: [&str; 7] = [
    COMBINED_PROGRAM,
    "LICENSE",
    "lib/include",
    "lib/libcxx/include",
    "lib/libcxx/LICENSE.TXT",
    "lib/libcxxabi/include",
    "lib/libcxxabi/LICENSE.TXT",
];

/// The unpacked packages.
pub(crate) struct Parts {
    clang: Package,
    libc: Package,
    runtime: Package,
}

/// An unpacked package.
struct Package {
    archive: PathBuf,
    folder: PathBuf,
}

impl Parts {
    /// Unpacks what is needed of each package into folders below `scratch`.
    pub(crate) fn unpack(archives: &[Archive], scratch: &Path) -> Result<Parts, Error> {
        let archives = Archive::needed(archives, &ARCHIVES)?;
        let unpack = |name: &str, only: &[&str]| {
            let folder = scratch.join(name);
            archives[name].unpack(&folder, only)?;
            let archive = archives[name].file.clone();
            Ok::<Package, Error>(Package { archive, folder })
        };
        Ok(Parts {
            clang: unpack("clang", &CLANG)?,
            libc: unpack("wasi-libc", &[])?,
            runtime: unpack("compiler-rt", &[])?,
        })
    }

    /// The folder that holds libc++ and libc++abi.
    pub(crate) fn library_sources(&self) -> Result<PathBuf, Error> {
        self.clang.part("lib")
    }

    /// Moves everything that is not compiled here to its place in the SDK.
    pub(crate) fn install(&self, root: &Path) -> Result<(), Error> {
        let program = root.join("libexec").join(COMBINED_PROGRAM);
        rename(&self.clang.part(COMBINED_PROGRAM)?, &program)?;
        make_program(&program)?;
        let resources = root.join("lib/clang").join(resource_name(&program)?);
        rename(&self.clang.part("lib/include")?, &resources.join("include"))?;
        for target in Target::ALL {
            self.install_libc(target, root)?;
            let builtins = resources
                .join("lib")
                .join(target.triple())
                .join("libclang_rt.builtins.a");
            copy_file(&self.builtins()?, &builtins)?;
        }
        self.install_licenses(&root.join("share/licenses"))
    }

    fn install_libc(&self, target: Target, root: &Path) -> Result<(), Error> {
        let sysroot = root.join("share/wasi-sysroot");
        for kind in ["include", "lib"] {
            // Debian has the first target under its old name, with a link beside it.
            let from = self.libc.part(&format!("{kind}/{target}"))?;
            let from = from.canonicalize().map_err(FileError::reading(&from))?;
            rename(&from, &sysroot.join(kind).join(target.name()))?;
        }
        Ok(())
    }

    /// compiler-rt's library in the one folder that is named for its clang.
    fn builtins(&self) -> Result<PathBuf, Error> {
        let pattern = "lib/llvm-*/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a";
        let mut folder = self.runtime.folder.clone();
        for part in pattern.split('/') {
            folder = match part.strip_suffix('*') {
                Some(prefix) => first_with_prefix(&folder, prefix).ok_or_else(|| self.runtime.lacks(pattern))?,
                None => folder.join(part),
            };
        }
        folder
            .is_file()
            .then_some(folder)
            .ok_or_else(|| self.runtime.lacks(pattern))
    }

    fn install_licenses(&self, folder: &Path) -> Result<(), Error> {
        let copies = [
            (self.clang.part("LICENSE")?, "zig"),
            (self.clang.part("lib/libcxx/LICENSE.TXT")?, "llvm"),
            (self.clang.part("lib/libcxxabi/LICENSE.TXT")?, "libcxxabi"),
            (self.libc.part("share/doc/wasi-libc/copyright")?, "wasi-libc"),
            (self.runtime.first("share/doc", "copyright")?, "compiler-rt"),
        ];
        for (from, name) in copies {
            copy_file(&from, &folder.join(name))?;
        }
        Ok(())
    }
}

impl Package {
    /// A path in the package, which must be there.
    fn part(&self, path: &str) -> Result<PathBuf, Error> {
        let found = self.folder.join(path);
        if found.exists() {
            Ok(found)
        } else {
            Err(self.lacks(path))
        }
    }

    /// A file in the first folder below a path.
    fn first(&self, path: &str, file: &str) -> Result<PathBuf, Error> {
        let folder = first_with_prefix(&self.folder.join(path), "").ok_or_else(|| self.lacks(path))?;
        let found = folder.join(file);
        if found.is_file() {
            Ok(found)
        } else {
            Err(self.lacks(file))
        }
    }

    fn lacks(&self, path: &str) -> Error {
        Error::PartMissing {
            archive: self.archive.clone(),
            path: path.to_string(),
        }
    }
}

/// The name of the folder of clang's own headers and libraries, which is that of its major version: clang itself tells it.
fn resource_name(program: &Path) -> Result<String, Error> {
    let mut command = Command::new(program);
    let output = command.args(["clang", "-print-resource-dir"]).env_clear().output();
    let output = output.map_err(|error| ToolError::Start {
        program: program.to_path_buf(),
        error,
    })?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let name = Path::new(printed.trim()).file_name();
    name.map(|name| name.to_string_lossy().into_owned())
        .ok_or_else(|| Error::NoVersion {
            program: program.to_path_buf(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_string(),
        })
}

fn first_with_prefix(folder: &Path, prefix: &str) -> Option<PathBuf> {
    let fits = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    };
    let entries = std::fs::read_dir(folder).ok()?;
    entries.filter_map(|entry| Some(entry.ok()?.path())).filter(fits).min()
}

/// Lets everyone run a file.
pub(crate) fn make_program(path: &Path) -> Result<(), Error> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::Permissions::from_mode(0o755);
    Ok(std::fs::set_permissions(path, mode).map_err(FileError::writing(path))?)
}
