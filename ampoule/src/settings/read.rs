//! Reads a project file.

use super::keys::complaint;
use super::{DriverSettings, HashSeedSettings};
use ampoule_settings::{
    AppSettings, CompileSettings, LinkSettings, ModuleSettings, PythonSettings, RelatedWorldSettings, SnapshotSettings,
    WebSettings, WheelsSettings, WorldSettings,
};
use ampoule_wheels::normalised;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;

/// All of `[tool.ampoule]`.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What the driver itself reads.
    pub driver: DriverSettings,
    /// The seed of hashes.
    pub hash_seed: HashSeedSettings,
    /// The app.
    pub app: AppSettings,
    /// The dependencies.
    pub wheels: WheelsSettings,
    /// What the component has to do with HTTP.
    pub web: WebSettings,
    /// The WIT and its worlds.
    pub world: WorldSettings,
    /// The module of the bindings.
    pub module: ModuleSettings,
    /// Other worlds.
    pub related: RelatedWorldSettings,
    /// The standard library.
    pub compile: CompileSettings,
    /// What is asked of the host.
    pub link: LinkSettings,
    /// How an instance ends.
    pub snapshot: SnapshotSettings,
    /// What Python is started with.
    pub python: PythonSettings,
}

/// A project file, as far as it is read.
#[derive(Clone, Debug)]
pub struct ProjectFile {
    /// The project's name.
    pub name: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The names of the packages that it depends on, normalised.
    pub dependencies: Vec<String>,
    /// The settings; none if the file says nothing of Ampoule.
    pub settings: Option<Settings>,
}

impl ProjectFile {
    /// Reads the text of a project file.
    ///
    /// # Errors
    /// When it is no TOML, a key is unknown, or a value is of the wrong type: with the line.
    pub fn parse(text: &str) -> Result<ProjectFile, toml::de::Error> {
        let outline: Outline = toml::from_str(text)?;
        let metadata = outline.project.unwrap_or_default();
        let is_there = outline.tool.is_some_and(|tools| tools.ampoule.is_some());
        Ok(ProjectFile {
            name: metadata.name,
            version: metadata.version,
            dependencies: names(metadata.dependencies),
            settings: is_there.then(|| Settings::read(text)).transpose()?,
        })
    }
}

impl Settings {
    /// Reads the table. Each part reads the whole text: so no part need know the others, and a mistake has its line.
    fn read(text: &str) -> Result<Settings, toml::de::Error> {
        Ok(Settings {
            driver: part(text)?,
            hash_seed: part(text)?,
            app: part(text)?,
            wheels: part(text)?,
            web: part(text)?,
            world: part(text)?,
            module: part(text)?,
            related: part(text)?,
            compile: part(text)?,
            link: part(text)?,
            snapshot: part(text)?,
            python: part(text)?,
        })
    }
}

/// What a part takes of the table that is there.
fn part<T: DeserializeOwned>(text: &str) -> Result<T, toml::de::Error> {
    #[derive(Deserialize)]
    struct File<T> {
        tool: Tool<T>,
    }
    #[derive(Deserialize)]
    struct Tool<T> {
        ampoule: T,
    }
    let file: File<T> = toml::from_str(text)?;
    Ok(file.tool.ampoule)
}

/// What there is, and which keys the table has.
#[derive(Deserialize)]
struct Outline {
    project: Option<Metadata>,
    tool: Option<Tools>,
}

#[derive(Default, Deserialize)]
struct Metadata {
    name: Option<String>,
    version: Option<String>,
    /// Of any type, as other tools complain of it.
    dependencies: Option<toml::Value>,
}

/// The names at the start of requirements (PEP 508).
fn names(dependencies: Option<toml::Value>) -> Vec<String> {
    let requirements = match &dependencies {
        Some(toml::Value::Array(requirements)) => requirements.as_slice(),
        _ => &[],
    };
    let name = |requirement: &toml::Value| {
        let text = requirement.as_str()?.trim_start();
        let end = text.find(|character: char| !character.is_ascii_alphanumeric() && !"-_.".contains(character));
        Some(normalised(&text[..end.unwrap_or(text.len())]))
    };
    requirements.iter().filter_map(name).collect()
}

#[derive(Deserialize)]
struct Tools {
    ampoule: Option<BTreeMap<KnownKey, IgnoredAny>>,
}

/// A key that some part has.
#[derive(PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
struct KnownKey(String);

impl TryFrom<String> for KnownKey {
    type Error = String;

