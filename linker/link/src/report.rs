//! What came from where: the sizes of the linked module by origin.

use crate::Function;
use crate::merge::{Merged, Plan};
use crate::read::Module;
use crate::unit::Unit;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The sizes of a linked module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The size of the linked module in bytes.
    pub size: u64,
    /// What each input has brought in, the base first.
    pub origins: Vec<Origin>,
    /// The functions that the linked module imports.
    pub imports: Vec<String>,
    /// The functions that trap when they are called, because no module defines them.
    pub stubs: Vec<String>,
}

/// What an input has brought into the linked module.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The input's name.
    pub name: String,
    /// How many of its functions are in the linked module.
    pub functions: u64,
    /// How many of its functions were left out, because nothing reaches them.
    pub unreached: u64,
    /// The bytes of code.
    pub code: u64,
    /// The bytes of initialised data.
    pub data: u64,
    /// How many instructions became constants or parts of one.
    pub folded: u64,
}

impl Origin {
    /// An origin of which nothing has been counted yet.
    pub(crate) fn of(module: &Module<'_>) -> Origin {
        Origin {
            name: module.name.to_string(),
            functions: 0,
            unreached: 0,
            code: 0,
            data: 0,
            folded: 0,
        }
    }
}

impl Report {
    /// The report of a merged module.
    pub(crate) fn new(plan: &Plan<'_, '_>, merged: &Merged, units: &[Unit]) -> Report {
        let mut origins = merged.origins.clone();
        for (origin, module) in origins.iter_mut().zip(plan.modules) {
            origin.unreached = module.bodies.len() as u64 - origin.functions;
        }
        for (origin, unit) in origins.iter_mut().skip(1).zip(units) {
            origin.folded = unit.folded;
        }
        let reached = &plan.reached.functions;
        let imports = reached.iter().filter_map(|function| match function {
            Function::Host(host) => Some(&plan.symbols.hosts[*host]),
            _ => None,
        });
        let stubs = reached.iter().filter_map(|function| match function {
            Function::Stub(stub) => Some(plan.symbols.stubs[*stub].symbol.to_string()),
            _ => None,
        });
        Report {
            size: merged.bytes.len() as u64,
            origins,
            imports: imports.map(|host| format!("{} {}", host.module, host.name)).collect(),
            stubs: stubs.collect(),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{:>10} {:>10} {:>9} {:>9}  origin",
            "code", "data", "functions", "left out"
        )?;
        for Origin {
            name,
            functions,
            unreached,
            code,
            data,
            ..
        } in &self.origins
        {
            writeln!(formatter, "{code:>10} {data:>10} {functions:>9} {unreached:>9}  {name}")?;
        }
        write!(formatter, "{:>10} bytes in all", self.size)
    }
}
