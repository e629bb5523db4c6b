//! Compiling and linking.

use crate::{Error, assembly, included, rust, wasi};
use ampoule_action::{Console, FileError, absolute, parallel, read, temporary_folder, write};
use ampoule_module::CoreModule;
use ampoule_recipe::{Define, Description, Kind, Language, is_archive};
use ampoule_sdk::{EXCEPTIONS, LONG_JUMPS, Sdk, Target, Tool, ToolError};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folders that a build reads.
#[derive(Clone, Debug)]
pub struct Folders {
    /// CPython's headers: the folder with `Python.h`.
    pub headers: PathBuf,
    /// The sources.
    pub source: PathBuf,
    /// The C++ libraries: the output of `libcxx`. Without it they are those of the SDK, which only an unpacked wasi-sdk release has.
    pub libcxx: Option<PathBuf>,
}

/// How CPython itself is compiled where that matters to its extensions, and what a side module needs.
const FLAGS: [&str; 7] = [
    "-O2",
    "-fPIC",
    "-DNDEBUG",
    "-fvisibility=hidden",
    "-fwrapv",
    "-fno-strict-aliasing",
    // Cython's strings stay as they are: the stage `compile` looks among them for what is imported.
    "-DCYTHON_COMPRESS_STRINGS=0",
];

/// What modules in C++ are linked with; the last only with exceptions.
const CXX_LIBRARIES: [&str; 3] = ["libc++.a", "libc++abi.a", "libunwind.a"];

/// The function of the C++ libraries that says what nothing has caught. It is called from outside the module.
const UNCAUGHT: &str = "ampoule_uncaught";

/// The parts of the C library that the interpreter brings along.
const BASE_LIBRARIES: [&str; 5] = ["c", "m", "dl", "pthread", "rt"];

/// The name by which a module in Rust links its library, which the stage `cargo` makes.
pub const CRATE: &str = "crate";

/// What is built, and with what.
#[derive(Clone, Debug)]
pub struct Build<'b> {
    /// The SDK.
    pub sdk: &'b Sdk,
    /// The folders that are read.
    pub folders: Folders,
    /// What is built.
    pub description: Description,
    /// The libraries of a recipe by their names: archives that this stage has made.
    pub libraries: BTreeMap<String, PathBuf>,
}

impl Build<'_> {
    /// Builds an extension module.
    ///
    /// # Errors
    /// When something cannot be read or written, or the compiler or the linker refuses its input.
    pub fn module(&self, output: &Path, console: &Console) -> Result<(), Error> {
        self.work(console, |work, objects| {
            let linked = work.scratch.join("linked.so");
            work.link(objects, &linked)?;
            let module = wasi::bind(&read(&linked)?).map_err(|error| Error::Unreadable(error.into()))?;
            if self.description.kind == Kind::Rust {
                rust::check(&self.description.name, &module, &self.libraries[CRATE])?;
            }
            check_initializer(&self.description, &module)?;
            Ok(write(output, module)?)
        })
    }

    /// Builds a library that modules share.
    ///
    /// # Errors
    /// As [`Build::module`].
    pub fn library(&self, output: &Path, console: &Console) -> Result<(), Error> {
        self.work(console, |work, objects| work.archive(objects, output))
    }

    /// Compiles all sources, and does something with their objects.
    fn work(
        &self,
        console: &Console,
        finish: impl FnOnce(&Work, &[PathBuf]) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let scratch = temporary_folder()?;
        let work = Work {
            sdk: self.sdk,
            folders: &self.folders.absolute()?,
            description: &self.description,
            libraries: &self.libraries,
            scratch: scratch.path(),
        };
        let objects = work.compile_all(console)?;
        finish(&work, &objects)
    }
}

impl Folders {
    /// The compiler runs in the source folder, so the others must not be relative.
    fn absolute(&self) -> Result<Folders, FileError> {
        Ok(Folders {
            headers: absolute(&self.headers)?,
            source: absolute(&self.source)?,
            libcxx: self.libcxx.as_deref().map(absolute).transpose()?,
        })
    }
}

struct Work<'w> {
    sdk: &'w Sdk,
    folders: &'w Folders,
    description: &'w Description,
    libraries: &'w BTreeMap<String, PathBuf>,
    scratch: &'w Path,
}

