//! Where the WIT of a world is.

use super::packages::packages;
use crate::error::Failure;
use ampoule_bindgen::Package;
use ampoule_settings::CompileSettings;
use std::path::{Path, PathBuf};

/// What the bindings are made from.
#[derive(Clone, Debug)]
pub struct Wit {
    /// WIT files, folders, or packages encoded as wasm.
    pub files: Vec<PathBuf>,
    /// Python packages with WIT of their own: their dotted names and their folders.
    pub packages: Vec<(String, PathBuf)>,
}

impl Wit {
    /// The WIT that is given, and that of Python packages on the path. Where nothing is given and no package has any, it is in `folder`, if there is one.
    ///
    /// # Errors
    /// When a link leads out of the folders of the path, or the file of a package is not as it must be.
    pub fn find(
        given: &[PathBuf],
        paths: &[PathBuf],
        settings: &CompileSettings,
        folder: Option<&Path>,
    ) -> Result<Wit, Failure> {
        let packages = packages(paths, settings)?;
        let mut has_wit = !given.is_empty();
        for (name, folder) in &packages {
            has_wit |= Package::read(name, folder)?.wit.is_some();
        }
        let files = if has_wit {
            given.to_vec()
        } else {
            folder.into_iter().map(Path::to_path_buf).collect()
        };
        Ok(Wit { files, packages })
    }
}
