//! The calls of a plan with their values, in Python.

use crate::expression::{End, expression, literal, sequence};
use crate::function::Function;
use crate::held::payload_of;
use crate::kind::Kind;
use crate::plan::{Call, Plan};
use crate::value::Value;
use ampoule_bindgen::{Direction, Role, World};
use std::fmt::Write;

/// The module of the calls.
pub fn plan_module(world: &World, plan: &Plan) -> String {
    let calls = calls(world, plan);
    let root = &world.roots.last().expect("a world has a root").module;
    let mut text =
        format!("import fuzz_harness as harness\nfrom componentize_py_types import Err, Ok, Some\nimport {root}\n");
    if plan.is_async {
        text += "import fuzz_asynchronous as asynchronous\n";
    }
    for direction in [Direction::Import, Direction::Export] {
        for interface in world.interfaces(direction) {
            let module = format!("{}.{}", world.package(interface.root, direction), interface.module);
            // componentize-py makes no module for what the app only has functions of.
            if calls.contains(&format!("{module}.")) {
                let _ = writeln!(text, "import {module}");
            }
        }
    }
    text + "\n" + &calls
}

fn calls(world: &World, plan: &Plan) -> String {
    let mut text = String::new();
    for round in &plan.rounds {
        for call in &round.exports {
            let function = &plan.exports[call.function];
            let key = key(world, function);
            let expected = sequence(expressions(function, call, End::Receives));
            let outcome = match function.role {
                Role::Constructor => made(function, call),
                _ => outcome(function, call, End::Gives),
            };
            let (index, seed) = (call.function, call.seed);
            let _ = writeln!(
                text,
                "harness.expect(\"{key}\", lambda: {expected}, lambda: {outcome}, {index}, {seed})"
            );
        }
    }
    match plan.is_async {
        true => text + &rounds_at_once(plan),
        false => text + &rounds_in_order(plan),
    }
}

/// A function for each round that calls one import after the other.
fn rounds_in_order(plan: &Plan) -> String {
    let mut text = String::new();
    for (number, round) in plan.rounds.iter().enumerate() {
        let _ = writeln!(text, "\n\ndef round_{number}():\n    pass");
        for call in &round.imports {
            let function = &plan.imports[call.function];
            let outcome = outcome(function, call, End::Receives);
            let _ = writeln!(
                text,
                "    harness.check(\"{}.{}\", lambda: {}, lambda: {outcome})",
                function.place,
                function.python,
                invocation(function, call)
            );
        }
    }
    text + "\n\ndef drive(number):\n    globals()[f\"round_{number}\"]()\n"
}

/// One that calls all of them at once.
fn rounds_at_once(plan: &Plan) -> String {
    let mut text = String::new();
    for (number, round) in plan.rounds.iter().enumerate() {
        let _ = writeln!(text, "\n\nasync def round_{number}():\n    await asynchronous.at_once(");
        for call in &round.imports {
            let function = &plan.imports[call.function];
            let _ = writeln!(
                text,
                "        asynchronous.check(\"{}.{}\", lambda: {}, lambda: {}, {}, {}),",
                function.place,
                function.python,
                invocation(function, call),
                outcome(function, call, End::Receives),
                call.seed,
                literal(function.can_be_cancelled()),
            );
            let arguments = function.parameters.iter().zip(&call.arguments);
            for (kind, value) in arguments.filter(|(kind, value)| can_stay_inside(kind, value)) {
                let [gives, receives] = [End::Gives, End::Receives].map(|end| expression(kind, value, end));
                let _ = writeln!(
                    text,
                    "        asynchronous.inside(\"{}\", {gives}, {receives}),",
                    function.python
                );
            }
        }
        text += "    )\n";
    }
    text + "\n\nasync def drive(number):\n    await globals()[f\"round_{number}\"]()\n"
}

/// Whether both ends of it can be in the app: all of it arrives, and nothing that belongs to somebody.
fn can_stay_inside(kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Channel(channel), Value::Flow(flow)) => !channel.payload.has_handles() && !flow.abandoned,
        _ => false,
    }
}

/// The name under which an export's answers are found.
fn key(world: &World, function: &Function) -> String {
    // Of a resource's place the module without its package is what the class in the app is named by.
    let package = format!("{}.exports.", world.module);
    let place = function.place.strip_prefix(&package).unwrap_or(&function.place);
    format!("{place}.{}", function.python)
}

fn invocation(function: &Function, call: &Call) -> String {
    let arguments = expressions(function, call, End::Gives);
    match function.role {
        Role::Constructor => format!("{}({})", function.place, arguments.join(", ")),
        Role::Method => format!("{}.{}({})", arguments[0], function.python, arguments[1..].join(", ")),
        Role::Free | Role::Static => format!("{}.{}({})", function.place, function.python, arguments.join(", ")),
    }
}

fn expressions(function: &Function, call: &Call, end: End) -> Vec<String> {
    let values = function.parameters.iter().zip(&call.arguments);
    values.map(|(kind, value)| expression(kind, value, end)).collect()
}

/// What a call gives or raises.
fn outcome(function: &Function, call: &Call, end: End) -> String {
    match (&function.result, &call.result) {
        (Some(kind), Some(Value::Case(case, payload))) if function.raises => {
            let payload = match (payload_of(kind, *case), payload) {
                (Some(kind), Some(value)) => expression(kind, value, end),
                _ => "None".to_string(),
            };
            if *case == 0 {
                payload
            } else {
                format!("harness.Raised({payload})")
            }
        }
        (Some(kind), Some(value)) => expression(kind, value, end),
        _ => "None".to_string(),
    }
}

/// What a constructor of the app's makes, or raises: a thing is its number.
fn made(function: &Function, call: &Call) -> String {
    match &call.result {
        Some(Value::Handle(thing)) => thing.to_string(),
        Some(Value::Case(0, Some(thing))) => match **thing {
            Value::Handle(thing) => thing.to_string(),
            _ => unreachable!("a constructor makes a thing"),
        },
        _ => outcome(function, call, End::Gives),
    }
}
