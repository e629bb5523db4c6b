//! The locked dependencies of a project: which wheels there are, and the stage that installs them.

use super::Chain;
use super::native::{Buildable, Sources, Wheel};
use crate::attest::distributions;
use crate::error::Failure;
use crate::project::{LockFile, Project};
use crate::recipes::Recipes;
use ampoule_action::Digest;
use ampoule_archive::{Format, Unpacking};
use ampoule_fetch::{Mirror, Pin, PinnedFile, Source};
use ampoule_settings::WheelsSettings;
use ampoule_wheels::{Environment, Files, LIMIT, Lock, LockFormat, Package, Place, WheelName, normalised};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The group of the pins that stand in a lock.
pub const DEPENDENCIES: &str = "dependencies";

/// The installed dependencies of a project.
pub(super) struct Dependencies {
    /// The folder of the Python path that has them.
    pub folder: PathBuf,
    /// The pins of those that were fetched.
    pub pins: Vec<Pin>,
}

/// The wheels of a lock.
#[derive(Default)]
struct Locked {
    /// Those that are fetched.
    pins: Vec<Pin>,
    /// All of them by their names, with their places.
    wheels: Vec<Wheel>,
    /// The packages of which there is none, and a recipe by which it is built.
    buildable: Vec<Buildable>,
}

impl Chain<'_> {
    /// Installs the dependencies of a project that has a lock.
    pub(super) fn dependencies(&self, project: &Project) -> Result<Option<Dependencies>, Failure> {
        let Some(lock) = &project.lock else {
            return Ok(None);
        };
        let locked = self.locked(project, lock)?;
        let (file, is_pylock) = (lock.file.clone(), lock.format == LockFormat::Pylock);
        let pins: Vec<&Pin> = locked.pins.iter().collect();
        let built = self.native_wheels(&locked.buildable)?;
        let done = self.perform(
            &pins,
            &ampoule_wheels::Wheels {
                lock: WheelsSettings {
                    pylock: Some(file.clone()).filter(|_| is_pylock),
                    requirements: Some(file).filter(|_| !is_pylock),
                },
                wheels: locked.wheels,
                built,
                python_version: self.python_version()?,
                provided: project.provided(),
                output: "wheels".into(),
            },
        )?;
        let sources = locked.buildable.into_iter().map(Buildable::pins);
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Dependencies {
            folder: done.path("folder").to_path_buf(),
            pins: locked.pins.into_iter().chain(sources.concat()).collect(),
        }))
    }

    fn locked(&self, project: &Project, lock: &LockFile) -> Result<Locked, Failure> {
        let mut locked = Locked::default();
        let environment = Environment::of(&self.python_version()?)?;
        let mut lock = Lock::read(&lock.file, lock.format, &environment)?;
        // What cannot be installed is said before anything is fetched.
        let provided = project.provided();
        let recipes = Recipes::read(&project.recipes)?;
        lock.explain(|package| not_built(&recipes, package));
        let buildable = lock
            .wanted(&environment, &provided)
            .filter_map(|package| buildable(&recipes, &lock, package));
        locked.buildable = buildable.collect();
        let built: Vec<String> = locked
            .buildable
            .iter()
            .map(|package| package.name().to_string())
            .collect();
        let required = lock.required(&environment, &provided, &built)?;
        for (package, wheel) in lock.candidates() {
            match &wheel.place {
                Place::Local(path) => locked.wheels.push((wheel.file.clone(), lock.path_of(path))),
                Place::Remote(url) => {
                    let sources = sources(package, &wheel.file, url.as_deref());
                    locked.pins.push(pin_of(
                        &package.name,
                        version_of(package),
                        &wheel.file,
                        wheel.digest,
                        wheel.size,
                        sources,
                    ));
                }
            }
        }
        for package in required {
            if let Files::Digests(digests) = &package.files {
                match self.wheel_with(package, digests, &environment) {
                    Ok(pin) => locked.pins.push(pin),
                    Err(failure) => locked
                        .buildable
                        .push(by_digest(&recipes, package, digests).ok_or(failure)?),
                }
            }
        }
        for pin in &locked.pins {
            locked.wheels.push((pin.files[0].file.clone(), self.place(pin)?));
        }
        Ok(locked)
    }

    /// The wheel of a package of which only digests are known: one that is on this machine, else one that pip's index lists.
    fn wheel_with(&self, package: &Package, digests: &[Digest], environment: &Environment) -> Result<Pin, Failure> {
        let is_wanted = |digest: &Digest| digests.contains(digest);
        let fits = |file: &str| fitting(file, package, environment);
        let mut found = BTreeMap::new();
        let own = Mirror::Folder(self.cache.files());
        for mirror in std::iter::once(&own).chain(&self.options.fetching.mirrors) {
            for file in mirror.names() {
                if let Some(rank) = fits(&file)
                    && let Ok(digest) = mirror.digest(&file)
                    && is_wanted(&digest)
                {
                    found.insert((rank, file), digest);
                }
            }
        }
        let mut others = Vec::new();
        if found.is_empty() && !self.options.fetching.offline {
            for (file, digest) in ampoule_fetch::listed(&package.name)? {
                let Some(digest) = digest.filter(is_wanted) else {
                    continue;
                };
                match fits(&file) {
                    Some(rank) => drop(found.insert((rank, file), digest)),
                    None => others.push(file),
                }
            }
        }
        let ((_, file), digest) = found.pop_first().ok_or_else(|| Failure::NoWheel {
            package: package.name.clone(),
            version: version_of(package).to_string(),
            others,
            offline: self.options.fetching.offline,
        })?;
        let sources = sources(package, &file, None);
        Ok(pin_of(&package.name, version_of(package), &file, digest, None, sources))
    }
}