    fn try_from(key: String) -> Result<KnownKey, String> {
        complaint(&key).map_or(Ok(KnownKey(key)), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::HashSeed;
    use ampoule_action::said_of_toml;
    use ampoule_settings::{OnException, Wasi};

    fn settings(table: &str) -> Result<Settings, String> {
        let file = ProjectFile::parse(&format!("[tool.ampoule]\n{table}"));
        file.map(|file| file.settings.unwrap()).map_err(said_of_toml)
    }

    #[test]
    fn keys_are_read_by_their_parts() {
        let table = r#"
            app = "main"
            wit = "wit"
            world = ["one", "two"]
            import-interface-names = { "demo:a/b" = "c" }
            module-worlds = ["sdk=world"]
            stdlib = "full"
            wasi = "none"
            on-exception = "exit"
            python-options = ["-OO"]
            python-variables = { PYTHONDEVMODE = "1" }
            hash-seed = "from-inputs"
            pylock = "lock.toml"
            output = "main.wasm"
        "#;
        let settings = settings(table).unwrap();
        assert_eq!(settings.app.app, "main");
        assert_eq!(settings.world.wit, [std::path::PathBuf::from("wit")]);
        assert_eq!(settings.world.world, ["one", "two"]);
        assert_eq!(settings.world.import_interface_names, ["demo:a/b=c".parse().unwrap()]);
        assert_eq!(settings.related.module_worlds, ["sdk=world".parse().unwrap()]);
        assert_eq!(settings.compile.stdlib, ["full"]);
        assert_eq!(settings.link.wasi, Wasi::None);
        assert_eq!(settings.snapshot.on_exception, OnException::Exit);
        assert_eq!(settings.python.python_options, ["-OO".parse().unwrap()]);
        assert_eq!(settings.python.python_variables, ["PYTHONDEVMODE=1".parse().unwrap()]);
        assert_eq!(settings.hash_seed.hash_seed, Some(HashSeed::FromInputs));
        assert_eq!(settings.wheels.pylock, Some("lock.toml".into()));
        assert_eq!(settings.driver.output, Some("main.wasm".into()));
    }

    #[test]
    fn what_is_left_out_has_its_default() {
        let settings = settings("").unwrap();
        assert_eq!(settings.app.app, "app");
        assert_eq!(settings.module.world_module, "wit_world");
        assert_eq!(settings.driver.paths, [std::path::PathBuf::from(".")]);
    }

    #[test]
    fn a_mistake_has_its_line_and_says_what_is_expected() {
        let refused = |table: &str, said: &str| {
            let error = settings(table).unwrap_err();
            assert!(
                error.contains("line 2, column") && error.contains(said),
                "{table}: {error}"
            );
        };
        refused("world-modul = \"x\"", "(did you mean `world-module`?)");
        refused("all-features = \"yes\"", "expected `true` or `false`");
        refused("world = 1", "expected a string or a list of strings");
        refused("paths = \"python\"", "it is string \"python\", expected a list");
        refused("python-variables = [1]", "it is a list, expected a table");
        refused("temporary-files = 4097", "expected a whole number from 0 to 4096");
        refused("temporary-files = -1", "expected a whole number from 0 to 4096");
        refused("wasi = \"guest\"", "expected `host` or `none`");
        refused(
            "hash-seed = -1",
            "expected a number from 0 to 4294967295 or `from-inputs`",
        );
        refused("module-worlds = [\"sdk\"]", "write it as MODULE=WORLD");
        refused("python-variables = { HOME = \"/\" }", "`HOME` is not a variable");
        refused(
            "extensions = [{ description = \"a.toml\", sources = \"a\" }]",
            "unknown key `sources`",
        );
    }

    #[test]
    fn dependencies_are_known_by_their_names() {
        let names = |list: &str| {
            ProjectFile::parse(&format!("[project]\ndependencies = {list}"))
                .unwrap()
                .dependencies
        };
        assert_eq!(
            names(r#"["Foo_Bar>=1; python_version > '3'", "six", "a.b[extra] @ https://example.com/x"]"#),
            ["foo-bar", "six", "a-b"]
        );
        assert_eq!(names("3"), Vec::<String>::new());
    }

    #[test]
    fn a_file_may_say_nothing_of_ampoule() {
        let file = ProjectFile::parse("[project]\nname = \"x\"\nversion = \"1\"\n[tool.other]\n").unwrap();
        assert!(file.settings.is_none());
        assert_eq!((file.name.as_deref(), file.version.as_deref()), (Some("x"), Some("1")));
    }
}
