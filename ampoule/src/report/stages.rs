//! The runs of stages that led to the component; a build can have others of the same stages, for its dependencies.

use super::actions::{Action, From};
use super::owners::{NATIVE, Owners};
use super::parts::{Provenance, Tree, way};
use super::sizes::{APP, DEPENDENCIES, HEAP, INTERPRETER, STDLIB, STRUCTURE, WORLD};
use crate::chain::Steps;
use crate::error::Failure;
use ampoule_action::{FileError, read};
use ampoule_cache::Outcome;
use serde::de::DeserializeOwned;
use std::path::PathBuf;

/// The runs, each found from the one that reads what it gave.
pub struct Stages<'s> {
    /// The last.
    pub component: &'s Outcome,
    /// Imports the app.
    pub snapshot: &'s Outcome,
    /// Places the side modules.
    pub link: &'s Outcome,
    /// Takes in the app's files.
    pub compile: &'s Outcome,
    /// Starts Python.
    pub interpreter: &'s Outcome,
    /// Compiles it.
    pub cpython: &'s Outcome,
    /// Makes the bindings.
    pub bindgen: &'s Outcome,
}

impl<'s> Stages<'s> {
    /// Finds the runs.
    ///
    /// # Panics
    /// When the steps are not those of a build of a component.
    pub fn find(steps: &'s Steps) -> Stages<'s> {
        Stages::try_find(steps).expect("each build runs all stages")
    }

    /// Finds the runs, if all of them are among the steps.
    pub fn try_find(steps: &'s Steps) -> Option<Stages<'s>> {
        let last = |stage: &str| steps.of(stage).last();
        let giver = |reader: &Outcome, input: &str| {
            let input = reader.record.inputs.iter().find(|given| given.name == input);
            let gives = |step: &&Outcome| {
                input.is_some_and(|input| step.record.outputs.values().any(|output| *output == input.digest))
            };
            steps.0.iter().map(|step| &**step).find(gives)
        };
        let component = last("component")?;
        let snapshot = giver(component, "module").or_else(|| last("snapshot"))?;
        let link = giver(snapshot, "linked").or_else(|| last("link"))?;
        let compile = giver(snapshot, "image").or_else(|| last("compile"))?;
        let interpreter = giver(link, "base").or_else(|| last("interpreter"))?;
        Some(Stages {
            bindgen: last("bindgen")?,
            cpython: giver(interpreter, "cpython").or_else(|| last("cpython"))?,
            component,
            snapshot,
            link,
            compile,
            interpreter,
        })
    }

    /// The archive of the interpreter's objects.
    pub fn archive(&self) -> PathBuf {
        self.cpython
            .path("cpython")
            .join("lib")
            .join(ampoule_image::CORE_ARCHIVE)
    }

    /// A file of JSON that `link` has written.
    pub fn json<T: DeserializeOwned>(&self, output: &str) -> Result<T, Failure> {
        let path = self.link.path(output);
        let parsed = serde_json::from_slice(&read(path)?);
        Ok(parsed.map_err(|error| FileError::reading(path)(std::io::Error::from(error)))?)
    }

    /// Says of the parts where they came from.
    pub fn explain(&self, tree: &mut Tree, actions: &[Action], owners: &Owners) {
        let of = |step: &Outcome, artifact: &str, note: &'static str| {
            let key = step.record.key().hexadecimal();
            Provenance {
                action: actions.iter().position(|action| action.key == key),
                artifact: Some(artifact.to_string()),
                digest: step.record.outputs.get(artifact).copied(),
                note: Some(note),
                ..Provenance::default()
            }
        };
        let parts = [
            (
                way([INTERPRETER]),
                of(
                    self.interpreter,
                    "initialised",
                    "CPython's core with Ampoule's runtime, compiled from pinned sources",
                ),
            ),
            (
                way([STDLIB]),
                of(
                    self.interpreter,
                    "stdlib",
                    "what import statements can reach; modules that the snapshot holds are in the heap instead",
                ),
            ),
            (
                way([STDLIB, NATIVE]),
                of(
                    self.cpython,
                    "cpython",
                    "builtin modules that are linked only where something can import them",
                ),
            ),
            (
                way([APP]),
                of(
                    self.compile,
                    "image",
                    "the files of the project's paths, with their bytecode",
                ),
            ),
            (
                way([WORLD]),
                of(self.bindgen, "bindings", "what the WIT of the world becomes"),
            ),
            (
                way([HEAP]),
                of(
                    self.snapshot,
                    "snapshot",
                    "objects in Python's memory: the code of each module; of all else, what is as it was when Python had started, and what was written since, most by importing the app",
                ),
            ),
            (
                way([STRUCTURE]),
                of(self.component, "component", "what holds the other parts together"),
            ),
        ];
        for (part, provenance) in parts {
            tree.explain(&part, provenance);
        }
        self.explain_files(tree, actions, owners);
    }

    /// The files that came in from the project or a package have digests of their own.
    fn explain_files(&self, tree: &mut Tree, actions: &[Action], owners: &Owners) {
        for (name, package) in &owners.packages {
            let provenance = Provenance {
                package: Some(package.clone()).filter(|package| !package.is_empty()),
                ..Provenance::default()
            };
            tree.explain(&way([DEPENDENCIES, name]), provenance);
        }
        let key = self.compile.record.key().hexadecimal();
        let Some(place) = actions.iter().position(|action| action.key == key) else {
            return;
        };
        for input in actions[place].inputs.iter().filter(|input| input.name.starts_with('/')) {
            let from = input.from.as_ref().and_then(|from| match from {
                From::Action(action, artifact) => Some((*action, artifact.clone())),
                From::Package(_) => None,
            });
            let (action, artifact) = from.unwrap_or_else(|| (place, input.name.clone()));
            let provenance = Provenance {
                action: Some(action),
                artifact: Some(artifact),
                digest: Some(input.digest),
                ..Provenance::default()
            };
            tree.explain(&owners.file(&input.name), provenance);
        }
    }
}
