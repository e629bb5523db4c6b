//! From a project to what it is built from: its dependencies installed, its extensions' sources unpacked, its WIT found.
//!
//! This comes before the toolchain, so that a lock, an archive or a package that cannot be used is said before minutes of building.

use super::{Chain, Wit};
use crate::error::Failure;
use crate::project::{Extension, ExtensionSource, Made, Project};
use crate::recipes::Recipes;
use ampoule_archive::Archive;
use ampoule_fetch::Pin;
use ampoule_recipe::Description;
use ampoule_settings::WebSettings;
use ampoule_web::PACKAGE;
use std::path::{Path, PathBuf};

/// A project of which all is known and here that its stages read.
pub struct Resolved<'a> {
    /// What it says itself.
    pub project: &'a Project,
    /// The folders of the Python path: its own, then that of its dependencies, then those of packages that are made of its sources.
    pub paths: Vec<PathBuf>,
    /// That of its dependencies, if it has a lock.
    pub dependencies: Option<PathBuf>,
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
        let mut folder = None;
        if let Some(dependencies) = self.dependencies(project)? {
            paths.push(dependencies.folder.clone());
            folder = Some(dependencies.folder);
            pins.extend(dependencies.pins);
        }
        pins.extend(project.archives().cloned());
        let recipes = Recipes::read(&project.recipes)?;
        let mut extensions = Vec::new();
        for extension in &project.extensions {
            match &extension.made {
                Made::ByDescription(description) => extensions.push(self.extension(extension, description)?),
                Made::ByRecipe(recipe) => {
                    let made = self.local_package(recipe, &self.source_of(extension)?, &recipes)?;
                    paths.push(made.folder);
                    pins.extend(made.pins);
                }
            }
        }
        let mut wit = Wit::find(
            &project.world.chosen.wit,
            &paths,
            &project.compile,
            project.wit_folder.as_deref(),
        )?;
        if let Some(settings) = &project.web {
            let web = self.web(settings)?;
            paths.push(web.join("python"));
            wit.packages.push((PACKAGE.to_string(), web.join("package")));
        }
        Ok(Resolved {
            project,
            dependencies: folder,
            extensions,
            wit,
            paths,
            pins,
        })
    }

    /// What stands between wasi:http and a web application.
    fn web(&self, settings: &WebSettings) -> Result<PathBuf, Failure> {
        let pins = self.pins.group("web");
        let stage = ampoule_web::Web {
            archives: self.archives(&pins)?,
            settings: settings.clone(),
            output: "web".into(),
        };
        let done = self.perform(&pins, &stage)?;
        Ok(done.path("web").to_path_buf())
    }

    /// An extension module; an archive of its sources is unpacked.
    fn extension(&self, extension: &Extension, description: &Path) -> Result<ResolvedExtension, Failure> {
        let described = Description::read(description)?;
        let source = self.source_of(extension)?;
        let paths = match &extension.source {
            ExtensionSource::Folder(_) => Vec::new(),
            ExtensionSource::Archive { paths, .. } => paths.iter().map(|path| source.join(path)).collect(),
        };
        Ok(ResolvedExtension {
            described,
            description: description.to_path_buf(),
            source,
            paths,
        })
    }

    /// The folder of an extension's sources.
    fn source_of(&self, extension: &Extension) -> Result<PathBuf, Failure> {
        match &extension.source {
            ExtensionSource::Folder(folder) => Ok(folder.clone()),
            ExtensionSource::Archive { pin, .. } => self.unpacked(pin),
        }
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
