//! The app of a plan: it checks what it gets, and gives what is planned.

use crate::function::{AppClass, Function};
use crate::held::payload_of;
use crate::kind::{Holding, Kind, Resource, Side};
use crate::plan::{Call, Plan};
use crate::value::Value;
use ampoule_bindgen::{Direction, Role, World};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of the app module.
pub const APP: &str = "fuzzed_app";

/// The name of the function that has the app call its imports.
pub const DRIVE: &str = "ampoule_fuzz_drive";

/// Python files by their names.
pub type Files = BTreeMap<String, String>;

/// The files of the app.
pub fn app(world: &World, plan: &Plan) -> Files {
    let mut files = Files::from([
        (
            "fuzz_harness.py".to_string(),
            include_str!("../python/fuzz_harness.py").to_string(),
        ),
        (format!("{APP}.py"), main_module(world, plan)),
        ("fuzz_plan.py".to_string(), plan_module(world, plan)),
    ]);
    for class in &plan.classes {
        let file = files.entry(format!("{}.py", class.module));
        let text = file.or_insert_with(|| "from fuzz_harness import answer, answer_constructor\n".to_string());
        *text += &resource_class(class);
    }
    files
}

/// Classes for the exports. They have all functions that the world exports, also those that are not called.
fn main_module(world: &World, plan: &Plan) -> String {
    let mut text = "from fuzz_harness import answer\nimport fuzz_plan\n".to_string();
    let root = world.roots.last().expect("a world has a root");
    let own = root.exported_functions.iter().map(|function| &function.name);
    text += &class(&root.protocol, own);
    let _ = writeln!(
        text,
        "\n    def {DRIVE}(self, number):\n        fuzz_plan.drive(number)"
    );
    for interface in &world.exports {
        text += &class(
            &interface.protocol,
            interface.functions.iter().map(|function| &function.name),
        );
    }
    for class in &plan.classes {
        let _ = writeln!(text, "\n\nimport {} as _{}", class.module, class.module);
    }
    text
}

fn class<'a>(name: &str, functions: impl Iterator<Item = &'a String>) -> String {
    let mut text = format!("\n\nclass {name}:\n    pass\n");
    for function in functions.filter(|function| *function != DRIVE) {
        let answer = format!("return answer(\"{name}.{function}\", arguments)");
        let _ = writeln!(text, "\n    def {function}(self, *arguments):\n        {answer}");
    }
    text
}

fn resource_class(class: &AppClass) -> String {
    let mut text = format!("\n\nclass {}:\n    pass\n", class.name);
    for (role, function) in &class.functions {
        let key = format!("{}.{}.{function}", class.module, class.name);
        let _ = match role {
            Role::Constructor => writeln!(
                text,
                "\n    def __init__(self, *arguments):\n        answer_constructor(\"{key}\", self, arguments)"
            ),
            Role::Static => writeln!(
                text,
                "\n    @classmethod\n    def {function}(cls, *arguments):\n        return answer(\"{key}\", arguments)"
            ),
            _ => writeln!(
                text,
                "\n    def {function}(*arguments):\n        return answer(\"{key}\", arguments)"
            ),
        };
    }
    text
}

/// The calls with their values.
fn plan_module(world: &World, plan: &Plan) -> String {
    let calls = calls(world, plan);
    let root = &world.roots.last().expect("a world has a root").module;
    let mut text =
        format!("import fuzz_harness as harness\nfrom componentize_py_types import Err, Ok, Some\nimport {root}\n");
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
            let _ = writeln!(text, "harness.expect(\"{key}\", lambda: {expected}, lambda: {outcome})");
        }
    }
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

/// The name under which an export's answers are found.
fn key(world: &World, function: &Function) -> String {
    // Of a resource's place the module without its package is what the class in the app is named by.
    let package = format!("{}.exports.", world.module);
    let place = function.place.strip_prefix(&package).unwrap_or(&function.place);
    format!("{place}.{}", function.python)
}

/// Which end of a transfer Python code is on.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Gives,
    Receives,
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

