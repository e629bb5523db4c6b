//! The stage `bytecode`: the Python files of a folder that seldom changes, such as that of an app's dependencies.

use crate::bytecode::{Compiler, Named, Written, compile_folder};
use crate::{Error, Sources};
use ampoule_action::{Action, Console, Outputs, Stage, StageError, read, read_folder, write};
use ampoule_host::Files;
use ampoule_settings::CompileSettings;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Compile the Python files of one folder, for the stage `compile` to take them in place of its own
#[derive(Clone, Debug, clap::Args)]
pub struct CompileFolder {
    /// Precompiled interpreter: `initialised.cwasm` of the stage `interpreter`
    #[arg(long, value_name = "FILE")]
    pub interpreter: PathBuf,
    /// Folder of the stdlib: `lib/python3.*` of the stage `interpreter`
    #[arg(long, value_name = "DIR")]
    pub stdlib_folder: PathBuf,
    /// Folder of the Python path
    #[arg(long, value_name = "DIR")]
    pub folder: PathBuf,
    /// Its place in the image, such as /app1
    #[arg(long, value_name = "PATH")]
    pub place: String,
    /// Files and folders to leave out, as the stage `compile` does
    #[arg(long, value_name = "PATTERN")]
    pub exclude: Vec<String>,
    /// Folder of the bytecode
    #[arg(long, value_name = "DIR")]
    pub output: PathBuf,
}

impl Stage for CompileFolder {
    fn name(&self) -> &'static str {
        "bytecode"
    }

    fn code(&self) -> &'static str {
        ampoule_action::code_digest!()
    }

    fn describe(&self) -> Action {
        let Self {
            interpreter,
            stdlib_folder,
            folder,
            place,
            exclude,
            output,
        } = self;
        Action::default()
            .parameter("place", place)
            .parameter("exclude", exclude)
            .input("interpreter", interpreter)
            .input("stdlib", stdlib_folder)
            .input("folder", folder)
            .output("bytecode", output)
    }

    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError> {
        Ok(self.perform(&outputs.path("bytecode"), console)?)
    }
}

impl CompileFolder {
    fn perform(&self, output: &Path, console: &Console) -> Result<(), Error> {
        let settings = CompileSettings {
            exclude: self.exclude.clone(),
            ..CompileSettings::default()
        };
        let sources = Sources::of_folder(&self.place, &self.folder, &settings)?;
        let modules = sources.modules();
        let python: BTreeMap<String, _> = modules.into_iter().filter(|(_, file)| file.is_python()).collect();
        let compiler = Compiler {
            interpreter: &self.interpreter,
            stdlib: &self.stdlib_folder,
        };
        let progress = |done, total| console.step("compiling", done, total);
        let parts = compile_folder(&compiler, &python, progress)?;
        for (number, part) in parts.iter().enumerate() {
            write_part(&output.join(PART).join(format!("{number:04}")), part)?;
        }
        let rows: Vec<Row> = python.iter().map(|(name, file)| Row::of(&(name, file))).collect();
        let text = serde_json::to_string_pretty(&rows).expect("strings are JSON");
        Ok(write(&output.join(ROWS), text)?)
    }
}

/// The folder of what each interpreter wrote.
const PART: &str = "parts";

/// The list of the files.
const ROWS: &str = "modules.json";

/// A module and its file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Row {
    name: String,
    image: String,
}

impl Row {
    fn of((name, file): &Named) -> Row {
        Row {
            name: (*name).clone(),
            image: file.image.clone(),
        }
    }
}

/// What the stage gave.
#[derive(Clone, Debug)]
pub struct CompiledFolder {
    folder: PathBuf,
    rows: Vec<Row>,
}

impl CompiledFolder {
    /// Opens the folder that the stage wrote.
    ///
    /// # Errors
    /// When it is none.
    pub(crate) fn open(folder: &Path) -> Result<CompiledFolder, Error> {
        let list = folder.join(ROWS);
        let rows = serde_json::from_slice(&read(&list)?).map_err(|error| Error::Imports {
            file: list,
            reason: error.to_string(),
        })?;
        Ok(CompiledFolder {
            folder: folder.to_path_buf(),
            rows,
        })
    }

    /// Whether it has just these files: if the app hides one of them by a module of its own, they are compiled without that.
    pub(crate) fn is_of(&self, files: &[Named]) -> bool {
        self.rows.iter().cloned().eq(files.iter().map(Row::of))
    }

    /// What each interpreter wrote.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn parts(&self) -> Result<Vec<Written>, Error> {
        let parts = self.folder.join(PART);
        if !parts.is_dir() {
            return Ok(Vec::new());
        }
        read_folder(&parts)?.iter().map(|part| read_part(part)).collect()
    }
}

fn write_part(folder: &Path, files: &Written) -> Result<(), Error> {
    for (path, content) in files {
        write(&folder.join(path.trim_start_matches('/')), content)?;
    }
    Ok(())
}

fn read_part(folder: &Path) -> Result<Written, Error> {
    let mut files = Files::new();
    files.add_disk_folder("/", folder, |_| true)?;
    let read = |path: String| {
        let content = files.read(&path).unwrap_or_else(|| Ok(Vec::new()))?;
        Ok((path, content))
    };
    files.paths().into_iter().map(read).collect()
}