impl Work<'_> {
    /// Compiles all sources, the largest first, so that no worker is left with a long one at the end; gives their objects in the
    /// order of the description.
    fn compile_all(&self, console: &Console) -> Result<Vec<PathBuf>, Error> {
        let title = format!("compiling {}", self.description.name);
        let mut sources: Vec<(usize, &String)> = self.description.sources.iter().enumerate().collect();
        let size = |source: &str| std::fs::metadata(self.folders.source.join(source)).map_or(0, |file| file.len());
        sources.sort_by_key(|(place, source)| (Reverse(size(source)), *place));
        let compile =
            |(place, source): &(usize, &String)| self.compile(source, self.scratch.join(format!("{place}.o")));
        let compiled = parallel::map(None, &sources, compile, |done, total| console.step(&title, done, total))?;
        let mut objects: Vec<(usize, PathBuf)> = sources.iter().map(|(place, _)| *place).zip(compiled).collect();
        objects.sort_unstable();
        Ok(objects.into_iter().map(|(_, object)| object).collect())
    }

    /// Compiles one source, first without inline assembly, which few have.
    fn compile(&self, source: &str, object: PathBuf) -> Result<PathBuf, Error> {
        let included = object.with_extension("d");
        let to_object = |more: &[&str]| {
            let mut command = self.compiler(source);
            // Without the headers of the system, which are the SDK's and CPython's.
            command.arg("-MMD").arg("-MF").arg(&included);
            command.args(more).arg("-c").arg(source).arg("-o").arg(&object);
            run(command, &format!("compiling {source}"))
        };
        match to_object(&[assembly::REFUSED]) {
            Err(Error::Tool { error, .. }) if assembly::is_refused(&error) => {
                self.check_assembly(source)?;
                to_object(&[])
            }
            result => result,
        }?;
        let Folders {
            headers,
            source: folder,
            libcxx: _,
        } = self.folders;
        included::check(source, &included, folder, &[folder, headers, self.sdk.root()])?;
        Ok(object)
    }

    /// Checks what inline assembly a source has, by the compiler's intermediate representation as text.
    fn check_assembly(&self, source: &str) -> Result<(), Error> {
        let text = self.scratch.join(format!("{}.ll", source.replace('/', "-")));
        let mut command = self.compiler(source);
        command.args(["-S", "-emit-llvm", "-Xclang", "-disable-llvm-passes"]);
        command.arg(source).arg("-o").arg(&text);
        run(command, &format!("compiling {source}"))?;
        assembly::check(source, &read(&text)?)
    }

    /// The compiler for a source, with all flags but those of inputs and outputs. Paths are relative or mapped, so that no path of this
    /// machine gets into the object.
    fn compiler(&self, source: &str) -> Command {
        let is_cxx = Language::of(source) == Some(Language::Cxx);
        let mut command = self.command(&if is_cxx { self.sdk.clang_cxx() } else { self.sdk.clang() });
        command.args(FLAGS).args(self.exception_flags(is_cxx));
        let standard = if is_cxx {
            &self.description.cxx_standard
        } else {
            &self.description.c_standard
        };
        command.args(standard.iter().map(|standard| format!("-std={standard}")));
        for (folder, name) in self.mapped_folders() {
            command.arg(format!("-ffile-prefix-map={}={name}", folder.display()));
        }
        command.args(self.description.include.iter().map(|folder| format!("-I{folder}")));
        command.arg("-isystem").arg(&self.folders.headers);
        let unit = self.description.units.get(source);
        let of_unit = unit.into_iter().flat_map(|unit| &unit.defines);
        let defines = self.description.defines.iter().chain(of_unit);
        command.args(defines.filter_map(|(name, value)| define(name, value)));
        command.args(&self.description.flags);
        command.args(unit.into_iter().flat_map(|unit| &unit.flags));
        command
    }

    /// The flags for the exceptions of C++, and for C's long jumps, which are made of them. Without them C++ is as in wasi-sdk.
    fn exception_flags(&self, is_cxx: bool) -> Vec<&'static str> {
        let jumps = &LONG_JUMPS[..2];
        let flags: [&[&str]; 2] = match (is_cxx, self.description.exceptions) {
            (true, true) => [&EXCEPTIONS, jumps],
            (true, false) => [&["-fno-exceptions"], &[]],
            (false, true) => [&LONG_JUMPS, &[]],
            (false, false) => [&[], &[]],
        };
        let of_cxx = is_cxx.then_some("-fvisibility-inlines-hidden");
        flags.concat().into_iter().chain(of_cxx).collect()
    }

    fn mapped_folders(&self) -> [(&Path, &'static str); 4] {
        [
            (self.sdk.root(), "/sdk"),
            (&self.folders.headers, "/include"),
            (&self.folders.source, "."),
            (self.scratch, "/objects"),
        ]
    }

    fn link(&self, objects: &[PathBuf], output: &Path) -> Result<(), Error> {
        let mut command = self.command(&self.sdk.side_module_linker());
        command.arg("--strip-all");
        let initializer = self.description.initializer();
        command.arg(format!("--export-if-defined={initializer}"));
        if objects.is_empty() {
            // Of a library that has it all.
            command.arg(format!("--undefined={initializer}"));
        }
        command.args(objects);
        for library in &self.description.libraries {
            command.args(self.library(library)?);
        }
        if self.description.kind == Kind::Rust {
            let library = self.libraries.get(CRATE).ok_or(Error::NoCrate)?;
            command.arg(absolute(library)?);
        }
        let exceptions = self.description.exceptions;
        // What else is linked may be in C++, too.
        let links_cxx = !self.libraries.is_empty() && self.folders.libcxx.is_some();
        if self.description.has_cxx() || links_cxx {
            command.args(self.cxx_libraries()?);
            command.args(exceptions.then(|| format!("--export={UNCAUGHT}")));
        }
        if exceptions {
            command.arg(self.sdk.library_folder(Target::Wasip2).join("libsetjmp.a"));
        }
        command.arg("-o").arg(absolute(output)?);
        let said =
            ampoule_sdk::output_of(&mut command, &format!("linking {}", self.description.name)).map_err(failed)?;
        match mismatches(&said) {
            functions if functions.is_empty() => Ok(()),
            functions => Err(Error::Mismatch {
                module: self.description.name.clone(),
                functions,
            }),
        }
    }

    /// Makes an archive of the objects.
    fn archive(&self, objects: &[PathBuf], output: &Path) -> Result<(), Error> {
        let mut command = self.command(&self.sdk.ar());
        command.arg("rcsD").arg(absolute(output)?).args(objects);
        run(command, &format!("making the library {}", self.description.name))
    }

    /// The C++ libraries, which are made with exceptions or without.
    fn cxx_libraries(&self) -> Result<Vec<PathBuf>, Error> {
        let exceptions = self.description.exceptions;
        let folder = match &self.folders.libcxx {
            Some(folder) => folder.clone(),
            None => self.sdk.library_folder(Target::Wasip2),
        };
        let (needed, others) = CXX_LIBRARIES.split_at(2 + usize::from(exceptions));
        let is_there = |name: &&&'static str| folder.join(name).is_file();
        if let Some(name) = needed.iter().find(|name| !is_there(name)) {
            let how = if exceptions { " --exceptions" } else { "" };
            return Err(Error::NoCxxLibrary { name, folder, how });
        }
        if self.folders.libcxx.is_some() && others.iter().any(|name| is_there(&name)) {
            return Err(Error::WithExceptions { folder });
        }
        Ok(needed.iter().map(|name| folder.join(name)).collect())
    }

    /// A library for the linker; the C library is in the interpreter.
    fn library(&self, name: &str) -> Result<Option<PathBuf>, Error> {
        if let Some(file) = self.libraries.get(name) {
            return Ok(Some(absolute(file)?));
        }
        if BASE_LIBRARIES.contains(&name) || name.starts_with("wasi-emulated-") {
            return Ok(None);
        }
        if is_archive(name) {
            return Ok(Some(self.folders.source.join(name)));
        }
        Err(Error::NoLibrary(name.to_string()))
    }

    fn command(&self, tool: &Tool) -> Command {
        let mut command = tool.command();
        command.current_dir(&self.folders.source);
        command
    }
}