/// The failure, and what may be behind it: dependencies of a project without a lock, which nothing has installed.
pub(super) fn with_hint(failure: Failure, project: &Project) -> Failure {
    let is_build = matches!(failure, Failure::Action(_));
    if project.lock.is_some() || !is_build {
        return failure;
    }
    let installed = project
        .paths
        .iter()
        .filter_map(|folder| distributions::in_folder(folder).ok());
    let installed: Vec<String> = installed.flatten().map(|part| normalised(&part.name)).collect();
    let provided = project.provided();
    let is_there = |name: &String| installed.contains(name) || provided.contains(name);
    let missing: Vec<String> = project
        .dependencies
        .iter()
        .filter(|name| !is_there(name))
        .cloned()
        .collect();
    if missing.is_empty() {
        return failure;
    }
    Failure::NotLocked {
        failure: Box::new(failure),
        missing,
    }
}

/// How a package is built of which the lock has a source distribution and no wheel that could be installed, if a recipe knows how.
fn buildable(recipes: &Recipes, lock: &Lock, package: &Package) -> Option<Buildable> {
    let Files::Unusable(_) = &package.files else {
        return None;
    };
    let source = package.source.as_ref()?;
    let version = package.version.as_deref()?;
    let recipe = recipes.find(&package.name, version)?;
    let (sources, local) = match &source.place {
        Place::Local(path) => (Vec::new(), Some(lock.path_of(path))),
        Place::Remote(url) => (sources(package, &source.file, url.as_deref()), None),
    };
    let sdist = source_pin(
        &package.name,
        version,
        &source.file,
        source.digest,
        source.size,
        sources,
    );
    Some(Buildable {
        recipe,
        origin: Sources::Distribution(Box::new(sdist), local),
        recipes: recipes.clone(),
        needed_by: Vec::new(),
    })
}

/// Why a package that there are recipes for is not built by one of them; nothing if there are none.
fn not_built(recipes: &Recipes, package: &Package) -> Option<String> {
    let versions = recipes.versions(&package.name);
    if versions.is_empty() {
        return None;
    }
    let version = package.version.as_deref()?;
    let fits = recipes.find(&package.name, version).is_some();
    Some(match fits {
        true => "Ampoule builds it from its source distribution, which the lock does not name; lock that, too, as \
                 `uv pip compile --format pylock.toml` does"
            .to_string(),
        false => format!(
            "the lock has nothing of it that runs in a component, and the recipe that builds it is for {} {}; lock such a version, or \
             bring a recipe for this one (`recipes` in [tool.ampoule])",
            package.name,
            versions.join(" or ")
        ),
    })
}

