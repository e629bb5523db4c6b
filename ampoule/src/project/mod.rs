//! A project: what `[tool.ampoule]` of its pyproject.toml says, with all paths resolved.

use crate::error::Failure;
use ampoule_action::Digest;
use ampoule_archive::{Limit, Unpacking};
use ampoule_fetch::{Pin, PinnedFile};
use ampoule_interpreter::{CommandLine, PythonOption, PythonVariable};
use ampoule_link::Wasi;
use ampoule_snapshot::OnException;
use ampoule_wheels::{Format, normalised};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

/// What an app is built from. `ampoule build` reads it from pyproject.toml, `ampoule componentize` from its command line.
#[derive(Clone, Debug)]
pub struct Project {
    /// The app's module, which must be importable from `paths`.
    pub app: String,
    /// The folders of Python files, in the order in which they are searched.
    pub paths: Vec<PathBuf>,
    /// The lock of the dependencies, which are installed after `paths`.
    pub lock: Option<LockFile>,
    /// The WIT and the choice of worlds.
    pub world: World,
    /// The folder of WIT that is read if nothing names any.
    pub wit_folder: PathBuf,
    /// What of the stdlib the component has beside what is imported: `auto`, `full`, or modules.
    pub stdlib: Vec<String>,
    /// Whether the sources of these modules are in the component, too.
    pub stdlib_sources: bool,
    /// Where the interpreter's WASI comes from.
    pub wasi: Wasi,
    /// The extension modules to compile.
    pub extensions: Vec<Extension>,
    /// What an exception that escapes an export does, after it is shown.
    pub on_exception: OnException,
    /// The seed of the hashes of strings and bytes.
    pub hash_seed: HashSeed,
    /// What Python is started with.
    pub command_line: CommandLine,
    /// Where the component goes.
    pub output: PathBuf,
    /// The project's version, if it has one.
    pub version: Option<String>,
}

/// The seed of the hashes of strings and bytes, as `PYTHONHASHSEED`: the order of sets follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "toml::Value")]
pub enum HashSeed {
    /// This one; with 0 hashes are not randomised.
    Number(u32),
    /// One that follows from the app's files: another in each version of the app.
    FromInputs,
}

/// The value that says so.
const FROM_INPUTS: &str = "from-inputs";

impl HashSeed {
    /// The number, for an app with the digest of its files. That of `from-inputs` is never 0.
    pub fn number(self, files: &Digest) -> u32 {
        let [first, second, third, fourth, ..] = *files.bytes();
        match self {
            HashSeed::Number(number) => number,
            HashSeed::FromInputs => u32::from_le_bytes([first, second, third, fourth]).max(1),
        }
    }
}

impl FromStr for HashSeed {
    type Err = String;

    fn from_str(text: &str) -> Result<HashSeed, String> {
        if text == FROM_INPUTS {
            return Ok(HashSeed::FromInputs);
        }
        let number = text.parse().map(HashSeed::Number);
        number.map_err(|_| format!("expected a number from 0 to {} or `{FROM_INPUTS}`", u32::MAX))
    }
}

impl TryFrom<toml::Value> for HashSeed {
    type Error = String;

    fn try_from(value: toml::Value) -> Result<HashSeed, String> {
        match value {
            toml::Value::String(text) if text == FROM_INPUTS => Ok(HashSeed::FromInputs),
            value => value.to_string().parse(),
        }
    }
}

/// A file that pins the project's dependencies.
#[derive(Clone, Debug)]
pub struct LockFile {
    /// The file.
    pub file: PathBuf,
    /// Its form.
    pub format: Format,
}

/// The WIT that the bindings are made from.
#[derive(Clone, Debug, Default)]
pub struct World {
    /// WIT files, folders, or packages encoded as wasm.
    pub wit: Vec<PathBuf>,
    /// The worlds, of which the union is taken; empty: the only one there is.
    pub worlds: Vec<String>,
    /// The Python module of the bindings.
    pub world_module: Option<String>,
    /// The WIT features that are on.
    pub features: Vec<String>,
    /// Whether all WIT features are on.
    pub all_features: bool,
    /// Whether modules are named by package, interface and version always.
    pub full_names: bool,
    /// Module names of imported interfaces, by WIT identifier.
    pub import_interface_names: BTreeMap<String, String>,
    /// Module names of exported interfaces, by WIT identifier.
    pub export_interface_names: BTreeMap<String, String>,
    /// The worlds that were chosen for Python packages with WIT of their own, in the order in which the packages need each other.
    pub module_worlds: Vec<(String, String)>,
    /// A world: only what it has too is taken.
    pub intersect_world: Option<String>,
}

impl World {
    /// The Python module of the bindings.
    pub fn module(&self) -> &str {
        self.world_module.as_deref().unwrap_or("wit_world")
    }
}

/// An extension module in C or C++.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The TOML file that describes how it is compiled.
    pub description: PathBuf,
    /// Where its sources are.
    pub source: ExtensionSource,
}

