//! What no import statement says of installed wheels with native code: the wheels that recipes build tell it.

use crate::hidden::is_within;
use crate::{Error, Imports, Sources};
use ampoule_image::BUILD_FILE;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Imports by module.
pub(crate) type ByModule = BTreeMap<String, BTreeSet<String>>;

/// What is read of the file in a wheel that says how it was built.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(crate) struct Said {
    /// What compiled modules import.
    pub(crate) imports: ByModule,
    /// What functions of modules in Python import that no component gets for their sake.
    pub(crate) not_followed: ByModule,
}

impl Said {
    /// The imports of an app without those that are not followed.
    pub(crate) fn followed(&self, app: &Imports) -> Imports {
        let mut followed = app.clone();
        for (module, names) in &self.not_followed {
            if let Some(imports) = followed.get_mut(module) {
                let is_followed = |import: &String| !names.iter().any(|name| is_within(import, name));
                imports.inner.retain(is_followed);
            }
        }
        followed
    }
}

/// What all wheels say.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn said(sources: &Sources) -> Result<Said, Error> {
    let mut said = Said::default();
    for file in sources.files.iter().filter(|file| is_build_file(&file.image)) {
        let of_wheel = read(&file.disk)?;
        said.imports.extend(of_wheel.imports);
        said.not_followed.extend(of_wheel.not_followed);
    }
    Ok(said)
}

/// Whether a path in the image is that of such a file.
fn is_build_file(image: &str) -> bool {
    let Some((folder, name)) = image.rsplit_once('/') else {
        return false;
    };
    name == BUILD_FILE && folder.ends_with(".dist-info")
}

fn read(file: &Path) -> Result<Said, Error> {
    serde_json::from_slice(&ampoule_action::read(file)?).map_err(|error| Error::Imports {
        file: file.to_path_buf(),
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceFile;

    #[test]
    fn wheels_say_what_no_statement_says() {
        let folder = tempfile::tempdir().unwrap();
        let file = |image: &str, text: &str| {
            let disk = folder.path().join(image.replace('/', "-"));
            std::fs::write(&disk, text).unwrap();
            SourceFile {
                image: image.to_string(),
                disk,
            }
        };
        let sources = Sources {
            folders: vec!["/app".to_string()],
            files: vec![
                file(
                    "/app/a-1.dist-info/ampoule.json",
                    r#"{"python": "3.13", "imports": {"a._b": ["secrets"]}, "not-followed": {"a.c": ["pydoc"]}}"#,
                ),
                file("/app/data/ampoule.json", "no JSON"),
                file("/app/c-1.dist-info/ampoule.json", "{}"),
            ],
        };
        let said = said(&sources).unwrap();
        let one = |module: &str, import: &str| ByModule::from([(module.into(), BTreeSet::from([import.into()]))]);
        assert_eq!(said.imports, one("a._b", "secrets"));
        assert_eq!(said.not_followed, one("a.c", "pydoc"));
        let imports = |names: &[&str]| crate::ModuleImports {
            inner: names.iter().map(|name| name.to_string()).collect(),
            ..Default::default()
        };
        let app = Imports::from([("a.c".to_string(), imports(&["pydoc", "pydoc.help", "pydocs"]))]);
        assert_eq!(said.followed(&app)["a.c"].inner, BTreeSet::from(["pydocs".to_string()]));
    }
}
