//! The actions of a build, each input with where it came from.

use crate::chain::Built;
use ampoule_attestation::{Action, Artifact, Origin};
use ampoule_cache::Outcome;
use ampoule_fetch::{Pin, PinnedFile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The actions, in the order in which they ran.
pub fn of(built: &Built) -> Vec<Action> {
    let pinned = built.pinned.iter();
    let mut origins = pinned
        .map(|(path, (pin, file))| (path.clone(), origin_of_pin(pin, file)))
        .collect();
    let steps = built.steps.0.iter();
    steps.map(|step| action(step, &mut origins)).collect()
}

fn origin_of_pin(pin: &Pin, file: &PinnedFile) -> Origin {
    let location = file.sources.iter().find_map(|source| match source {
        ampoule_fetch::Source::Url(url) => Some(url.clone()),
        _ => None,
    });
    Origin::Pin {
        purl: pin.purl.clone(),
        location,
    }
}

/// The action of a step; its outputs become origins for those after it.
fn action(step: &Outcome, origins: &mut BTreeMap<PathBuf, Origin>) -> Action {
    let record = step.record.clone();
    let inputs = record.inputs.iter().zip(&step.inputs);
    let inputs = inputs
        .map(|(input, named)| Artifact {
            name: input.name.clone(),
            digest: input.digest,
            is_folder: named.path.is_dir(),
            origin: origin(&named.path, origins),
        })
        .collect();
    let key = record.key().hexadecimal();
    let mut outputs = Vec::new();
    for (name, artifact) in &step.outputs {
        let origin = Origin::Action {
            key: key.clone(),
            output: name.clone(),
        };
        origins.insert(artifact.path.clone(), origin);
        outputs.push(Artifact {
            name: name.clone(),
            digest: artifact.digest,
            is_folder: artifact.path.is_dir(),
            origin: None,
        });
    }
    Action {
        record,
        inputs,
        outputs,
    }
}

/// The origin of a path: its own, or that of a folder above it with the path inside that.
fn origin(path: &Path, origins: &BTreeMap<PathBuf, Origin>) -> Option<Origin> {
    path.ancestors().find_map(|above| {
        let below = path.strip_prefix(above).ok()?;
        match origins.get(above)? {
            Origin::Action { key, output } if above != path => Some(Origin::Action {
                key: key.clone(),
                output: format!("{output}/{}", below.display()),
            }),
            found => Some(found.clone()),
        }
    })
}
