//! What is to happen in a run: every call with its values.

use crate::function::{AppClass, Function, app_classes, functions};
use crate::held::Held;
use crate::kind::{Kind, Side};
use crate::value::{Giver, Value};
use ampoule_bindgen::{Direction, World};
use arbitrary::Unstructured;

/// As many calls of one export are under way at once.
const MOST_AT_ONCE: usize = 3;

/// All calls of a run.
#[derive(Debug)]
pub struct Plan {
    /// Whether the world has asynchronous functions, streams or futures.
    pub is_async: bool,
    /// What the world imports.
    pub imports: Vec<Function>,
    /// What the world exports.
    pub exports: Vec<Function>,
    /// The resource classes that the app has.
    pub classes: Vec<AppClass>,
    /// The calls, round by round.
    pub rounds: Vec<Round>,
}

/// The host calls exports; then the app calls imports. In an asynchronous world all are called at once.
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
    /// What its pauses and cancellations are made of; 0 in a synchronous world.
    pub seed: u32,
}

impl Plan {
    /// A plan for a world.
    pub fn new(world: &World, rounds: usize, random: &mut Unstructured) -> Plan {
        let imports = functions(world, Direction::Import);
        let exports = functions(world, Direction::Export);
        let mut planner = Planner {
            held: Held::new(world.is_async),
            is_async: world.is_async,
            random,
        };
        let rounds = (0..rounds).map(|_| {
            let exports = planner.calls(Side::Host, &exports);
            let imports = planner.calls(Side::Guest, &imports);
            planner.held.end_calls();
            Round { exports, imports }
        });
        Plan {
            is_async: world.is_async,
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
    is_async: bool,
    random: &'a mut Unstructured<'b>,
}

impl Planner<'_, '_> {
    /// A call of each function for which the caller has what it takes; several of an export that may wait.
    fn calls(&mut self, caller: Side, functions: &[Function]) -> Vec<Call> {
        let mut calls = Vec::new();
        for (index, function) in functions.iter().enumerate() {
            let most = if caller == Side::Host && function.is_async {
                MOST_AT_ONCE
            } else {
                1
            };
            for _ in 0..1 + self.below(most) {
                calls.extend(self.possible_call(caller, index, function));
            }
        }
        calls
    }

    fn possible_call(&mut self, caller: Side, index: usize, function: &Function) -> Option<Call> {
        let before = self.held.clone();
        let call = self.call(caller, index, function);
        if call.is_none() {
            self.held = before;
        }
        call
    }

    fn below(&mut self, limit: usize) -> usize {
        match limit {
            1 => 0,
            limit => self.random.int_in_range(0..=limit - 1).unwrap_or(0),
        }
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
        if !self.is_async {
            self.held.end_calls();
        }
        if let (Some(kind), Some(value)) = (&function.result, &result) {
            self.held.receive(caller, kind, value);
        }
        let seed = match self.is_async {
            true => self.random.arbitrary().unwrap_or(0),
            false => 0,
        };
        Some(Call {
            function: index,
            arguments,
            result,
            seed,
        })
    }

    fn give(&mut self, side: Side, kind: &Kind) -> Option<Value> {
        let (held, random) = (&mut self.held, &mut *self.random);
        Giver { side, random, held }.give(kind)
    }
}
