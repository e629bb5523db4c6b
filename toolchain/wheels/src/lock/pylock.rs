//! `pylock.toml` (PEP 751).

use super::{Files, Lock, LockedFile, Package, Place, digest};
use crate::{Environment, WheelName, marker, normalised};
use ampoule_action::said_of_toml;
use pep508_rs::pep440_rs::VersionSpecifiers;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Document {
    lock_version: String,
    #[serde(default)]
    environments: Vec<String>,
    requires_python: Option<String>,
    #[serde(default)]
    default_groups: Vec<String>,
    packages: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    name: String,
    version: Option<String>,
    marker: Option<String>,
    requires_python: Option<String>,
    vcs: Option<toml::Table>,
    directory: Option<toml::Table>,
    archive: Option<toml::Table>,
    sdist: Option<FileEntry>,
    #[serde(default)]
    wheels: Vec<FileEntry>,
}

#[derive(Deserialize)]
struct FileEntry {
    name: Option<String>,
    url: Option<String>,
    path: Option<PathBuf>,
    size: Option<u64>,
    #[serde(default)]
    hashes: BTreeMap<String, String>,
}

/// Reads the text of a lock.
pub(super) fn parse(text: &str, environment: &Environment) -> Result<Lock, String> {
    let document: Document = toml::from_str(text).map_err(said_of_toml)?;
    let major = document.lock_version.split('.').next();
    if major != Some("1") {
        return Err(format!(
            "it has the lock-version {}, and 1.0 is what Ampoule reads",
            document.lock_version
        ));
    }
    let chosen = document
        .default_groups
        .iter()
        .filter_map(|group| marker::chosen("dependency_groups", group))
        .collect();
    let environments = document.environments.iter().map(|text| read_marker(text));
    let packages = document.packages.into_iter().map(|entry| {
        let name = entry.name.clone();
        entry
            .into_package(environment)
            .map_err(|reason| format!("{name}: {reason}"))
    });
    Ok(Lock {
        file: PathBuf::new(),
        packages: packages.collect::<Result<_, _>>()?,
        environments: environments.collect::<Result<_, _>>()?,
        requires_python: document.requires_python.as_deref().map(specifiers).transpose()?,
        chosen,
    })
}

impl Entry {
    fn into_package(self, environment: &Environment) -> Result<Package, String> {
        let name = normalised(&self.name);
        let files = self.files(&name, environment)?;
        // One without a digest is not built from.
        let source = self.sdist.as_ref().and_then(|sdist| sdist.locked().ok());
        Ok(Package {
            name,
            version: self.version,
            files,
            source,
            marker: read_marker(self.marker.as_deref().unwrap_or_default())?,
            requires_python: self.requires_python.as_deref().map(specifiers).transpose()?,
        })
    }

    fn files(&self, project: &str, environment: &Environment) -> Result<Files, String> {
        let mut best: Option<(usize, &FileEntry)> = None;
        for wheel in &self.wheels {
            let file = wheel.file()?;
            let name = WheelName::parse(&file).ok_or_else(|| format!("`{file}` is no wheel's name"))?;
            if name.project != project {
                return Err(format!("`{file}` is a wheel of another project"));
            }
            let better = |rank: &usize| best.is_none_or(|(known, _)| *rank < known);
            if let Some(rank) = name.rank(environment).filter(better) {
                best = Some((rank, wheel));
            }
        }
        match best {
            Some((_, wheel)) => Ok(Files::Wheel(wheel.locked()?)),
            None if self.is_project() => Ok(Files::Project),
            None => Ok(Files::Unusable(self.why_unusable(environment)?)),
        }
    }

    /// Whether it is the folder that the lock is in: `uv export` has the project itself in the lock.
    fn is_project(&self) -> bool {
        let path = self.directory.as_ref().and_then(|table| table.get("path")?.as_str());
        path.is_some_and(|path| Path::new(path).components().all(|part| part == Component::CurDir))
    }