fn expression(kind: &Kind, value: &Value, end: End) -> String {
    match (kind, value) {
        (Kind::Bool, Value::Bool(value)) => if *value { "True" } else { "False" }.to_string(),
        (Kind::Integer { .. }, Value::Integer(value)) => value.to_string(),
        (Kind::F32, Value::F32(bits)) => format!("harness.f32(0x{bits:x})"),
        (Kind::F64, Value::F64(bits)) => format!("harness.f64(0x{bits:x})"),
        (Kind::Char, Value::Char(value)) => text(&value.to_string()),
        (Kind::String, Value::String(value)) => text(value),
        (Kind::List(item), Value::Items(values)) => list(item, values, end),
        (Kind::Fixed(item, _), Value::Items(values)) => items(item, values, end),
        (Kind::Tuple(kinds), Value::Items(values)) => sequence(
            kinds
                .iter()
                .zip(values)
                .map(|(kind, value)| expression(kind, value, end))
                .collect(),
        ),
        (Kind::Record(class, fields), Value::Items(values)) => {
            let fields = fields.iter().zip(values);
            let fields: Vec<String> = fields.map(|((_, kind), value)| expression(kind, value, end)).collect();
            format!("{class}({})", fields.join(", "))
        }
        (Kind::Variant(cases), Value::Case(case, payload)) => {
            let payload = cases[*case].payload.as_ref().zip(payload.as_ref());
            let payload = payload.map_or(String::new(), |(kind, value)| expression(kind, value, end));
            format!("{}({payload})", cases[*case].class)
        }
        (Kind::Enum(class, members), Value::Case(case, _)) => format!("{class}.{}", members[*case].python),
        (Kind::Flags(class, members), Value::Flags(set)) => {
            let set = members.iter().zip(set).filter(|(_, set)| **set);
            let set = set.map(|(member, _)| format!(" | {class}.{}", member.python));
            format!("({class}(0){})", set.collect::<String>())
        }
        (Kind::Option(_), Value::Case(0, _)) => "None".to_string(),
        (Kind::Option(kind), Value::Case(_, Some(value))) => {
            let inner = expression(kind, value, end);
            if matches!(**kind, Kind::Option(_)) {
                format!("Some({inner})")
            } else {
                inner
            }
        }
        (Kind::Result(ok, error), Value::Case(case, payload)) => {
            let (class, kind) = if *case == 0 { ("Ok", ok) } else { ("Err", error) };
            let payload = kind.as_ref().zip(payload.as_ref());
            let payload = payload.map_or("None".to_string(), |(kind, value)| expression(kind, value, end));
            format!("{class}({payload})")
        }
        (Kind::Handle(resource, holding), Value::Handle(thing)) => handle(resource, *holding, *thing, end),
        _ => unreachable!("a value is of its kind: {kind:?}, {value:?}"),
    }
}

fn handle(resource: &Resource, holding: Holding, thing: u32, end: End) -> String {
    let class = &resource.class;
    let does = match (end, resource.owner, holding) {
        (End::Gives, Side::Guest, _) => {
            let module = class.rsplit_once(".exports.").expect("an exported class").1;
            return format!("harness.make(\"{module}\", {thing})");
        }
        (End::Gives, Side::Host, Holding::Own) => return format!("harness.give({thing})"),
        (End::Gives, Side::Host, Holding::Borrow) => return format!("harness.lend({thing})"),
        (End::Receives, Side::Guest, _) => return format!("harness.Own({thing})"),
        (End::Receives, Side::Host, Holding::Own) => "True",
        (End::Receives, Side::Host, Holding::Borrow) => "False",
    };
    format!("harness.Theirs({class}, {thing}, {does})")
}

fn list(item: &Kind, values: &[Value], end: End) -> String {
    if !matches!(item, Kind::Integer { bits: 8, .. }) {
        return items(item, values, end);
    }
    let bytes = values.iter().map(|value| match value {
        Value::Integer(value) => (value & 0xff).to_string(),
        _ => unreachable!("a byte is an integer"),
    });
    format!("bytes([{}])", bytes.collect::<Vec<_>>().join(", "))
}

fn items(item: &Kind, values: &[Value], end: End) -> String {
    let items: Vec<String> = values.iter().map(|value| expression(item, value, end)).collect();
    format!("[{}]", items.join(", "))
}

fn sequence(items: Vec<String>) -> String {
    let items: String = items.iter().map(|item| format!("{item}, ")).collect();
    format!("({items})")
}

/// A literal of nothing but ASCII.
fn text(value: &str) -> String {
    let characters = value.chars().map(|character| match character {
        ' '..='~' if character != '"' && character != '\\' => character.to_string(),
        _ => format!("\\U{:08x}", u32::from(character)),
    });
    format!("\"{}\"", characters.collect::<String>())
}