fn define(name: &str, value: &Define) -> Option<String> {
    match value {
        Define::Switch(true) => Some(format!("-D{name}=1")),
        Define::Switch(false) => None,
        Define::Number(number) => Some(format!("-D{name}={number}")),
        Define::Text(text) => Some(format!("-D{name}={text}")),
    }
}

fn run(mut command: Command, what: &str) -> Result<(), Error> {
    ampoule_sdk::run(&mut command, what).map_err(failed)
}

fn failed(error: ToolError) -> Error {
    Error::Tool {
        hint: hint(&error),
        error,
    }
}

/// The functions that are called as others than they are, of which the linker warns: such a call would end the instance.
fn mismatches(said: &str) -> Vec<String> {
    let warnings = said
        .lines()
        .filter_map(|line| line.split_once("function signature mismatch: "));
    warnings.map(|(_, function)| function.trim().to_string()).collect()
}

/// What to do about the errors that the target itself brings.
fn hint(error: &ToolError) -> &'static str {
    let ToolError::Failed { output, .. } = error else {
        return "";
    };
    if output.contains("with exceptions disabled") {
        "\nwrite `exceptions = true` into the description, if the component's hosts have WebAssembly's exceptions; or report errors by \
         return values, or by Python's own exceptions"
    } else if output.contains("Setjmp/longjmp support requires") {
        "\nwrite `exceptions = true` into the description, if the component's hosts have WebAssembly's exceptions"
    } else if output.contains("recompile with -fPIC") {
        "\na library holds objects that are not position-independent: compile them with -fPIC"
    } else if output.contains("file not found") {
        "\ncheck `include` in the description, and that the header is in the source folder"
    } else {
        ""
    }
}

/// Checks that Python will find the function by which it initialises the module.
fn check_initializer(description: &Description, bytes: &[u8]) -> Result<(), Error> {
    let module = CoreModule::read(bytes).map_err(|error| Error::Unreadable(error.into()))?;
    let exported: Vec<&str> = module.exported_functions().map(|(name, _)| name).collect();
    let wanted = description.initializer();
    if exported.contains(&wanted.as_str()) {
        return Ok(());
    }
    let others: Vec<_> = exported
        .into_iter()
        .filter(|name| name.starts_with("PyInit_"))
        .collect();
    let found = match others[..] {
        [] => "write PyMODINIT_FUNC before it, and list the file that has it in `sources`".to_string(),
        _ => format!(
            "it has {}; the last part of `name` in the description must agree",
            others.join(", ")
        ),
    };
    Err(Error::NoInitializer {
        module: description.name.clone(),
        wanted,
        found,
    })
}