/// The same for a package of which the lock has digests only: one of them is that of a source distribution that the recipe knows.
fn by_digest(recipes: &Recipes, package: &Package, digests: &[Digest]) -> Option<Buildable> {
    let known = tried(recipes, &package.name, package.version.as_deref()?)?;
    let is_wanted = |sdist: &Pin| digests.contains(&sdist.files[0].digest);
    known.origin.sdist().is_some_and(is_wanted).then_some(known)
}

/// How a version of a package is built that a recipe was tried with, whose digest it has.
pub fn tried(recipes: &Recipes, package: &str, version: &str) -> Option<Buildable> {
    let recipe = recipes.find(package, version)?;
    let known = recipe.recipe.sdists.get(version)?;
    let (file, digest, size) = (known.file.as_str(), known.digest, known.size);
    let sources = vec![in_index(package, version, file)];
    let sdist = source_pin(package, version, file, digest, Some(size), sources);
    Some(Buildable {
        recipe,
        origin: Sources::Distribution(Box::new(sdist), None),
        recipes: recipes.clone(),
        needed_by: Vec::new(),
    })
}

/// Where a wheel comes from: the URL of the lock, if it has one, then the index that pip is set up with.
fn sources(package: &Package, file: &str, url: Option<&str>) -> Vec<Source> {
    let url = url.map(|url| Source::Url(url.to_string()));
    let index = package.version.as_ref();
    let index = index.map(|version| in_index(&package.name, version, file));
    url.into_iter().chain(index).collect()
}

/// A file of a package in the index that pip is set up with.
pub(super) fn in_index(package: &str, version: &str, file: &str) -> Source {
    Source::Pypi {
        project: package.to_string(),
        version: version.to_string(),
        file: file.to_string(),
    }
}

/// The version of a package; nothing for one that has none.
fn version_of(package: &Package) -> &str {
    package.version.as_deref().unwrap_or_default()
}

/// A source distribution of a package as a pinned input.
pub(super) fn source_pin(
    package: &str,
    version: &str,
    file: &str,
    digest: Digest,
    size: Option<u64>,
    sources: Vec<Source>,
) -> Pin {
    let format = if file.ends_with(".zip") {
        Format::Zip
    } else {
        Format::TarGz
    };
    let unpack = Unpacking { format, strip: 1 };
    Pin {
        unpack,
        ..pin_of(package, version, file, digest, size, sources)
    }
}

/// A wheel of a package as a pinned input.
fn pin_of(package: &str, version: &str, file: &str, digest: Digest, size: Option<u64>, sources: Vec<Source>) -> Pin {
    Pin {
        name: package.to_string(),
        group: DEPENDENCIES.to_string(),
        license: String::new(),
        purl: format!("pkg:pypi/{package}@{}", version.replace('+', "%2B")),
        version: version.to_string(),
        unpack: Unpacking {
            format: Format::Zip,
            strip: 0,
        },
        files: vec![PinnedFile {
            platform: None,
            file: file.to_string(),
            digest,
            size,
            limit: LIMIT,
            sources,
        }],
    }
}

/// How well a file fits as the wheel of a package; none if it does not.
fn fitting(file: &str, package: &Package, environment: &Environment) -> Option<usize> {
    let name = WheelName::parse(file).filter(|name| name.project == package.name)?;
    name.rank(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_the_url_then_the_index() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pylock.toml");
        let url = "https://example.com/x/a-1.0-py3-none-any.whl";
        let digest = Digest::of_bytes(b"").hexadecimal();
        let text = format!(
            "lock-version = '1.0'\n[[packages]]\nname = 'a'\nversion = '1.0'\n\
             [[packages.wheels]]\nurl = '{url}'\nhashes = {{ sha256 = '{digest}' }}\n"
        );
        std::fs::write(&file, text).unwrap();
        let lock = Lock::read(&file, LockFormat::Pylock, &Environment::of("3.13.9").unwrap()).unwrap();
        let (package, wheel) = lock.candidates().next().unwrap();
        let Place::Remote(url_of_lock) = &wheel.place else {
            panic!("it is fetched");
        };
        let sources = sources(package, &wheel.file, url_of_lock.as_deref());
        let sources: Vec<String> = sources.iter().map(ToString::to_string).collect();
        assert_eq!(sources, [url, "pypi:a==1.0/a-1.0-py3-none-any.whl"]);
    }
}
