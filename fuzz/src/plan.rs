//! What is to happen in a run: every call with its values.

use crate::function::{AppClass, Function, app_classes, functions};
use crate::held::Held;
use crate::kind::{Kind, Side};
use crate::value::{Giver, Value};
use ampoule_bindgen::{Direction, World};
use arbitrary::Unstructured;

/// All calls of a run.
#[derive(Debug)]
pub struct Plan {
    /// What the world imports.
    pub imports: Vec<Function>,
    /// What the world exports.
    pub exports: Vec<Function>,
    /// The resource classes that the app has.
    pub classes: Vec<AppClass>,
    /// The calls, round by round.
    pub rounds: Vec<Round>,
}

/// The host calls exports; then the app calls imports.
#[derive(Debug, Default)]
pub struct Round {
    /// Calls of exports.
    pub exports: Vec<Call>,
    /// Calls of imports.
    pub imports: Vec<Call>,
}

/// A call.
#[derive(Debug)]
pub struct Call {
    /// The position of the function.
    pub function: usize,
    /// What it is given.
    pub arguments: Vec<Value>,
    /// What it gives.
    pub result: Option<Value>,
}

impl Plan {
    /// A plan for a world.
    pub fn new(world: &World, rounds: usize, random: &mut Unstructured) -> Plan {
        let imports = functions(world, Direction::Import);
        let exports = functions(world, Direction::Export);
        let mut planner = Planner {
            held: Held::default(),
            random,
        };
        let rounds = (0..rounds).map(|_| Round {
            exports: planner.calls(Side::Host, &exports),
            imports: planner.calls(Side::Guest, &imports),
        });
        Plan {
            rounds: rounds.collect(),
            classes: app_classes(world),
            imports,
            exports,
        }
    }

    /// How many calls there are.
    pub fn calls(&self) -> usize {
        let rounds = self.rounds.iter();
        rounds.map(|round| round.exports.len() + round.imports.len()).sum()
    }
}

struct Planner<'a, 'b> {
    held: Held,
    random: &'a mut Unstructured<'b>,
}

impl Planner<'_, '_> {
    /// A call of each function for which the caller has what it takes.
    fn calls(&mut self, caller: Side, functions: &[Function]) -> Vec<Call> {
        let calls = functions.iter().enumerate().filter_map(|(index, function)| {
            let before = self.held.clone();
            let call = self.call(caller, index, function);
            if call.is_none() {
                self.held = before;
            }
            call
        });
        calls.collect()
    }

    fn call(&mut self, caller: Side, index: usize, function: &Function) -> Option<Call> {
        let callee = match caller {
            Side::Host => Side::Guest,
            Side::Guest => Side::Host,
        };
        let mut arguments = Vec::new();
        for kind in &function.parameters {
            arguments.push(self.give(caller, kind)?);
        }
        for (kind, value) in function.parameters.iter().zip(&arguments) {
            self.held.receive(callee, kind, value);
        }
        let result = match &function.result {
            Some(kind) => Some(self.give(callee, kind)?),
            None => None,
        };
        self.held.end_call();
        if let (Some(kind), Some(value)) = (&function.result, &result) {
            self.held.receive(caller, kind, value);
        }
        Some(Call {
            function: index,
            arguments,
            result,
        })
    }

    fn give(&mut self, side: Side, kind: &Kind) -> Option<Value> {
        let (held, random) = (&mut self.held, &mut *self.random);
        Giver { side, random, held }.give(kind)
    }
}
