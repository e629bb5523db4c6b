//! The chain as a graph: each action with the digests of what it read and wrote, and where that came from.

use crate::attest;
use crate::chain::Built;
use ampoule_action::Digest;
use ampoule_attestation::Origin;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// An action.
#[derive(Clone, Debug, Serialize)]
pub struct Action {
    /// The stage.
    pub stage: String,
    /// The digest of its inputs, parameters and code.
    pub key: String,
    /// The digest of its code.
    pub code: String,
    /// Its parameters.
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// What it read.
    pub inputs: Vec<Input>,
    /// What it wrote.
    pub outputs: BTreeMap<String, Digest>,
}

/// What an action read.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// The name that the stage gives it.
    pub name: String,
    /// Its digest.
    pub digest: Digest,
    /// Where it came from; none if it is the project's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// Where an input came from.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum From {
    /// From outside, pinned: its package URL.
    Package(String),
    /// From another action, by its place in the list, and its output.
    Action(usize, String),
}

/// The actions of a build, each after those that it reads from; one that ran twice stands once.
pub fn of(built: &Built) -> Vec<Action> {
    let all = attest::actions_of(built);
    let mut seen = BTreeSet::new();
    let all: Vec<_> = all
        .into_iter()
        .map(|action| (action.record.key().hexadecimal(), action))
        .filter(|(key, _)| seen.insert(key.clone()))
        .collect();
    let places: BTreeMap<String, usize> = all
        .iter()
        .enumerate()
        .map(|(place, (key, _))| (key.clone(), place))
        .collect();
    let from = |origin: Option<Origin>| match origin? {
        Origin::Pin { purl, .. } => Some(From::Package(purl)),
        Origin::Action { key, output } => Some(From::Action(*places.get(&key)?, output)),
    };
    let action = |(key, action): (String, ampoule_attestation::Action)| Action {
        stage: action.record.stage,
        key,
        code: action.record.code,
        parameters: action.record.parameters,
        inputs: action
            .inputs
            .into_iter()
            .map(|input| Input {
                name: input.name,
                digest: input.digest,
                from: from(input.origin),
            })
            .collect(),
        outputs: action.record.outputs,
    };
    all.into_iter().map(action).collect()
}