    /// Why none of the files can be installed, and what to do.
    fn why_unusable(&self, environment: &Environment) -> Result<String, String> {
        let origin = [
            ("a repository", &self.vcs),
            ("a folder", &self.directory),
            ("an archive", &self.archive),
        ];
        if let Some((origin, _)) = origin.into_iter().find(|(_, table)| table.is_some()) {
            return Ok(format!(
                "it is locked as {origin}, and only wheels are installed; name the folder with its Python files in `paths`, \
                 or lock a wheel that was built from it"
            ));
        }
        let Some(wheel) = self.wheels.first() else {
            let what = if self.sdist.is_some() {
                "its source only"
            } else {
                "no file of it"
            };
            return Ok(format!(
                "the lock has {what}, and Ampoule has no recipe that builds it; build a wheel (`pip wheel --no-deps`) and lock that{}",
                self.draft()
            ));
        };
        let file = wheel.file()?;
        let is_pure = WheelName::parse(&file).is_some_and(|name| name.is_pure());
        if is_pure {
            return Ok(format!("{file} is not for Python {}", environment.version()));
        }
        let remedy = match self.sdist {
            Some(_) => ", and Ampoule has no recipe that builds its source distribution (`ampoule recipes`); depend",
            None => "; lock its source distribution if Ampoule has a recipe for it (`ampoule recipes`), depend",
        };
        Ok(format!(
            "{file} and the like hold native code for other machines, which cannot run in WebAssembly{remedy} on a version or package in \
             pure Python, compile its sources with [[tool.ampoule.extensions]]{}",
            self.draft()
        ))
    }

    /// That a recipe can be written.
    fn draft(&self) -> String {
        match (&self.sdist, &self.version) {
            (Some(_), Some(version)) => format!(
                ", or begin a recipe with `ampoule recipes --draft {}=={version}`",
                normalised(&self.name)
            ),
            _ => ", or write a recipe".to_string(),
        }
    }
}

impl FileEntry {
    /// The file's name: the one that is given, or the last part of its place.
    fn file(&self) -> Result<String, String> {
        if let Some(name) = &self.name {
            return Ok(name.clone());
        }
        let place = match (&self.url, &self.path) {
            (Some(url), _) => {
                let url = url::Url::parse(url).map_err(|error| format!("`{url}` is no URL: {error}"))?;
                url.path().replace("%2B", "+").replace("%2b", "+")
            }
            (None, Some(path)) => path.to_string_lossy().into_owned(),
            (None, None) => return Err("a file has neither a name nor a place".to_string()),
        };
        Ok(place.rsplit('/').next().unwrap_or(&place).to_string())
    }

    fn locked(&self) -> Result<LockedFile, String> {
        let file = self.file()?;
        let hash = self
            .hashes
            .get("sha256")
            .ok_or_else(|| format!("there is no sha256 of {file}, and what is not pinned is not read"))?;
        let place = match &self.path {
            Some(path) => Place::Local(path.clone()),
            None => Place::Remote(self.remote()?),
        };
        Ok(LockedFile {
            digest: digest(hash)?,
            size: self.size,
            place,
            file,
        })
    }

    /// The URL, if it is given.
    fn remote(&self) -> Result<Option<String>, String> {
        let is_of_web = |url: &String| ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
        match &self.url {
            Some(url) if !is_of_web(url) => Err(format!("`{url}` is no place to fetch from: expected https://...")),
            url => Ok(url.clone()),
        }
    }
}

fn read_marker(text: &str) -> Result<pep508_rs::MarkerTree, String> {
    marker::parse(text).map_err(|error| format!("`{text}` is no marker: {error}"))
}