/// The sources of an extension.
#[derive(Clone, Debug)]
pub enum ExtensionSource {
    /// A folder of the project.
    Folder(PathBuf),
    /// A pinned archive, whose listed folders are on the Python path too.
    Archive {
        /// The archive.
        pin: Box<Pin>,
        /// The folders in it that hold Python files.
        paths: Vec<String>,
    },
}

#[derive(Deserialize)]
struct PyProject {
    project: Option<Metadata>,
    tool: Option<Tools>,
}

#[derive(Deserialize)]
struct Metadata {
    name: Option<String>,
    version: Option<String>,
}

#[derive(Deserialize)]
struct Tools {
    ampoule: Option<Settings>,
}

/// The keys of `[tool.ampoule]`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Settings {
    #[serde(default = "default_app")]
    app: String,
    #[serde(default)]
    wit: OneOrMore,
    #[serde(default)]
    world: OneOrMore,
    paths: Option<Vec<PathBuf>>,
    pylock: Option<PathBuf>,
    requirements: Option<PathBuf>,
    output: Option<PathBuf>,
    #[serde(default)]
    on_exception: OnException,
    world_module: Option<String>,
    #[serde(default)]
    features: Vec<String>,
    #[serde(default)]
    all_features: bool,
    #[serde(default)]
    full_names: bool,
    #[serde(default)]
    import_interface_names: BTreeMap<String, String>,
    #[serde(default)]
    export_interface_names: BTreeMap<String, String>,
    #[serde(default)]
    module_worlds: Vec<String>,
    intersect_world: Option<String>,
    #[serde(default)]
    stdlib: OneOrMore,
    #[serde(default)]
    stdlib_sources: bool,
    #[serde(default)]
    wasi: WasiSetting,
    hash_seed: Option<HashSeed>,
    #[serde(default)]
    python_options: Vec<PythonOption>,
    #[serde(default)]
    python_variables: Variables,
    #[serde(default)]
    extensions: Vec<ExtensionSettings>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ExtensionSettings {
    description: PathBuf,
    source: Option<PathBuf>,
    archive: Option<ArchiveSettings>,
    paths: Option<Vec<String>>,
}

/// A pinned archive, as `toolchain/pins.json` has them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArchiveSettings {
    file: String,
    digest: ampoule_action::Digest,
    size: u64,
    unpacked: u64,
    sources: Vec<ampoule_fetch::Source>,
    format: ampoule_archive::Format,
    #[serde(default = "one")]
    strip: usize,
}

/// How many entries an extension's archive may have.
const ENTRIES: u64 = 100_000;

/// Source archives hold one folder, named after package and version.
fn one() -> usize {
    1
}

impl ArchiveSettings {
    /// Name, version and package URL of what is in the archive, by the first source that tells them.
    fn package(&self) -> (String, String, String) {
        let package = |kind: &str, name: &str, version: &str| {
            let purl = ampoule_attestation::bill::purl(kind, name, version);
            (name.to_string(), version.to_string(), purl)
        };
        let known = self.sources.iter().find_map(|source| match source {
            ampoule_fetch::Source::Pypi { project, version, .. } => {
                Some(package("pypi", &normalised(project), version))
            }
            ampoule_fetch::Source::Crate { name, version } => Some(package("cargo", name, version)),
            _ => None,
        });
        known.unwrap_or_else(|| (self.file.clone(), String::new(), format!("pkg:generic/{}", self.file)))
    }

    fn into_pin(self) -> Pin {
        let (name, version, purl) = self.package();
        let limit = Limit {
            bytes: self.unpacked,
            entries: ENTRIES,
        };
        Pin {
            name,
            group: "project".to_string(),
            version,
            license: String::new(),
            purl,
            unpack: Unpacking {
                format: self.format,
                strip: self.strip,
            },
            files: vec![PinnedFile {
                platform: None,
                file: self.file,
                digest: self.digest,
                size: Some(self.size),
                limit,
                sources: self.sources,
            }],
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    #[default]
    None,
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn into_vec(self) -> Vec<String> {
        match self {
            OneOrMore::None => Vec::new(),
            OneOrMore::One(text) => vec![text],
            OneOrMore::More(texts) => texts,
        }
    }
}

/// The value of the key `python-variables`.
#[derive(Default, Deserialize)]
#[serde(try_from = "BTreeMap<String, String>")]
struct Variables(Vec<PythonVariable>);

impl TryFrom<BTreeMap<String, String>> for Variables {
    type Error = String;

    fn try_from(values: BTreeMap<String, String>) -> Result<Variables, String> {
        let variables = values.iter().map(|(name, value)| PythonVariable::new(name, value));
        variables.collect::<Result<_, _>>().map(Variables)
    }
}

/// The values of the key `wasi`.
#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum WasiSetting {
    #[default]
    Host,
    None,
}

impl From<WasiSetting> for Wasi {
    fn from(setting: WasiSetting) -> Wasi {
        match setting {
            WasiSetting::Host => Wasi::Host,
            WasiSetting::None => Wasi::None,
        }
    }
}

fn default_app() -> String {
    "app".to_string()
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
        let parsed: PyProject = toml::from_str(&text).map_err(|error| Failure::ProjectFile {
            file: file.clone(),
            error: error.to_string().trim_end().to_string(),
        })?;
        let settings = parsed
            .tool
            .and_then(|tools| tools.ampoule)
            .ok_or_else(|| Failure::NoTable { file: file.clone() })?;
        let (name, version) = parsed
            .project
            .map(|metadata| (metadata.name, metadata.version))
            .unwrap_or_default();
        let project = settings.into_project(folder, &file, name)?;
        Ok(Project { version, ..project })
    }

