//! Who has which things: a thing is a number, and a side can give only what it has.

use crate::kind::{Holding, Kind, Resource, Side};
use crate::value::Value;
use arbitrary::Unstructured;
use std::collections::BTreeMap;

/// The things of a run. Those who own a resource type make new things at will; the others have those that they were given.
#[derive(Clone, Debug, Default)]
pub struct Held {
    made: u32,
    given: BTreeMap<Resource, Vec<u32>>,
    /// Those that are lent in the calls that are being made.
    lent: Vec<(Resource, u32)>,
    /// Those that are given in them; none where one call is made after the other.
    coming: Vec<(Resource, u32)>,
    /// Whether calls are made at once.
    at_once: bool,
}

impl Held {
    /// Nobody has anything yet.
    pub fn new(at_once: bool) -> Held {
        Held {
            at_once,
            ..Held::default()
        }
    }

    /// A thing for a side to give; none where it has none.
    pub fn give(
        &mut self,
        side: Side,
        resource: &Resource,
        holding: Holding,
        random: &mut Unstructured,
    ) -> Option<u32> {
        if side == resource.owner {
            self.made += 1;
            return Some(self.made);
        }
        let things = self.given.get_mut(resource)?;
        let last = things.len().checked_sub(1)?;
        let thing = things.swap_remove(random.int_in_range(0..=last).unwrap_or(0));
        if holding == Holding::Borrow {
            self.lent.push((resource.clone(), thing));
        }
        Some(thing)
    }

    /// A side receives a value: what it owns now, or of calls that are made at once when all have ended.
    pub fn receive(&mut self, side: Side, kind: &Kind, value: &Value) {
        each_handle(kind, value, &mut |resource, holding, thing| {
            if side != resource.owner && holding == Holding::Own {
                match self.at_once {
                    true => self.coming.push((resource.clone(), thing)),
                    false => self.given.entry(resource.clone()).or_default().push(thing),
                }
            }
        });
    }

    /// After a call, or all that were made at once: what was lent is back.
    pub fn end_calls(&mut self) {
        for (resource, thing) in self.lent.drain(..).chain(self.coming.drain(..)) {
            self.given.entry(resource).or_default().push(thing);
        }
    }
}

/// Calls a function with each handle in a value.
fn each_handle(kind: &Kind, value: &Value, then: &mut dyn FnMut(&Resource, Holding, u32)) {
    match (kind, value) {
        (Kind::Handle(resource, holding), Value::Handle(thing)) => then(resource, *holding, *thing),
        (Kind::List(item) | Kind::Fixed(item, _), Value::Items(values)) => {
            values.iter().for_each(|value| each_handle(item, value, then));
        }
        (Kind::Tuple(kinds), Value::Items(values)) => {
            kinds
                .iter()
                .zip(values)
                .for_each(|(kind, value)| each_handle(kind, value, then));
        }
        (Kind::Record(_, fields), Value::Items(values)) => {
            let pairs = fields.iter().zip(values);
            pairs.for_each(|((_, kind), value)| each_handle(kind, value, then));
        }
        (Kind::Channel(channel), Value::Flow(flow)) => {
            let items = flow.items.iter();
            items.for_each(|item| each_handle(&channel.payload, item, then));
        }
        (_, Value::Case(case, Some(payload))) => {
            if let Some(kind) = payload_of(kind, *case) {
                each_handle(kind, payload, then);
            }
        }
        _ => {}
    }
}

/// The kind of a case's payload, of all kinds that have cases.
pub fn payload_of(kind: &Kind, case: usize) -> Option<&Kind> {
    match kind {
        Kind::Variant(cases) => cases[case].payload.as_ref(),
        Kind::Option(payload) => (case == 1).then_some(payload),
        Kind::Result(ok, error) => if case == 0 { ok } else { error }.as_deref(),
        _ => None,
    }
}
