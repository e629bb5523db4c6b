//! A project: what `[tool.ampoule]` of its pyproject.toml says, with all paths resolved.

mod extension;

pub use extension::{Extension, ExtensionSource, Made};

use crate::error::Failure;
use crate::settings::{Budget, DriverSettings, HashSeed, HashSeedSettings, ProjectFile, Settings};
use ampoule_action::said_of_toml;
use ampoule_fetch::Pin;
use ampoule_settings::{
    AppSettings, CompileSettings, LinkSettings, ModuleSettings, PythonSettings, RelatedWorldSettings, SnapshotSettings,
    WebSettings, WheelsSettings, WorldSettings,
};
use ampoule_web::APP_MODULE;
use ampoule_wheels::LockFormat;
use std::path::{Component, Path, PathBuf};

/// What an app is built from. `ampoule build` reads it from pyproject.toml, `ampoule componentize` from its command line.
#[derive(Clone, Debug)]
pub struct Project {
    /// The app, whose module must be importable from `paths`.
    pub app: AppSettings,
    /// The folders of Python files, in the order in which they are searched.
    pub paths: Vec<PathBuf>,
    /// The lock of the dependencies, which are installed after `paths`.
    pub lock: Option<LockFile>,
    /// The WIT and the choice of worlds.
    pub world: World,
    /// The folder of WIT that is read if nothing names any; none where the world needs no more.
    pub wit_folder: Option<PathBuf>,
    /// What the component has to do with HTTP, if anything.
    pub web: Option<WebSettings>,
    /// What of the standard library the component has.
    pub compile: CompileSettings,
    /// What the component asks of its host.
    pub link: LinkSettings,
    /// How an instance ends.
    pub snapshot: SnapshotSettings,
    /// What Python is started with.
    pub python: PythonSettings,
    /// The seed of the hashes of strings and bytes.
    pub hash_seed: HashSeed,
    /// The extension modules to compile.
    pub extensions: Vec<Extension>,
    /// Recipes of packages, or folders of them.
    pub recipes: Vec<PathBuf>,
    /// Where the component goes.
    pub output: PathBuf,
    /// Where the report on it goes, if nothing else is said.
    pub report: PathBuf,
    /// How large it may be.
    pub budget: Budget,
    /// Where the bindings for editors go.
    pub stubs: Option<PathBuf>,
    /// The project's version, if it has one.
    pub version: Option<String>,
    /// The names of the packages that it depends on, normalised, whether they are in a lock or not.
    pub dependencies: Vec<String>,
}

/// A file that pins the project's dependencies.
#[derive(Clone, Debug)]
pub struct LockFile {
    /// The file.
    pub file: PathBuf,
    /// Its form.
    pub format: LockFormat,
}

/// The world that the bindings are made for.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// The WIT and the worlds in it.
    pub chosen: WorldSettings,
    /// The module of the bindings.
    pub module: ModuleSettings,
    /// Worlds beside these.
    pub related: RelatedWorldSettings,
}

impl Project {
    /// Reads the project in a folder.
    ///
    /// # Errors
    /// When there is no pyproject.toml, it is no TOML, it has no `[tool.ampoule]`, or a key there is unknown or of the wrong type.
    pub fn read(folder: &Path) -> Result<Project, Failure> {
        let file = below(folder, "pyproject.toml");
        if !folder.is_dir() {
            return Err(Failure::NoProjectFolder {
                folder: folder.to_path_buf(),
            });
        }
        let text = std::fs::read_to_string(&file).map_err(|error| Failure::NoProject {
            file: file.clone(),
            error,
        })?;
        let parsed = ProjectFile::parse(&text).map_err(|error| Failure::ProjectFile {
            file: file.clone(),
            error: said_of_toml(error),
        })?;
        let settings = parsed.settings.ok_or_else(|| Failure::NoTable { file: file.clone() })?;
        let name = parsed.name.unwrap_or_else(|| name_of(folder));
        Ok(Project {
            version: parsed.version,
            dependencies: parsed.dependencies,
            ..Project::new(settings, folder, &file, &name)?
        })
    }

