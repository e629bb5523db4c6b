//! The app's import, in an interpreter that is linked and ready, whichever way.

use crate::output::{SENTENCE_MARK, take_failure};
use crate::{Error, image};
use ampoule_action::{FileError, read_text};
use ampoule_host::{Files, FilesError, HostError, Outcome, Python};
use ampoule_image::{SEARCH_PATH, STDLIB_PATH};
use ampoule_layout::Layout;
use ampoule_settings::{OnException, SnapshotSettings};
use ampoule_state::{State, capture};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Mutex;

/// The app and the files that its import sees.
pub(crate) struct App {
    /// The name of the app's module.
    pub(crate) name: String,
    /// The standard library: the folder that is [`STDLIB_PATH`] in the image.
    pub(crate) stdlib: PathBuf,
    /// The app's folders and the bindings: what is in this folder is at `/`.
    pub(crate) image: PathBuf,
    /// What an instance may have, and how it ends.
    pub(crate) settings: SnapshotSettings,
}

impl App {
    /// The files that the import sees. Extension modules are there by name; their code is linked.
    pub(crate) fn files(&self, layout: &Layout) -> Result<Files, FilesError> {
        let mut files = Files::new();
        files.add_disk_folder(STDLIB_PATH, &self.stdlib, |_| true)?;
        files.add_disk_folder("/", &self.image, |path| path != SEARCH_PATH)?;
        for initializer in &layout.initializers {
            files.add(&initializer.path, Vec::new())?;
        }
        Ok(files)
    }

    /// The image of the files that the component has at run time: those of the compile stage but for the ones that are
    /// held in the snapshot as modules, and the names of the linked extensions.
    fn run_time_image(&self, layout: &Layout, held: &str) -> Result<Vec<u8>, FilesError> {
        let held: BTreeSet<&str> = held.lines().collect();
        let mut files = Files::new();
        files.add_disk_folder("/", &self.image, |path| !path.ends_with(".so") && path != SEARCH_PATH)?;
        for initializer in &layout.initializers {
            files.add(&initializer.path, Vec::new())?;
        }
        let mut contents = BTreeMap::new();
        for path in files.paths() {
            if !held.contains(path.as_str())
                && let Some(bytes) = files.read(&path)
            {
                contents.insert(path, bytes?);
            }
        }
        Ok(image::pack(&contents))
    }

    /// The folders to import from, as the image lists them: the bindings first, then the app's in order.
    fn search_path(&self) -> Result<Vec<String>, FileError> {
        let list = read_text(&self.image.join(SEARCH_PATH))?;
        let is_there = |folder: &&str| self.image.join(folder.trim_start_matches('/')).is_dir();
        Ok(list.lines().filter(is_there).map(str::to_owned).collect())
    }

    /// The Python source that imports the app and hands its exports to the guest.
    fn script(&self) -> Result<String, FileError> {
        // JSON's strings and lists are Python's as well.
        Ok(format!(
            "import sys, _ampoule\n\
             sys.stdout.reconfigure(line_buffering=True)\n\
             try:\n    \
                 _ampoule.prepare({name}, {search_path}, {exits}, {temporary_files} << 20)\n\
             except _ampoule.BuildError as failure:\n    \
                 print(chr({SENTENCE_MARK}) + failure.sentence, end='', file=sys.__stderr__, flush=True)\n\
             sys.__stdout__.reconfigure(line_buffering=False)\n",
            name = Value::from(self.name.as_str()),
            search_path = Value::from(self.search_path()?),
            exits = u8::from(self.settings.on_exception == OnException::Exit),
            temporary_files = self.settings.temporary_files,
        ))
    }

    /// What is to be said of an interpreter that did not come back from the app's import.
    fn ended(&self, error: HostError) -> Error {
        match error {
            HostError::Exited { exit, .. } => Error::App(format!(
                "the app `{}` ended the interpreter ({exit}) while the component was being built; a module must run to \
                 its end when it is imported",
                self.name
            )),
            error => Error::Host(error),
        }
    }
}

/// Registers the extensions, imports the app, and captures the state that this leaves.
pub(crate) fn build(
    interpreter: &mut Python,
    app: &App,
    layout: &Layout,
    failure: &Mutex<Option<String>>,
    stack_is_first: bool,
) -> Result<State, Error> {
    for initializer in &layout.initializers {
        let outcome = interpreter.register_extension(&initializer.path, &initializer.symbol, initializer.slot)?;
        check(outcome, "registering an extension")?;
    }
    let outcome = interpreter.execute(&app.script()?).map_err(|error| app.ended(error))?;
    check(outcome, "importing the app")?;
    if let Some(sentence) = take_failure(failure) {
        return Err(Error::App(sentence));
    }
    let held = interpreter.text("ampoule_held_files")?;
    interpreter.embed(&app.run_time_image(layout, &held)?)?;
    check(interpreter.finish()?, "preparing the snapshot")?;
    Ok(capture(interpreter, stack_is_first)?)
}

fn check(outcome: Outcome, doing: &'static str) -> Result<(), Error> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Raised => Err(Error::Interpreter(doing)),
    }
}
