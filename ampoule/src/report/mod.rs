//! What a build says to people who look: what its component is made of, what it imports and why, how it came about.
//!
//! `sizes` attributes each byte of the component to a part (`parts`), by what the stages have left of their work: `core` reads modules, `image` the
//! files in memory, `heap` the code in it, `sources` knows the C sources, `owners` whose a file is. `needs` finds who needs an import, with
//! `python`, `actions` lists the chain. `page` shows all this; `budget` holds a component against its limits.

mod actions;
mod budget;
mod changes;
mod core;
mod heap;
mod image;
mod needs;
mod owners;
mod page;
mod parts;
mod python;
mod sizes;
mod sources;
mod stages;

pub use budget::check_budget;
pub use page::page;
pub use parts::Part;

use crate::chain::{Built, Resolved, Steps};
use crate::commands::Explained;
use crate::error::Failure;
use ampoule_action::{Digest, read};
use core::Core;
use python::Statements;
use serde::Serialize;
use sizes::Traces;
use stages::Stages;
use std::collections::BTreeMap;

/// All that is said of a build. It has no times and no paths of the machine.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The name of the component's file.
    pub name: String,
    /// The digest of the component.
    pub digest: Digest,
    /// What it is made of.
    pub parts: Part,
    /// What has another size than in the build before; none if that had the same component, or is not in the cache any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changes: Option<changes::Changes>,
    /// What it imports.
    pub imports: Vec<needs::Import>,
    /// The standard library's native modules in it, each with the import statements that lead to it.
    pub native_modules: BTreeMap<String, Vec<String>>,
    /// Why each stage of the last build ran.
    pub stages: Vec<Explained>,
    /// The chain, from its sources to the component.
    pub actions: Vec<actions::Action>,
}

impl Report {
    /// What is said of a build, whose stages have been explained, and of the build before, as far as that is there still.
    ///
    /// # Errors
    /// When what the stages have left cannot be read.
    pub fn new(built: &Built, explained: Vec<Explained>, previous: &Steps) -> Result<Report, Failure> {
        let stages = Stages::find(&built.steps);
        let (traces, core) = traces(&stages, &built.resolved)?;
        let actions = actions::of(built);
        let origins = &traces.linked.origins;
        let native: Vec<&str> = origins
            .iter()
            .skip(1)
            .map(|origin| owners::module_of(&origin.name))
            .collect();
        let imports = stages.interpreter.path("imports");
        let statements = Statements::find(stages.compile.path("image"), imports, &native)?;
        let mut tree = traces.tree(&core)?;
        stages.explain(&mut tree, &actions, &traces.owners);
        let file = built.resolved.project.output.file_name().unwrap_or_default();
        let name = file.to_string_lossy().into_owned();
        let parts = tree.into_part(&name);
        let digest = Digest::of_bytes(&traces.component);
        Ok(Report {
            changes: compare(previous, &built.resolved, digest, &parts),
            digest,
            parts,
            imports: needs::imports(&traces.component, &core, origins, &statements)?,
            native_modules: needs::native_modules(origins, &statements),
            stages: explained,
            actions,
            name,
        })
    }

    /// The report for machines.
    pub fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self);
        json.expect("all of it is JSON") + "\n"
    }
}

/// How a component differs from that of an earlier build, if it does and what that left is there still. Files belong to the packages
/// that are installed now.
fn compare(steps: &Steps, resolved: &Resolved, now: Digest, parts: &Part) -> Option<changes::Changes> {
    let stages = Stages::try_find(steps)?;
    let (traces, core) = traces(&stages, resolved).ok()?;
    let before = Digest::of_bytes(&traces.component);
    let earlier = traces.tree(&core).ok()?.into_part("");
    (before != now).then(|| changes::Changes::between(before, &earlier, parts))
}

/// What the component of a build is made of.
///
/// # Errors
/// When what the stages have left cannot be read.
fn parts(built: &Built) -> Result<Part, Failure> {
    let (traces, core) = traces(&Stages::find(&built.steps), &built.resolved)?;
    Ok(traces.tree(&core)?.into_part(""))
}

fn traces(stages: &Stages, resolved: &Resolved) -> Result<(Traces, Core), Failure> {
    let component = read(stages.component.path("component"))?;
    let core = Core::read(&component, sizes::main_module(&component)?)?;
    let base = read(stages.interpreter.path("base"))?;
    let linked: ampoule_link::Report = stages.json("report")?;
    let functions = linked.origins.first().map_or(0, |origin| origin.functions as usize);
    let archive = stages.archive();
    let traces = Traces {
        layout: stages.json("layout")?,
        initialised: read(stages.interpreter.path("initialised"))?,
        sources: sources::Sources::find(&base, &archive, &core.bodies[..functions.min(core.bodies.len())])?,
        owners: owners::Owners::read(resolved)?,
        component,
        linked,
        base,
    };
    Ok((traces, core))
}
