//! What can go wrong when an app's files are compiled.

use std::path::{Path, PathBuf};

/// Python files that do not become an image.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A folder of the Python path is not there.
    #[error("{} is no folder; the Python path lists folders of .py files{}", .0.display(), with_slashes(.0))]
    NoFolder(PathBuf),
    /// A link that leads to where no file of the app is.
    #[error(
        "{} is a link to {}, which is in no folder of the Python path: what is there does not become part of a component. Name its folder \
         with -p (`paths` in pyproject.toml), leave the link out with --exclude (`exclude`), or have such links followed with \
         --follow-links (`follow-links = true`)",
        link.display(), target.display()
    )]
    LinkOutside {
        /// The link.
        link: PathBuf,
        /// What it leads to.
        target: PathBuf,
    },
    /// A link that leads nowhere and is called as a module.
    #[error(
        "{} is a link to {}, which cannot be read: {error}; put the module there, or leave the link out with --exclude (`exclude`)",
        link.display(), target.display()
    )]
    LinkToNothing {
        /// The link.
        link: PathBuf,
        /// What it leads to.
        target: PathBuf,
        /// Why nothing can be read.
        error: std::io::Error,
    },
    /// A pattern that is none.
    #[error(
        "`{pattern}` in `exclude` is not a pattern of file names: {reason}; write `*.pem`, `tests`, or `data/**/*.csv`"
    )]
    Pattern {
        /// The pattern as it was given.
        pattern: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A line of a list of files cannot be taken.
    #[error("{}: {reason}, in the line `{line}`", list.display())]
    Listed {
        /// The list.
        list: PathBuf,
        /// The line.
        line: String,
        /// The reason.
        reason: &'static str,
    },
    /// A listed file is native code.
    #[error(
        "{} is native code for another system, which cannot run in WebAssembly, and a component with it would differ by the machine that \
         builds: depend on a version or package in pure Python, compile its source with py_wasm_extension (`extensions`), or leave the \
         file out with `exclude`",
        .0.display()
    )]
    Native(PathBuf),
    /// A file's name cannot be a path in the image.
    #[error(
        "{0:?} has a name that is not UTF-8, or has a control character in it: rename it, or leave it out with --exclude (`exclude`)"
    )]
    Name(PathBuf),
    /// Files that Python cannot compile.
    #[error("{}", list(.0))]
    Problems(Vec<Problem>),
    /// There is no file for the app's module.
    #[error(
        "there is no module `{app}`: {places} has {path}.py or {path}/__init__.py; check the app's name and its paths"
    )]
    NoApp {
        /// The module.
        app: String,
        /// The path that its file would have.
        path: String,
        /// Where it was looked for.
        places: String,
    },
    /// The app is named by its file.
    #[error(
        "`{app}` is a file, and the app is named by its module: `{module}`; the folder to find it in goes with -p (`paths` in pyproject.toml)"
    )]
    AppIsFile {
        /// What was given.
        app: String,
        /// The module that may be meant.
        module: String,
    },
    /// The app has the name of what runs as a program.
    #[error(
        "the app's module cannot be called `__main__`, which is Python's own name for what it runs as a program: rename __main__.py, such \
         as to app.py, and name that module"
    )]
    AppIsMain,
    /// The app has the name of the bindings' module.
    #[error(
        "the app's module and the world's module are both called `{0}`: rename the app's file, or give the world's module another name with --world-module (`world-module` in pyproject.toml)"
    )]
    AppIsWorldModule(String),
    /// An extension's module has no place.
    #[error("the name `{0}` of an extension module is not a dotted Python name")]
    ExtensionName(String),
    /// A module to include does not exist.
    #[error(
        "`{0}` is no module of the standard library of Python {series} for WASI: check the name in `stdlib` of pyproject.toml or after --stdlib; `full` takes all modules",
        series = ampoule_image::SERIES
    )]
    NoStdlibModule(String),
    /// A list of imports is not as the interpreter writes it.
    #[error("{} is not a list of imports: {reason}; it must come from the interpreter stage", file.display())]
    Imports {
        /// The file.
        file: PathBuf,
        /// The reason.
        reason: String,
    },
    /// The interpreter could not be run.
    #[error("the Python files could not be compiled: {0}")]
    Host(#[from] ampoule_host::HostError),
    /// The files could not be given to the interpreter.
    #[error(transparent)]
    Files(#[from] ampoule_host::FilesError),
    /// Python raised an exception while it compiled, which is a defect.
    #[error("the compiler in Python failed; this is a defect of Ampoule:\n{0}")]
    Compiler(String),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
}

/// A file that Python refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where the file is on the disk.
    pub file: PathBuf,
    /// What Python says: `File ..., line ...`, the line, the marker and the message.
    pub text: String,
}

/// A hint at the separator of paths, if it is that of Windows.
fn with_slashes(path: &Path) -> String {
    let text = path.to_string_lossy();
    if text.contains('\\') && !cfg!(windows) {
        format!("; with `/` between its names that is `{}`", text.replace('\\', "/"))
    } else {
        String::new()
    }
}

fn list(problems: &[Problem]) -> String {
    let texts: Vec<String> = problems
        .iter()
        .map(|problem| {
            format!(
                "{} is not valid Python:\n{}",
                problem.file.display(),
                problem.text.trim_end()
            )
        })
        .collect();
    texts.join("\n")
}