fn specifiers(text: &str) -> Result<VersionSpecifiers, String> {
    VersionSpecifiers::from_str(text).map_err(|error| format!("`{text}` is no range of versions: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn environment() -> Environment {
        Environment::of("3.13.9").unwrap()
    }

    fn lock(more: &str, packages: &str) -> Result<Lock, String> {
        parse(
            &format!("lock-version = '1.0'\ncreated-by = 'test'\n{more}\n{packages}"),
            &environment(),
        )
    }

    fn package(name: &str, more: &str, wheel: &str) -> String {
        format!(
            "[[packages]]\nname = '{name}'\nversion = '1.0'\n{more}\n[[packages.wheels]]\nurl = 'https://example.com/x/{wheel}'\n\
             hashes = {{sha256 = '{SHA256}'}}\n"
        )
    }

    fn required(more: &str, packages: &[String]) -> Result<Vec<String>, String> {
        let lock = lock(more, &packages.concat())?;
        let required = lock
            .required(&environment(), &[], &[])
            .map_err(|error| error.to_string())?;
        Ok(required.into_iter().map(|package| package.name.clone()).collect())
    }

    #[test]
    fn markers_choose_the_packages() {
        let packages = [
            package(
                "Only_Windows",
                "marker = \"sys_platform == 'win32'\"",
                "only_windows-1.0-py3-none-any.whl",
            ),
            package("b", "marker = \"sys_platform == 'wasi'\"", "b-1.0-py3-none-any.whl"),
            package("a", "", "a-1.0-py3-none-any.whl"),
            package(
                "docs",
                "marker = \"'docs' in dependency_groups\"",
                "docs-1.0-py3-none-any.whl",
            ),
            package("extra", "marker = \"'x' in extras\"", "extra-1.0-py3-none-any.whl"),
        ];
        assert_eq!(required("", &packages).unwrap(), ["a", "b"]);
        assert_eq!(
            required("default-groups = ['docs']", &packages).unwrap(),
            ["a", "b", "docs"]
        );
    }

    #[test]
    fn a_wheel_is_fetched_from_the_web() {
        let text = package("a", "", "a-1.0-py3-none-any.whl");
        let parsed = lock("", &text).unwrap();
        let (_, wheel) = parsed.candidates().next().unwrap();
        let Place::Remote(Some(url)) = &wheel.place else {
            panic!("it is fetched");
        };
        assert_eq!(url, "https://example.com/x/a-1.0-py3-none-any.whl");
        let error = lock("", &text.replace("https:", "ftp:")).unwrap_err();
        assert!(error.contains("expected https://"), "{error}");
    }

    #[test]
    fn native_wheels_are_refused_by_name_where_they_are_wanted() {
        let native = "numpy-1.0-cp313-cp313-manylinux_2_17_x86_64.whl";
        let error = required("", &[package("numpy", "", native)]).unwrap_err();
        assert!(
            error.contains("numpy 1.0") && error.contains(native) && error.contains("native code"),
            "{error}"
        );
        let elsewhere = package("numpy", "marker = \"sys_platform == 'linux'\"", native);
        assert!(required("", &[elsewhere]).unwrap().is_empty());
        let lock = lock("", &package("numpy", "", native)).unwrap();
        assert!(
            lock.required(&environment(), &["numpy".to_string()], &[])
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn what_is_no_wheel_says_what_to_do() {
        for (table, said) in [
            ("directory = {path = '../other'}", "a folder"),
            ("vcs = {type = 'git', commit-id = '1'}", "a repository"),
            ("sdist = {name = 'a-1.0.tar.gz'}", "its source only"),
            ("", "no file of it"),
        ] {
            let error = required("", &[format!("[[packages]]\nname = 'a'\n{table}\n")]).unwrap_err();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn the_project_itself_is_on_the_path_anyway() {
        let project = "[[packages]]\nname = 'app'\ndirectory = {path = './', editable = true}\n".to_string();
        assert!(required("", &[project]).unwrap().is_empty());
    }

    #[test]
    fn locks_for_others_are_refused() {
        let packages = [package("a", "", "a-1.0-py3-none-any.whl")];
        let error = required("environments = [\"sys_platform == 'linux'\"]", &packages).unwrap_err();
        assert!(error.contains("environments"), "{error}");
        let error = required("requires-python = '>=3.14'", &packages).unwrap_err();
        assert!(error.contains(">=3.14") && error.contains("3.13.9"), "{error}");
        let twice = [packages[0].clone(), packages[0].clone()];
        assert!(required("", &twice).unwrap_err().contains("a twice"));
    }

    #[test]
    fn broken_locks_name_the_package() {
        let unpinned = "[[packages]]\nname = 'a'\n[[packages.wheels]]\nname = 'a-1-py3-none-any.whl'\n";
        let error = lock("", unpinned).unwrap_err();
        assert!(error.starts_with("a: there is no sha256"), "{error}");
        let error = lock("", &package("a", "marker = 'nonsense'", "a-1.0-py3-none-any.whl")).unwrap_err();
        assert!(error.starts_with("a: `nonsense` is no marker"), "{error}");
        let error = lock("", &package("a", "", "b-1.0-py3-none-any.whl")).unwrap_err();
        assert!(error.contains("another project"), "{error}");
        let error = parse("lock-version = '2.0'\npackages = []", &environment()).unwrap_err();
        assert!(error.contains("2.0"), "{error}");
    }
}
