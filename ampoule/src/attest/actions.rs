//! The actions of a build, each input with where it came from.

use crate::chain::{Built, Chain};
use crate::error::Failure;
use crate::project::{Project, Source};
use ampoule_attestation::{Action, Artifact, Origin};
use ampoule_cache::Outcome;
use ampoule_fetch::{Pin, PinnedFile};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The actions, in the order in which they ran.
pub fn of(chain: &Chain, project: &Project, built: &Built) -> Result<Vec<Action>, Failure> {
    let mut origins = pinned(chain, project)?
        .into_iter()
        .map(|(path, (pin, file))| (path, origin_of_pin(&pin, &file)))
        .collect();
    Ok(built.steps.iter().map(|step| action(step, &mut origins)).collect())
}

/// The pins of toolchain and project, by the path of the fetched file.
pub fn pinned(chain: &Chain, project: &Project) -> Result<BTreeMap<PathBuf, (Pin, PinnedFile)>, Failure> {
    let of_extensions = project
        .extensions
        .iter()
        .filter_map(|extension| match &extension.source {
            Source::Archive { pin, .. } => Some(pin.as_ref()),
            Source::Folder(_) => None,
        });
    let of_dependencies = chain.dependencies(project)?;
    let mut found = BTreeMap::new();
    for pin in chain.pins().all().iter().chain(of_extensions).chain(&of_dependencies) {
        let file = pin.file(chain.platform())?;
        found.insert(file.path_in(&chain.files()), (pin.clone(), file.clone()));
    }
    Ok(found)
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
