//! The keys that no stage reads.

use super::Budget;
use ampoule_action::Digest;
use ampoule_archive::Format;
use ampoule_fetch::Source;
use schemars::JsonSchema;
use serde::Deserialize;
use std::path::PathBuf;
use std::str::FromStr;

/// Where the app's files are, and where its component goes.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct DriverSettings {
    /// Folders in which Python modules are searched
    #[serde(default = "paths")]
    pub paths: Vec<PathBuf>,
    /// File of the component [default: the project's name with `.wasm`]
    pub output: Option<PathBuf>,
    /// Extension modules in C and C++: each has a `description`, and its sources in a folder, `source`, or in a pinned `archive`, whose
    /// `paths` hold Python files; or a `recipe` for all that is made of the sources
    #[serde(default)]
    pub extensions: Vec<ExtensionSettings>,
    /// Recipes of packages with native code, files or folders of them: they come before those that Ampoule brings
    #[serde(default)]
    pub recipes: Vec<PathBuf>,
    /// Folder for the bindings that editors and type checkers read, such as `typings`: each build brings them up to date
    pub stubs: Option<PathBuf>,
    /// How large the component may be: `raw` as it is, `zstd` compressed by Zstandard at level 19, each a number of bytes or a text such
    /// as `8 MB`; a larger one is not written, and the three largest parts are named
    #[serde(default)]
    pub budget: Budget,
}

fn paths() -> Vec<PathBuf> {
    vec![".".into()]
}

/// An extension module.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ExtensionSettings {
    /// TOML file that describes how it is compiled
    pub description: Option<PathBuf>,
    /// In place of that: the recipe by which a package is made of the sources
    pub recipe: Option<PathBuf>,
    /// Folder of its sources
    pub source: Option<PathBuf>,
    /// In place of that: the pinned archive that they are in
    pub archive: Option<Archive>,
    /// Folders in the archive that hold Python files
    pub paths: Option<Vec<String>>,
}

/// A pinned archive, as `toolchain/pins.json` has them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// Name of the file
    pub file: String,
    /// Digest of the file, such as `sha256-...=`
    #[schemars(with = "String")]
    pub digest: Digest,
    /// Size of the file in bytes
    pub size: u64,
    /// Size of what is in it, at most
    pub unpacked: u64,
    /// Where the file comes from, such as `pypi:NAME==VERSION/FILE`; the first that has it
    #[schemars(with = "Vec<String>")]
    pub sources: Vec<Source>,
    /// How it is packed, such as `tar.gz`
    #[schemars(with = "String")]
    pub format: Format,
    /// How many folders at its root are left out
    #[serde(default = "one")]
    pub strip: usize,
}

/// Source archives hold one folder, named after package and version.
fn one() -> usize {
    1
}

/// The seed of the hashes of strings and bytes: the order of sets follows from it.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema, clap::Args)]
#[serde(default, rename_all = "kebab-case")]
pub struct HashSeedSettings {
    /// Seed of the hashes of strings and bytes, as `PYTHONHASHSEED`: a number, or `from-inputs` [default: 0]
    #[arg(long, value_name = "SEED")]
    pub hash_seed: Option<HashSeed>,
}

/// A seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(from = "Seed")]
#[schemars(with = "Seed")]
pub enum HashSeed {
    /// This one; with 0 hashes are not randomised.
    Number(u32),
    /// One that follows from the app's files: another in each version of the app.
    FromInputs,
}

impl Default for HashSeed {
    fn default() -> HashSeed {
        HashSeed::Number(0)
    }
}

/// A seed as the project file has it.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a number from 0 to 4294967295 or `from-inputs`")]
enum Seed {
    Number(u32),
    Word(Word),
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Word {
    FromInputs,
}

impl From<Seed> for HashSeed {
    fn from(seed: Seed) -> HashSeed {
        match seed {
            Seed::Number(number) => HashSeed::Number(number),
            Seed::Word(Word::FromInputs) => HashSeed::FromInputs,
        }
    }
}

impl FromStr for HashSeed {
    type Err = String;

    fn from_str(text: &str) -> Result<HashSeed, String> {
        if text == "from-inputs" {
            return Ok(HashSeed::FromInputs);
        }
        let number = text.parse().map(HashSeed::Number);
        number.map_err(|_| format!("expected a number from 0 to {} or `from-inputs`", u32::MAX))
    }
}
