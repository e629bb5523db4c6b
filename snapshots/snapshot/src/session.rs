//! The app's import, in an interpreter that is linked and ready, whichever way.

use crate::output::{SENTENCE_MARK, take_failure};
use crate::{Error, image, uncaught};
use ampoule_action::{Console, FileError, read_text};
use ampoule_host::{Files, FilesError, HostError, Outcome, Python};
use ampoule_image::{SEARCH_PATH, STDLIB_PATH};
use ampoule_layout::Layout;
use ampoule_settings::{OnException, SnapshotSettings};
use ampoule_state::{State, capture};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Mutex;
use wasmtime::Func;

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
    fn run_time_image(&self, layout: &Layout, held: &str, console: &Console) -> Result<Vec<u8>, FilesError> {
        let held: BTreeSet<&str> = held.lines().collect();
        let mut files = Files::new();
        files.add_disk_folder("/", &self.image, |path| !path.ends_with(".so") && path != SEARCH_PATH)?;
        for initializer in &layout.initializers {
            files.add(&initializer.path, Vec::new())?;
        }
        let paths = files.paths().into_iter().filter(|path| !held.contains(path.as_str()));
        let paths: Vec<(String, u64)> = paths.map(|path| (path.clone(), files.size_of(&path))).collect();
        let read = |path: &str| files.read(path).unwrap_or_else(|| Ok(Vec::new()));
        image::pack(&paths, read, |done, total| console.step("packing files", done, total))
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

/// A build of an app in an interpreter.
pub(crate) struct Session<'s> {
    /// The app.
    pub(crate) app: &'s App,
    /// Where its side modules are.
    pub(crate) layout: &'s Layout,
    /// The sentence with which it fails.
    pub(crate) failure: &'s Mutex<Option<String>>,
    /// Whether all below the stack pointer is the stack's.
    pub(crate) stack_is_first: bool,
    /// Where progress is shown.
    pub(crate) console: &'s Console,
}

impl Session<'_> {
    /// Registers the extensions and the types of their functions, imports the app, and captures the state that this leaves.
    pub(crate) fn build(&self, interpreter: &mut Python, uncaught: Option<Func>) -> Result<State, Error> {
        let signatures = &self.layout.signatures;
        interpreter.describe_functions(signatures.first, &signatures.slots)?;
        for initializer in &self.layout.initializers {
            let outcome = interpreter.register_extension(&initializer.path, &initializer.symbol, initializer.slot)?;
            check(outcome, "registering an extension")?;
        }
        let script = self.app.script()?;
        let ended = interpreter.execute(&script);
        let outcome = ended.map_err(|error| self.app.ended(uncaught::explain(interpreter, uncaught, error)))?;
        check(outcome, "importing the app")?;
        if let Some(sentence) = take_failure(self.failure) {
            return Err(Error::App(sentence));
        }
        let held = interpreter.text("ampoule_held_files")?;
        interpreter.embed(&self.app.run_time_image(self.layout, &held, self.console)?)?;
        check(interpreter.finish()?, "preparing the snapshot")?;
        Ok(capture(interpreter, self.stack_is_first)?)
    }
}

fn check(outcome: Outcome, doing: &'static str) -> Result<(), Error> {
    match outcome {
        Outcome::Done => Ok(()),
        Outcome::Raised => Err(Error::Interpreter(doing)),
    }
}