    /// What the settings say, in a project's folder.
    fn new(settings: Settings, folder: &Path, file: &Path, name: &str) -> Result<Project, Failure> {
        let Settings {
            driver:
                DriverSettings {
                    paths,
                    output,
                    extensions,
                    recipes,
                    budget,
                    stubs,
                },
            hash_seed: HashSeedSettings { hash_seed },
            app,
            wheels,
            web,
            world,
            module,
            related,
            compile,
            link,
            snapshot,
            python,
        } = settings;
        let extensions = extensions.into_iter();
        let extensions = extensions.map(|extension| Extension::new(extension, folder, file));
        let said = |error: String| Failure::ProjectFile {
            file: file.to_path_buf(),
            error,
        };
        let web_world = ampoule_web::World::of(&web).map_err(|error| said(error.to_string()))?;
        let is_served = web_world.is_some_and(ampoule_web::World::is_served);
        let chosen = WorldSettings {
            wit: world.wit.iter().map(|path| below(folder, path)).collect(),
            ..world
        };
        let output = below(folder, output.unwrap_or_else(|| format!("{name}.wasm").into()));
        let stubs = stubs.map(|path| below(folder, path));
        if paths.is_empty() {
            return Err(said(NO_PATHS.to_string()));
        }
        if let Some(stubs) = &stubs {
            expect_folder_for_stubs(stubs, &output).map_err(said)?;
        }
        Ok(Project {
            app: if is_served { AppSettings::of(APP_MODULE) } else { app },
            paths: paths.iter().map(|path| below(folder, path)).collect(),
            lock: lock(wheels, folder, file)?,
            world: World {
                chosen,
                module,
                related,
            },
            wit_folder: (!is_served).then(|| below(folder, "wit")),
            web: web_world.map(|_| web),
            compile,
            link,
            snapshot,
            python,
            hash_seed: hash_seed.unwrap_or_default(),
            extensions: extensions.collect::<Result<_, _>>()?,
            recipes: recipes.iter().map(|path| below(folder, path)).collect(),
            report: report_beside(&output),
            output,
            budget,
            stubs,
            version: None,
            dependencies: Vec::new(),
        })
    }

    /// The archives that hold the sources of its extension modules.
    pub fn archives(&self) -> impl Iterator<Item = &Pin> {
        let sources = self.extensions.iter().map(|extension| &extension.source);
        sources.filter_map(|source| match source {
            ExtensionSource::Archive { pin, .. } => Some(pin.as_ref()),
            ExtensionSource::Folder(_) => None,
        })
    }

    /// What is written, wherever it is: the component, the report on it, the bindings for editors, and what this command's own output
    /// goes to, such as a log in the project's folder, if the system tells that.
    pub fn written(&self) -> Vec<PathBuf> {
        let named = |descriptor: u32| std::fs::read_link(format!("/proc/self/fd/{descriptor}")).ok();
        let own = [1, 2].into_iter().filter_map(named).filter(|path| path.is_file());
        let outputs = [self.output.clone(), self.report.clone()];
        own.chain(outputs).chain(self.stubs.clone()).collect()
    }

    /// The packages whose source the project compiles, which no wheel is taken of.
    pub fn provided(&self) -> Vec<String> {
        let packages = self.archives().filter(|pin| pin.purl.starts_with("pkg:pypi/"));
        packages.map(|pin| pin.name.clone()).collect()
    }
}

const NO_PATHS: &str = "`paths` is empty: it lists the folders that hold the app and what it imports, and is `[\".\"]` where it is left out";

/// Says why the bindings for editors cannot be written to the folder that is named for them.
fn expect_folder_for_stubs(stubs: &Path, output: &Path) -> Result<(), String> {
    let why = if stubs == output {
        "the component is written there"
    } else if stubs.exists() && !stubs.is_dir() {
        "that is a file"
    } else {
        return Ok(());
    };
    Err(format!(
        "`stubs` names a folder for the bindings that editors read, such as `typings`, and not {}: {why}",
        stubs.display()
    ))
}

/// Where the report on a component goes: beside it.
pub fn report_beside(component: &Path) -> PathBuf {
    component.with_extension("report.html")
}

/// The lock that is named, or the `pylock.toml` beside the project file, where PEP 751 has it.
fn lock(settings: WheelsSettings, folder: &Path, file: &Path) -> Result<Option<LockFile>, Failure> {
    let named = |file: PathBuf, format| Some(LockFile { file, format });
    let beside = below(folder, "pylock.toml");
    match (settings.pylock, settings.requirements) {
        (Some(_), Some(_)) => Err(Failure::ProjectFile {
            file: file.to_path_buf(),
            error: "there are `pylock` and `requirements`; the dependencies are pinned by one of them".to_string(),
        }),
        (Some(pylock), None) => Ok(named(below(folder, pylock), LockFormat::Pylock)),
        (None, Some(requirements)) => Ok(named(below(folder, requirements), LockFormat::Requirements)),
        (None, None) if beside.is_file() => Ok(named(beside, LockFormat::Pylock)),
        (None, None) => Ok(None),
    }
}

/// A path below a folder, without the `.` that either may be.
fn below(folder: &Path, path: impl AsRef<Path>) -> PathBuf {
    let joined = folder.join(path);
    let tidy: PathBuf = joined.components().filter(|part| *part != Component::CurDir).collect();
    if tidy.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        tidy
    }
}

/// The name of a folder, also of one given as `.` or `..`.
fn name_of(folder: &Path) -> String {
    folder
        .canonicalize()
        .ok()
        .and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()))
        .unwrap_or_else(|| "app".to_string())
}
