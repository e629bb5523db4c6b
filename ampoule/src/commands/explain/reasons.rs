//! What differs between an action and the same action of the build before.

use super::history::Action;
use ampoule_action::{Digest, Record};
use std::collections::{BTreeMap, BTreeSet};

/// Why an action ran: what of its key is other than in the build before, in a phrase each. `build` is all of its build.
pub fn reasons(action: &Action, before: Option<&Action>, build: &[Action]) -> Vec<String> {
    let Some(before) = before else {
        return vec!["the build before had no such action".to_string()];
    };
    let (now, before) = (&action.record, &before.record);
    let mut reasons = Vec::new();
    if (&now.version, &now.code) != (&before.version, &before.code) {
        reasons.push("Ampoule's own code for this stage is another".to_string());
    }
    reasons.extend(parameters(now, before));
    reasons.extend(inputs(now, before, build));
    if reasons.is_empty() {
        reasons.push("nothing differs, but the cache no longer had its outputs".to_string());
    }
    reasons
}

fn parameters(now: &Record, before: &Record) -> Vec<String> {
    let names: BTreeSet<&String> = now.parameters.keys().chain(before.parameters.keys()).collect();
    let shown = |record: &Record, name: &String| {
        record
            .parameters
            .get(name)
            .map_or("none".to_string(), |value| value.to_string())
    };
    names
        .into_iter()
        .filter(|name| now.parameters.get(*name) != before.parameters.get(*name))
        .map(|name| {
            format!(
                "the parameter {name} is {}, was {}",
                shown(now, name),
                shown(before, name)
            )
        })
        .collect()
}

fn inputs(now: &Record, before: &Record, build: &[Action]) -> Vec<String> {
    let (new, old) = (by_name(now), by_name(before));
    let names: BTreeSet<&str> = new.keys().chain(old.keys()).copied().collect();
    let mut reasons: Vec<String> = names
        .into_iter()
        .filter_map(|name| match (new.get(name), old.get(name)) {
            (Some(_), None) => Some(format!("{name} is new")),
            (None, Some(_)) => Some(format!("{name} is gone")),
            (Some(new), Some(old)) if new != old => Some(format!("{name} changed{}", origin(new, build))),
            _ => None,
        })
        .collect();
    if reasons.is_empty() && now.inputs != before.inputs {
        reasons.push("its inputs stand in another order".to_string());
    }
    reasons
}

/// The digests of all inputs with a name.
fn by_name(record: &Record) -> BTreeMap<&str, Vec<Digest>> {
    let mut inputs = BTreeMap::<&str, Vec<Digest>>::new();
    for input in &record.inputs {
        inputs.entry(&input.name).or_default().push(input.digest);
    }
    inputs
}

/// The stage that gave an input, if it is one of the same build.
fn origin(digests: &[Digest], build: &[Action]) -> String {
    build
        .iter()
        .map(|action| &action.record)
        .find(|record| record.outputs.values().any(|output| digests.contains(output)))
        .map_or_else(String::new, |record| format!(" (it comes from {})", record.stage))
}
