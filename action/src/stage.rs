//! A stage: one deterministic program of the chain.

use crate::file::normalise_modes;
use crate::place::Place;
use crate::{Console, Digest, Error, FileError, Record};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// What a stage reports when it fails: sentences for the user.
pub type StageError = Box<dyn std::error::Error + Send + Sync>;

/// A file or folder with the name that a stage gives it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Named {
    /// The name: the same on every machine, part of the record.
    pub name: String,
    /// Where it is on this machine: never part of the record.
    pub path: PathBuf,
}

impl Named {
    /// A path with a name.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>) -> Named {
        Named {
            name: name.into(),
            path: path.into(),
        }
    }
}

/// One action of a stage: all that its outputs depend on, and where they go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// All that changes the outputs beside the inputs' content.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// The files and folders that are read.
    pub inputs: Vec<Named>,
    /// The files and folders that are written.
    pub outputs: Vec<Named>,
}

impl Action {
    /// Adds a parameter.
    ///
    /// # Panics
    /// When the value is no JSON.
    pub fn parameter(mut self, name: &str, value: impl serde::Serialize) -> Action {
        let value = serde_json::to_value(value).expect("a parameter is JSON");
        self.parameters.insert(name.to_string(), value);
        self
    }

    /// Adds all fields of a value as parameters.
    ///
    /// # Panics
    /// When the value is no JSON, or no object.
    pub fn parameters(mut self, fields: &impl serde::Serialize) -> Action {
        let fields = serde_json::to_value(fields).expect("parameters are JSON");
        let fields: BTreeMap<String, _> = serde_json::from_value(fields).expect("parameters have names");
        self.parameters.extend(fields);
        self
    }

    /// Adds an input.
    pub fn input(self, name: impl Into<String>, path: impl Into<PathBuf>) -> Action {
        self.inputs([Named::new(name, path)])
    }

    /// Adds inputs.
    pub fn inputs(mut self, inputs: impl IntoIterator<Item = Named>) -> Action {
        self.inputs.extend(inputs);
        self
    }

    /// Adds an output.
    pub fn output(self, name: impl Into<String>, path: impl Into<PathBuf>) -> Action {
        self.outputs([Named::new(name, path)])
    }

    /// Adds outputs.
    pub fn outputs(mut self, outputs: impl IntoIterator<Item = Named>) -> Action {
        self.outputs.extend(outputs);
        self
    }
}

/// A deterministic program: reads its inputs, writes its outputs, and depends on nothing else.
pub trait Stage {
    /// The stage's name, such as `link`.
    fn name(&self) -> &'static str;
    /// The stage's version.
    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
    /// The digest of the stage's code: `ampoule_action::code_digest!()`.
    fn code(&self) -> &'static str;
    /// What the stage would do now. It takes itself apart field by field, so that a new flag does not compile before it has its
    /// place here, which makes it part of the action's key.
    fn describe(&self) -> Action;
    /// Does the work: writes each output to the path that `outputs` gives for its name.
    ///
    /// # Errors
    /// Sentences for the user, which name the file and the remedy.
    fn execute(&self, outputs: &Outputs, console: &Console) -> Result<(), StageError>;
}

/// Where a running stage writes its outputs: temporary paths, renamed when the stage has ended well.
#[derive(Debug)]
pub struct Outputs(Vec<Output>);

#[derive(Debug)]
struct Output {
    name: String,
    place: Place,
    scratch: tempfile::TempDir,
}

impl Outputs {
    fn prepare(outputs: &[Named]) -> Result<Outputs, FileError> {
        outputs
            .iter()
            .map(Output::prepare)
            .collect::<Result<_, _>>()
            .map(Outputs)
    }

    /// The path to which the stage writes the output with this name: a file or a folder, not there yet.
    ///
    /// # Panics
    /// When the stage has not named such an output.
    pub fn path(&self, name: &str) -> PathBuf {
        let output = self.0.iter().find(|output| output.name == name);
        output
            .unwrap_or_else(|| panic!("the stage names no output {name}"))
            .path()
    }

    /// Checks that each output is there, normalises its modes and gives its digest.
    fn digests(&self, stage: &str) -> Result<BTreeMap<String, Digest>, Error> {
        let mut digests = BTreeMap::new();
        for output in &self.0 {
            let path = output.path();
            if !path.exists() {
                return Err(Error::MissingOutput {
                    stage: stage.to_string(),
                    output: output.name.clone(),
                });
            }
            normalise_modes(&path)?;
            digests.insert(output.name.clone(), Digest::of_path(&path)?);
        }
        Ok(digests)
    }

    /// Moves the outputs to their places, none if one of them does not fit there.
    fn publish(&self) -> Result<(), FileError> {
        let mut outputs = self.0.iter();
        outputs.try_for_each(|output| output.place.check(output.path().is_dir()))?;
        self.0.iter().try_for_each(Output::publish)
    }
}

impl Output {
    fn prepare(output: &Named) -> Result<Output, FileError> {
        let place = Place::of(&output.path)?;
        let scratch = match place.folder() {
            Some(folder) => {
                crate::make_folder(folder)?;
                let scratch = tempfile::Builder::new().prefix(".ampoule-").tempdir_in(folder);
                scratch.map_err(FileError::writing(folder))?
            }
            None => crate::temporary_folder()?,
        };
        Ok(Output {
            name: output.name.clone(),
            place,
            scratch,
        })
    }

    fn path(&self) -> PathBuf {
        self.scratch.path().join("output")
    }

    fn publish(&self) -> Result<(), FileError> {
        let from = self.path();
        match &self.place {
            Place::Path(path) => {
                if path.is_dir() {
                    crate::remove(path)?;
                }
                crate::rename(&from, path)
            }
            stream => stream.pour(File::open(&from).map_err(FileError::reading(&from))?),
        }
    }
}

/// Runs a stage: its outputs appear whole or not at all; with `record` given, the action's record is written there last.
///
/// # Errors
/// When an input cannot be read, an output cannot be written, or the stage fails.
pub fn run(stage: &dyn Stage, record: Option<&Path>, console: &Console) -> Result<Record, Error> {
    let action = stage.describe();
    let before = Record::before(stage, &action, |input| Digest::of_path(&input.path))?;
    let done = perform(stage, &action.outputs, before, console)?;
    if let Some(path) = record {
        crate::write_atomically(path, &done.to_json())?;
    }
    Ok(done)
}

/// Runs a stage whose record before the run is known, with its outputs at the given places.
///
/// # Errors
/// When an output cannot be written, or the stage fails.
pub fn perform(stage: &dyn Stage, outputs: &[Named], mut record: Record, console: &Console) -> Result<Record, Error> {
    let outputs = Outputs::prepare(outputs)?;
    stage.execute(&outputs, console)?;
    record.outputs = outputs.digests(stage.name())?;
    outputs.publish()?;
    Ok(record)
}
