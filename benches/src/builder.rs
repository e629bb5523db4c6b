//! The two programs that build an app: Ampoule and componentize-py, with one command line.

use crate::app::App;
use crate::error::Error;
use crate::process::{self, Finished};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A program with componentize-py's command line.
pub trait Builder {
    /// Its name, for the table.
    fn name(&self) -> String;

    /// The program with the flags of its own.
    fn command(&self) -> Command;

    /// Builds the copy of an app in a folder.
    fn build(&self, app: &App, folder: &Path, output: &Path) -> Result<Finished, Error> {
        let mut command = self.command();
        command.current_dir(folder);
        command.args(["-d", &app.wit, "-w", &app.world, "componentize", &app.module, "-o"]);
        command.arg(output);
        process::run(&mut command)
    }
}

/// Ampoule with a cache of its own.
pub struct Ampoule {
    binary: PathBuf,
    cache: PathBuf,
    mirrors: Vec<PathBuf>,
    numeric_lists: &'static str,
}

impl Ampoule {
    /// The binary at a path, whose cache is in the work folder.
    pub fn new(binary: PathBuf, work: &Path, mirrors: Vec<PathBuf>) -> Ampoule {
        Ampoule {
            binary,
            cache: work.join("cache"),
            mirrors,
            numeric_lists: "list",
        }
    }

    /// The same with another cache.
    pub fn with_cache(&self, cache: &Path) -> Ampoule {
        Ampoule {
            binary: self.binary.clone(),
            cache: cache.to_path_buf(),
            mirrors: self.mirrors.clone(),
            numeric_lists: self.numeric_lists,
        }
    }

    /// The program with the cache and the mirrors.
    pub fn program(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.arg("--cache").arg(&self.cache);
        for mirror in &self.mirrors {
            command.arg("--mirror").arg(mirror);
        }
        command
    }

    /// The same with another form of lists of numbers.
    pub fn with_numeric_lists(&self, numeric_lists: &'static str) -> Ampoule {
        Ampoule {
            numeric_lists,
            ..self.with_cache(&self.cache)
        }
    }
}

impl Builder for Ampoule {
    fn name(&self) -> String {
        "Ampoule".to_string()
    }

    fn command(&self) -> Command {
        let mut command = self.program();
        command.arg("--numeric-lists").arg(self.numeric_lists);
        command
    }
}

/// componentize-py in a virtual environment.
pub struct Peer {
    binary: PathBuf,
    version: String,
}

impl Peer {
    /// Installs a version by pip into an environment in the work folder, unless it is there.
    pub fn install(work: &Path, version: &str) -> Result<Peer, Error> {
        let binary = process::installed(work, "componentize-py", version)?;
        Ok(Peer {
            binary,
            version: version.to_string(),
        })
    }
}

impl Builder for Peer {
    fn name(&self) -> String {
        format!("componentize-py {}", self.version)
    }

    fn command(&self) -> Command {
        Command::new(&self.binary)
    }
}
