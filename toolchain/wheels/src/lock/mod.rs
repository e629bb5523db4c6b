//! Locks: which distributions a project depends on, each with its version and the digests of its files.

mod pylock;
mod requirements;

use crate::{Environment, Error, marker};
use ampoule_action::Digest;
use ampoule_archive::Limit;
use pep508_rs::pep440_rs::VersionSpecifiers;
use pep508_rs::{ExtraName, MarkerTree};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What an unpacked wheel may have: bytes and entries.
pub const LIMIT: Limit = Limit {
    bytes: 1 << 30,
    entries: 100_000,
};

/// The packages of a lock.
#[derive(Clone, Debug)]
pub struct Lock {
    file: PathBuf,
    packages: Vec<Package>,
    /// For which environments it was made; empty: for all.
    environments: Vec<MarkerTree>,
    requires_python: Option<VersionSpecifiers>,
    chosen: Vec<ExtraName>,
}

/// The form of a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockFormat {
    /// `pylock.toml` (PEP 751).
    Pylock,
    /// A requirements file with hashes (pip).
    Requirements,
}

/// A distribution in a lock.
#[derive(Clone, Debug)]
pub struct Package {
    /// Its name, normalised.
    pub name: String,
    /// Its version, which a folder or a repository need not have.
    pub version: Option<String>,
    /// The file that is installed.
    pub files: Files,
    /// Its source distribution, if the lock has it.
    pub source: Option<LockedFile>,
    marker: MarkerTree,
    requires_python: Option<VersionSpecifiers>,
}

/// What a lock says of a package's files.
#[derive(Clone, Debug)]
pub enum Files {
    /// The wheel that fits best.
    Wheel(LockedFile),
    /// The digests of its files, without their names: one of them is that of the wheel.
    Digests(Vec<Digest>),
    /// It is the project that the lock is for, whose files are on the Python path anyway.
    Project,
    /// There is no wheel that could be installed: why, and what to do.
    Unusable(String),
}

/// A wheel or a source distribution in a lock.
#[derive(Clone, Debug)]
pub struct LockedFile {
    /// The file's name.
    pub file: String,
    /// Its digest.
    pub digest: Digest,
    /// Its size in bytes, if the lock tells it.
    pub size: Option<u64>,
    /// Where it is.
    pub place: Place,
}

/// Where a file is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file beside the lock.
    Local(PathBuf),
    /// It is fetched: from this URL, if the lock has one, or from an index.
    Remote(Option<String>),
}

impl Lock {
    /// Reads a lock. Of the wheels of a package that it names, the one that fits an environment best is taken.
    ///
    /// # Errors
    /// When the file cannot be read, is of another form, or says of a package what cannot be taken for certain (no version, no hash).
    pub fn read(file: &Path, format: LockFormat, environment: &Environment) -> Result<Lock, Error> {
        let text = ampoule_action::read_text(file)?;
        let parsed = match format {
            LockFormat::Pylock => pylock::parse(&text, environment),
            LockFormat::Requirements => requirements::parse(&text),
        };
        let contents = parsed.map_err(|reason| Error::Lock {
            file: file.to_path_buf(),
            reason,
        })?;
        Ok(Lock {
            file: file.to_path_buf(),
            ..contents
        })
    }

    /// The wheels that a build may want: one of each package whose files have names, whatever its marker says.
    ///
    /// Build systems that cannot evaluate markers choose the same.
    pub fn candidates(&self) -> impl Iterator<Item = (&Package, &LockedFile)> {
        self.packages.iter().filter_map(|package| match &package.files {
            Files::Wheel(wheel) => Some((package, wheel)),
            _ => None,
        })
    }

    /// Says of packages of which nothing can be installed why that is, where somebody knows more of them than the lock does.
    pub fn explain(&mut self, reason: impl Fn(&Package) -> Option<String>) {
        for package in &mut self.packages {
            if matches!(package.files, Files::Unusable(_))
                && let Some(reason) = reason(package)
            {
                package.files = Files::Unusable(reason);
            }
        }
    }

    /// Where a file that the lock gives as a path is.
    pub fn path_of(&self, place: &Path) -> PathBuf {
        self.file.parent().unwrap_or(Path::new("")).join(place)
    }

    /// The packages that are installed for an environment, by name; not those that are provided some other way. Of those that are
    /// built it does not matter whether the lock has a wheel.
    ///
    /// # Errors
    /// When the lock was made for other environments, has a package for it twice, or has one of which no wheel can be installed.
    pub fn required(
        &self,
        environment: &Environment,
        provided: &[String],
        built: &[String],
    ) -> Result<Vec<&Package>, Error> {
        let environment = &environment.choosing(self.chosen.clone());
        self.check(environment)?;
        let mut required = BTreeMap::new();
        let mut unusable = Vec::new();
        for package in self.wanted(environment, provided) {
            let is_built = built.contains(&package.name);
            if let Some(reason) = package.hindrance(environment).filter(|_| !is_built) {
                unusable.push(format!("  {}: {reason}", package.shown()));
            }
            if required.insert(&package.name, package).is_some() {
                return Err(self.error(format!("it has {} twice for the Python in a component", package.name)));
            }
        }
        if !unusable.is_empty() {
            return Err(Error::Unusable {
                file: self.file.clone(),
                reasons: unusable.join("\n"),
            });
        }
        Ok(required.into_values().collect())
    }

    /// The packages whose markers hold in an environment, and that are not provided some other way.
    pub fn wanted(&self, environment: &Environment, provided: &[String]) -> impl Iterator<Item = &Package> {
        let environment = environment.choosing(self.chosen.clone());
        self.packages.iter().filter(move |package| {
            let is_provided = matches!(package.files, Files::Project) || provided.contains(&package.name);
            !is_provided && marker::holds(&package.marker, &environment)
        })
    }

    fn check(&self, environment: &Environment) -> Result<(), Error> {
        let fits = |marker: &MarkerTree| marker::holds(marker, environment);
        if !self.environments.is_empty() && !self.environments.iter().any(fits) {
            return Err(self.error(
                "its `environments` are others than a component's (`sys_platform == 'wasi'`); lock for that one too"
                    .to_string(),
            ));
        }
        match &self.requires_python {
            Some(required) if !environment.satisfies(required) => Err(self.error(format!(
                "it is for Python {required}, and components have {}",
                environment.version()
            ))),
            _ => Ok(()),
        }
    }

    fn error(&self, reason: String) -> Error {
        Error::Lock {
            file: self.file.clone(),
            reason,
        }
    }
}

impl Package {
    /// Why it cannot be installed, if it cannot.
    fn hindrance(&self, environment: &Environment) -> Option<String> {
        match (&self.files, &self.requires_python) {
            (_, Some(required)) if !environment.satisfies(required) => Some(format!(
                "it is for Python {required}, and components have {}",
                environment.version()
            )),
            (Files::Unusable(reason), _) => Some(reason.clone()),
            _ => None,
        }
    }

    /// Its name, and its version if it has one.
    fn shown(&self) -> String {
        let version = self.version.as_deref().map(|version| format!(" {version}"));
        self.name.clone() + &version.unwrap_or_default()
    }
}

/// A digest of which a lock gives sixty-four hexadecimal digits.
fn digest(hexadecimal: &str) -> Result<Digest, String> {
    Digest::from_hexadecimal(hexadecimal)
        .ok_or_else(|| format!("`{hexadecimal}` is no sha256: it has 64 hexadecimal digits"))
}
