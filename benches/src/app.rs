//! An app that both builders build: its folder, and what `[tool.ampoule]` says of it.

use crate::error::Error;
use ampoule_action::{Links, copy_file, copy_folder, read_folder, read_text, write};
use serde::Deserialize;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// An app.
pub struct App {
    folder: PathBuf,
    /// The folder of its WIT, within its own.
    pub wit: String,
    /// Its world.
    pub world: String,
    /// Its module.
    pub module: String,
}

#[derive(Deserialize)]
struct PyProject {
    tool: Tools,
}

#[derive(Deserialize)]
struct Tools {
    ampoule: Settings,
}

#[derive(Deserialize)]
struct Settings {
    wit: String,
    world: String,
    app: String,
}

impl App {
    /// Reads the app in a folder.
    pub fn read(folder: &Path) -> Result<App, Error> {
        let path = folder.join("pyproject.toml");
        let text = read_text(&path)?;
        let project: PyProject = toml::from_str(&text).map_err(|error| Error::App {
            path,
            reason: error.to_string(),
        })?;
        let settings = project.tool.ampoule;
        Ok(App {
            folder: folder.to_path_buf(),
            wit: settings.wit,
            world: settings.world,
            module: settings.app,
        })
    }

    /// Copies what a build reads to another folder: the WIT, and the folder's Python files.
    pub fn copy(&self, target: &Path) -> Result<(), Error> {
        copy_folder(
            &self.folder.join(&self.wit),
            &target.join(&self.wit),
            Links::Followed,
            |_| true,
        )?;
        for path in read_folder(&self.folder)? {
            if let (Some(name), true) = (path.file_name(), path.extension().is_some_and(|kind| kind == "py")) {
                copy_file(&path, &target.join(name))?;
            }
        }
        Ok(())
    }

    /// Changes the copy in a folder to what no run has built before, so that no cache has it.
    pub fn change(&self, folder: &Path) -> Result<(), Error> {
        let file = folder.join(self.file());
        let text = read_text(&self.folder.join(self.file()))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let changed = format!("{text}\n\nCHANGED = {}\n", now.as_nanos());
        Ok(write(&file, changed)?)
    }

    fn file(&self) -> String {
        format!("{}.py", self.module)
    }
}
