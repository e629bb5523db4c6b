//! What the compiled modules of installed wheels import, which no import statement says: the wheels that recipes build tell it.

use crate::{Error, Sources};
use ampoule_image::BUILD_FILE;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What compiled modules import, by module.
type Imports = BTreeMap<String, BTreeSet<String>>;

/// What is read of the file in a wheel that says how it was built.
#[derive(Deserialize)]
struct Build {
    #[serde(default)]
    imports: Imports,
}

/// The imports of compiled modules, by module.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn imports(sources: &Sources) -> Result<Imports, Error> {
    let mut found = Imports::new();
    for file in &sources.files {
        if is_build_file(&file.image) {
            found.extend(read(&file.disk)?);
        }
    }
    Ok(found)
}

/// Whether a path in the image is that of such a file.
fn is_build_file(image: &str) -> bool {
    let Some((folder, name)) = image.rsplit_once('/') else {
        return false;
    };
    name == BUILD_FILE && folder.ends_with(".dist-info")
}

fn read(file: &Path) -> Result<Imports, Error> {
    let build: Build = serde_json::from_slice(&ampoule_action::read(file)?).map_err(|error| Error::Imports {
        file: file.to_path_buf(),
        reason: error.to_string(),
    })?;
    Ok(build.imports)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SourceFile;

    #[test]
    fn wheels_say_what_their_modules_import() {
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
                    r#"{"python": "3.13", "imports": {"a._b": ["secrets"]}}"#,
                ),
                file("/app/data/ampoule.json", "no JSON"),
                file("/app/c-1.dist-info/ampoule.json", "{}"),
            ],
        };
        let imports = imports(&sources).unwrap();
        assert_eq!(imports["a._b"], BTreeSet::from(["secrets".to_string()]));
        assert_eq!(imports.len(), 1);
    }
}
