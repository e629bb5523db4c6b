//! What a command reports when it fails: sentences that name the cause and the remedy.

use ampoule_recipe::LockedCrate;
use std::path::PathBuf;

/// A failed command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The project's folder is not there.
    #[error("{} is no folder; give the folder that holds pyproject.toml", folder.display())]
    NoProjectFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// Pinned files that are no longer where they were.
    #[error(
        "of {asked} sources {} no longer give their files; pin what there is now, or another source:{}",
        gone.len(),
        gone.iter().map(|line| format!("\n  {line}")).collect::<String>()
    )]
    SourcesGone {
        /// How many sources were asked.
        asked: usize,
        /// File, source and reason of each that is gone.
        gone: Vec<String>,
    },
    /// A project has no tests.
    #[error("there is no folder {}; it holds tests in Python for pytest, and `calls.txt` or `requests.txt` with calls of the component", folder.display())]
    NoTests {
        /// The folder.
        folder: PathBuf,
    },
    /// Python that was to run tests cannot be started.
    #[error("{} cannot be started: {error}; name the Python that has pytest by --python", program.display())]
    NoPython {
        /// The program.
        program: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// Python that was to run tests has no pytest.
    #[error(
        "{} has no pytest, which runs the tests in {}: install it (`{} -m pip install pytest`), or name a Python that has it by --python",
        program.display(), tests.display(), program.display()
    )]
    NoPytest {
        /// The program.
        program: PathBuf,
        /// The folder of the tests.
        tests: PathBuf,
    },
    /// A folder cannot be on Python's path.
    #[error("the folders of the project cannot be on Python's path: {0}")]
    PythonPath(String),
    /// There is no pyproject.toml.
    #[error("cannot read {}: {error}; `ampoule build` reads the table [tool.ampoule] there (`ampoule componentize` needs no project file)", file.display())]
    NoProject {
        /// The file.
        file: PathBuf,
        /// The reason.
        error: std::io::Error,
    },
    /// pyproject.toml is not as it must be.
    #[error("{}: {error}", file.display())]
    ProjectFile {
        /// The file.
        file: PathBuf,
        /// What is wrong, with the line.
        error: String,
    },
    /// pyproject.toml says nothing of Ampoule.
    #[error("{} has no table [tool.ampoule]; add one with at least `world = \"...\"` (and `wit`, `app`, `paths` where they are not `wit`, `app` and `.`)", file.display())]
    NoTable {
        /// The file.
        file: PathBuf,
    },
    /// An extension needs one kind of source.
    #[error("{}: the extension {} needs either `source = \"FOLDER\"` or `archive = {{ ... }}` (the latter may have `paths`)", file.display(), description.display())]
    ExtensionSource {
        /// The project file.
        file: PathBuf,
        /// The extension's description.
        description: PathBuf,
    },
    /// A crate has no lock.
    #[error(
        "{} has no Cargo.lock beside it, by which its crates are pinned: make one with `cargo generate-lockfile` there, or name one by `lock` in the \
         description",
        manifest.display()
    )]
    NoCrateLock {
        /// The crate's manifest.
        manifest: PathBuf,
    },
    /// A recipe does not list the crates of its source distribution's lock.
    #[error(
        "the recipe of {package} has other `crates` than the lock of {version}: write\n\n[sdists.\"{version}\"]\ncrates = [\n{}]",
        crates.iter().map(|found| format!("    \"{found}\",\n")).collect::<String>()
    )]
    OtherCrates {
        /// The package.
        package: String,
        /// The version.
        version: String,
        /// Those of the lock.
        crates: Vec<LockedCrate>,
    },
    /// An extension is made in one way.
    #[error(
        "{}: each of `extensions` has either `description = \"FILE\"`, for one module, or `recipe = \"FILE\"`, for a package, which says itself \
         what of Python there is, without `paths`",
        .0.display()
    )]
    ExtensionMade(PathBuf),
    /// No folder of the Python path is there.
    #[error(
        "there is no folder {}; name with -p the folders that hold the app and what it imports",
        display(folders)
    )]
    NoPythonPath {
        /// The folders as they were given.
        folders: Vec<PathBuf>,
    },
    /// The bindings for editors cannot be written.
    #[error("the bindings for editors cannot be written to {}, which `stubs` names: {error}", folder.display())]
    Stubs {
        /// The folder.
        folder: PathBuf,
        /// The reason.
        error: ampoule_action::FileError,
    },
    /// A build failed, and its dependencies were not installed.
    #[error(
        "{}\nnote: the project's `dependencies` are installed from a lock, and there is none beside pyproject.toml, so that {} not there: \
         `uv export --format pylock.toml -o pylock.toml` (or `pip lock .`) writes it",
        ampoule_action::sentence(failure),
        are(missing)
    )]
    NotLocked {
        /// The failure.
        failure: Box<Failure>,
        /// The packages that are missing.
        missing: Vec<String>,
    },
    /// A requirement has no wheel that could be installed.
    #[error("{}", no_wheel(package, version, others, *offline))]
    NoWheel {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// The files that have one of its digests and cannot be installed.
        others: Vec<String>,
        /// Whether the index was not asked.
        offline: bool,
    },
    /// There is no recipe for a package.
    #[error(
        "there is no recipe for {package}{}; `ampoule recipes` lists those that there are, with the versions that they were tried with",
        version.as_ref().map(|version| format!(" {version}")).unwrap_or_default()
    )]
    NoRecipe {
        /// The package.
        package: String,
        /// Its version.
        version: Option<String>,
    },
    /// Packages need the headers of each other.
    #[error("the recipe of {package} needs itself: {}", chain.join(" needs "))]
    NeedsItself {
        /// The package.
        package: String,
        /// The packages, each of which needs the next.
        chain: Vec<String>,
    },
    /// A source distribution has no modules that a draft could be of.
    #[error(
        "{package} {version} compiles nothing that is C, C++ or Cython, and is not in Python alone: no draft can be made of it"
    )]
    NothingToCompile {
        /// The package.
        package: String,
        /// Its version.
        version: String,
    },
    /// The index has no source distribution of a version.
    #[error("the index has no source distribution of {package} {version}{}{}", if files.is_empty() { "" } else { "; the newest that it has:" }, files.iter().map(|file| format!("\n  {file}")).collect::<String>())]
    NoSourceDistribution {
        /// The package.
        package: String,
        /// Its version.
        version: String,
        /// Those that it has, of other versions.
        files: Vec<String>,
    },
    /// What the index has is not to be asked for.
    #[error(
        "a draft begins with the source distribution of {package} {version} that the index lists, and --offline forbids to ask it; leave --offline out"
    )]
    DraftOffline {
        /// The package.
        package: String,
        /// The version.
        version: String,
    },
    /// A folder of recipes has none.
    #[error("{} has no recipe: it is a file that ends with .toml", folder.display())]
    NoRecipes {
        /// The folder.
        folder: PathBuf,
    },
    /// A recipe of our own is not as it must be.
    #[error("the recipe of {package}: {reason}")]
    Recipe {
        /// The package.
        package: String,
        /// What is wrong.
        reason: String,
    },
    /// A source distribution is not the one of the lock.
    #[error("{} has the digest {found}, and the lock has {expected}: lock again if it has changed on purpose", file.display())]
    OtherSource {
        /// The file.
        file: PathBuf,
        /// Its digest.
        found: ampoule_action::Digest,
        /// That of the lock.
        expected: ampoule_action::Digest,
    },
    /// A flag that belongs to other commands.
    #[error("{flags} goes with `componentize` and `bindings`; `ampoule build` reads [tool.ampoule] of pyproject.toml")]
    MisplacedFlags {
        /// The flags.
        flags: String,
    },
    /// The cache's folder is unknown.
    #[error("there is no home folder for the cache; give one with --cache DIR or set XDG_CACHE_HOME")]
    NoCacheFolder,
    /// A new project would stand among other files.
    #[error("{} is not empty; name a folder that is not there yet", folder.display())]
    NotVacant {
        /// The folder.
        folder: PathBuf,
    },
    /// There is no build to explain.
    #[error("{} was not built with the cache in {}; run `ampoule build {}` first", folder.display(), cache.display(), folder.display())]
    NothingBuilt {
        /// The project's folder.
        folder: PathBuf,
        /// The cache's folder.
        cache: PathBuf,
    },
    /// Two builds of the same inputs differ.
    #[error("the rebuild differs from the first build in {}", differences.join(", "))]
    NotReproducible {
        /// Stage and output of each difference.
        differences: Vec<String>,
    },
    /// The component would take the place of what it is built from.
    #[error("{} is an input of the build; give the component another file (-o)", file.display())]
    OutputIsInput {
        /// The file.
        file: PathBuf,
    },
    /// The component is larger than it may be.
    #[error(
        "the component has {} bytes{}, and `budget.{key}` allows {}; its largest parts: {}. Make one of them smaller (`ampoule report` shows what is \
         in it), or allow more",
        grouped(*size), compressed(key), grouped(*limit), listed(causes)
    )]
    BudgetExceeded {
        /// The key of the budget.
        key: &'static str,
        /// The size.
        size: u64,
        /// What is allowed.
        limit: u64,
        /// The largest parts with their bytes, uncompressed.
        causes: Vec<(String, u64)>,
    },
    /// What a stage has written is not as it must be.
    #[error("what a stage has written cannot be read: {0}; this is a defect of Ampoule")]
    Malformed(#[from] wasmparser::BinaryReaderError),
    /// Files cannot be watched.
    #[error("cannot watch {}: {error}; build without --watch", path.display())]
    Watching {
        /// The file or folder.
        path: PathBuf,
        /// The reason.
        error: notify::Error,
    },
    /// The operating system tells of no more changes.
    #[error("changes of files are not told any more; start the command again")]
    WatchingEnded,
    /// The component has no file that could be called or served.
    #[error("--watch writes each component to a file; give one with -o in place of standard output")]
    WatchedStream,
    /// What a component may use is given where none is run.
    #[error(
        "what the component may use is given, and it is not run; add --watch with --run 'CALL' or --serve, or leave the flags out"
    )]
    GrantedToNone,
    /// A fetch failed.
    #[error(transparent)]
    Fetch(#[from] ampoule_fetch::Error),
    /// A file could not be read or written.
    #[error(transparent)]
    File(#[from] ampoule_action::FileError),
    /// An action failed.
    #[error(transparent)]
    Action(#[from] ampoule_cache::Error),
    /// What a build says of itself would change the next build.
    #[error("{} is in {}, whose files become part of the component; give a file outside of it", file.display(), folder.display())]
    AttestationInApp {
        /// The file.
        file: PathBuf,
        /// The folder of the Python path.
        folder: PathBuf,
    },
    /// What a build says of itself could not be written.
    #[error(transparent)]
    Attestation(#[from] ampoule_attestation::Error),
    /// A component could not be published.
    #[error(transparent)]
    Publish(#[from] ampoule_publish::Error),
    /// A component could not be run.
    #[error(transparent)]
    Run(#[from] ampoule_run::Error),
    /// The files of the Python path cannot be taken.
    #[error(transparent)]
    Files(#[from] ampoule_compile::Error),
    /// What a package says of its WIT is not as it must be.
    #[error(transparent)]
    Package(#[from] ampoule_bindgen::Error),
    /// The lock is not as it must be.
    #[error(transparent)]
    Lock(#[from] ampoule_wheels::Error),
    /// An extension's description is not as it must be.
    #[error(transparent)]
    Extension(#[from] ampoule_recipe::Error),
    /// The SDK that is given is none.
    #[error(transparent)]
    Sdk(#[from] ampoule_sdk::Error),
}

fn no_wheel(package: &str, version: &str, others: &[String], offline: bool) -> String {
    if offline {
        return format!(
            "no wheel of {package} {version} on this machine has one of the hashes in the requirements, and --offline forbids to ask the \
             index; leave --offline out, or give the wheel with --mirror PATH"
        );
    }
    if others.is_empty() {
        return format!(
            "no wheel of {package} {version} has one of the hashes in the requirements; lock it again, or give the wheel with --mirror DIR"
        );
    }
    format!(
        "{package} {version} has no wheel in pure Python among the hashes in the requirements, only {}: native code for other machines cannot \
         run in WebAssembly, and no recipe builds one of them (`ampoule recipes` lists those that there are); write a recipe, compile the \
         package's sources with [[tool.ampoule.extensions]], or depend on a version or package in pure Python",
        others.join(", ")
    )
}

fn are(names: &[String]) -> String {
    match names {
        [name] => format!("{name} is"),
        names => format!("{} are", names.join(", ")),
    }
}

/// How the size is measured.
fn compressed(key: &str) -> &'static str {
    if key == "zstd" {
        ", compressed by Zstandard (level 19)"
    } else {
        ""
    }
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let group = |(place, digit): (usize, char)| {
        let is_first = place > 0 && (digits.len() - place).is_multiple_of(3);
        is_first.then_some(' ').into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(group).collect()
}

fn listed(causes: &[(String, u64)]) -> String {
    let causes: Vec<String> = causes
        .iter()
        .map(|(name, bytes)| format!("{name} ({} bytes)", grouped(*bytes)))
        .collect();
    causes.join(", ")
}

fn display(paths: &[PathBuf]) -> String {
    let paths: Vec<_> = paths.iter().map(|path| path.display().to_string()).collect();
    paths.join(" nor ")
}
