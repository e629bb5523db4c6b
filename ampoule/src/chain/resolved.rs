//! From a project to what it is built from: its dependencies installed, its extensions' sources unpacked, its WIT found.
//!
//! This comes before the toolchain, so that a lock, an archive or a package that cannot be used is said before minutes of building.

use super::{Chain, Wit};
use crate::error::Failure;
use crate::project::{Extension, ExtensionSource, Project};
use ampoule_archive::Archive;
use ampoule_fetch::Pin;
use ampoule_recipe::Description;
use std::path::PathBuf;

/// A project of which all is known and here that its stages read.
pub struct Resolved<'a> {
    /// What it says itself.
    pub project: &'a Project,
    /// The folders of the Python path: its own, then that of its dependencies.
    pub paths: Vec<PathBuf>,
    /// Its extension modules.
    pub extensions: Vec<ResolvedExtension>,
    /// Its WIT.
    pub wit: Wit,
    /// The pins of its dependencies and of its extensions' sources.
    pub pins: Vec<Pin>,
}

/// An extension module whose sources are here.
pub struct ResolvedExtension {
    /// How it is compiled, and under which name Python imports it.
    pub described: Description,
    /// The TOML file that says so.
    pub description: PathBuf,
    /// The folder of its sources.
    pub source: PathBuf,
    /// The folders of Python files that come with them.
    pub paths: Vec<PathBuf>,
}

impl Chain<'_> {
    /// Finds, fetches, installs and unpacks what a project names.
    pub(super) fn resolve<'a>(&self, project: &'a Project) -> Result<Resolved<'a>, Failure> {
        let mut paths = project.paths.clone();
        let mut pins = Vec::new();
        if let Some(dependencies) = self.dependencies(project)? {
            paths.push(dependencies.folder);
            pins.extend(dependencies.pins);
        }
        pins.extend(project.archives().cloned());
        let extensions = project.extensions.iter().map(|extension| self.extension(extension));
        Ok(Resolved {
            project,
            extensions: extensions.collect::<Result<_, _>>()?,
            wit: Wit::find(&project.world.chosen.wit, &paths, &project.compile, &project.wit_folder)?,
            paths,
            pins,
        })
    }

    /// An extension; an archive of its sources is unpacked.
    fn extension(&self, extension: &Extension) -> Result<ResolvedExtension, Failure> {
        let description = extension.description.clone();
        let described = Description::read(&description)?;
        let (source, paths) = match &extension.source {
            ExtensionSource::Folder(folder) => (folder.clone(), Vec::new()),
            ExtensionSource::Archive { pin, paths } => {
                let folder = self.unpacked(pin)?;
                let paths = paths.iter().map(|path| folder.join(path)).collect();
                (folder, paths)
            }
        };
        Ok(ResolvedExtension {
            described,
            description,
            source,
            paths,
        })
    }

    pub(super) fn unpacked(&self, pin: &Pin) -> Result<PathBuf, Failure> {
        let Archive {
            unpacking, limit, file, ..
        } = self.archive(pin)?;
        let unpacked = self.perform(
            &[pin],
            &ampoule_archive::Unpack {
                archive: file,
                format: unpacking.format,
                strip: unpacking.strip,
                bytes: limit.bytes,
                entries: limit.entries,
                output: "unpacked".into(),
            },
        )?;
        Ok(unpacked.path("folder").to_path_buf())
    }
}