    /// The archives that hold the sources of its extension modules.
    pub fn archives(&self) -> impl Iterator<Item = &Pin> {
        let sources = self.extensions.iter().map(|extension| &extension.source);
        sources.filter_map(|source| match source {
            ExtensionSource::Archive { pin, .. } => Some(pin.as_ref()),
            ExtensionSource::Folder(_) => None,
        })
    }

    /// The packages whose source the project compiles, which no wheel is taken of.
    pub fn provided(&self) -> Vec<String> {
        let packages = self.archives().filter(|pin| pin.purl.starts_with("pkg:pypi/"));
        packages.map(|pin| pin.name.clone()).collect()
    }
}

impl Settings {
    fn into_project(self, folder: &Path, file: &Path, name: Option<String>) -> Result<Project, Failure> {
        let wit = self.wit.into_vec();
        let module_worlds = self.module_worlds.iter().map(|text| module_world(file, text));
        let output = self
            .output
            .unwrap_or_else(|| format!("{}.wasm", name.unwrap_or_else(|| name_of(folder))).into());
        let extensions = self
            .extensions
            .into_iter()
            .map(|extension| extension.into_extension(folder, file))
            .collect::<Result<_, _>>()?;
        let lock = lock(folder, file, self.pylock, self.requirements)?;
        let paths = self.paths.unwrap_or_else(|| vec![".".into()]);
        let paths: Vec<PathBuf> = paths.iter().map(|path| below(folder, path)).collect();
        let world = World {
            wit: wit.iter().map(|path| below(folder, path)).collect(),
            worlds: self.world.into_vec(),
            world_module: self.world_module,
            features: self.features,
            all_features: self.all_features,
            full_names: self.full_names,
            import_interface_names: self.import_interface_names,
            export_interface_names: self.export_interface_names,
            module_worlds: module_worlds.collect::<Result<_, _>>()?,
            intersect_world: self.intersect_world,
        };
        Ok(Project {
            app: self.app,
            world,
            wit_folder: below(folder, "wit"),
            paths,
            lock,
            stdlib: self.stdlib.into_vec(),
            stdlib_sources: self.stdlib_sources,
            wasi: self.wasi.into(),
            extensions,
            on_exception: self.on_exception,
            hash_seed: self.hash_seed.unwrap_or(HashSeed::Number(0)),
            command_line: CommandLine {
                options: self.python_options,
                variables: self.python_variables.0,
            },
            output: below(folder, output),
            version: None,
        })
    }
}

impl ExtensionSettings {
    fn into_extension(self, folder: &Path, file: &Path) -> Result<Extension, Failure> {
        let source = match (self.source, self.archive, self.paths) {
            (Some(source), None, None) => ExtensionSource::Folder(below(folder, source)),
            (None, Some(archive), paths) => ExtensionSource::Archive {
                pin: Box::new(archive.into_pin()),
                paths: paths.unwrap_or_default(),
            },
            _ => {
                return Err(Failure::ExtensionSource {
                    file: file.to_path_buf(),
                    description: self.description,
                });
            }
        };
        Ok(Extension {
            description: below(folder, self.description),
            source,
        })
    }
}

/// The lock that is named, or the `pylock.toml` beside the project file, where PEP 751 has it.
fn lock(
    folder: &Path,
    file: &Path,
    pylock: Option<PathBuf>,
    requirements: Option<PathBuf>,
) -> Result<Option<LockFile>, Failure> {
    let named = |file: PathBuf, format| Some(LockFile { file, format });
    let beside = below(folder, "pylock.toml");
    match (pylock, requirements) {
        (Some(_), Some(_)) => Err(Failure::ProjectFile {
            file: file.to_path_buf(),
            error: "there are `pylock` and `requirements`; the dependencies are pinned by one of them".to_string(),
        }),
        (Some(pylock), None) => Ok(named(below(folder, pylock), Format::Pylock)),
        (None, Some(requirements)) => Ok(named(below(folder, requirements), Format::Requirements)),
        (None, None) if beside.is_file() => Ok(named(beside, Format::Pylock)),
        (None, None) => Ok(None),
    }
}

fn module_world(file: &Path, text: &str) -> Result<(String, String), Failure> {
    ampoule_bindgen::parse_module_world(text).map_err(|error| Failure::ProjectFile {
        file: file.to_path_buf(),
        error: format!("`{text}` in `module-worlds`: {error}"),
    })
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
