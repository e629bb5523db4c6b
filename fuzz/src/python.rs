//! The app of a plan: it checks what it gets, and gives what is planned.

use crate::calls::plan_module;
use crate::function::AppClass;
use crate::plan::Plan;
use ampoule_bindgen::{Role, World};
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of the app module.
pub const APP: &str = "fuzzed_app";

/// What the names of the functions that every app has begin with.
pub const OWN: &str = "ampoule_fuzz_";

/// The name of the function that has the app call its imports.
pub const DRIVE: &str = "ampoule_fuzz_drive";

/// The name of the one that returns when all streams and futures have come to their ends.
pub const SETTLE: &str = "ampoule_fuzz_settle";

/// The name of the import that returns when the host was asked so often.
pub const PAUSE: &str = "ampoule_fuzz_pause";

/// The name of the import that says of which function a call has begun.
pub const BEGIN: &str = "ampoule_fuzz_begin";

/// The file of what asynchronous apps share.
const ASYNCHRONOUS: &str = "fuzz_asynchronous.py";

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
    if plan.is_async {
        let text = include_str!("../python/fuzz_asynchronous.py");
        files.insert(ASYNCHRONOUS.to_string(), text.to_string());
    }
    for class in &plan.classes {
        let file = files.entry(format!("{}.py", class.module));
        let text = file.or_insert_with(|| imports(plan));
        *text += &resource_class(class);
    }
    files
}

/// What answers in a module of the app.
fn imports(plan: &Plan) -> String {
    let mut text = "from fuzz_harness import answer, answer_constructor\n".to_string();
    if plan.is_async {
        text += "from fuzz_asynchronous import answer_later, settle\n";
    }
    text
}

/// Classes for the exports. They have all functions that the world exports, also those that are not called.
fn main_module(world: &World, plan: &Plan) -> String {
    let mut text = imports(plan) + "import fuzz_plan\n";
    let root = world.roots.last().expect("a world has a root");
    text += &class(&root.protocol, &root.exported_functions);
    let (keyword, waits) = if plan.is_async {
        ("async def", "await ")
    } else {
        ("def", "")
    };
    let _ = writeln!(
        text,
        "\n    {keyword} {DRIVE}(self, number):\n        {waits}fuzz_plan.drive(number)"
    );
    if plan.is_async {
        let _ = writeln!(text, "\n    async def {SETTLE}(self):\n        await settle()");
    }
    for interface in &world.exports {
        text += &class(&interface.protocol, &interface.functions);
    }
    for class in &plan.classes {
        let _ = writeln!(text, "\n\nimport {} as _{}", class.module, class.module);
    }
    text
}

fn class(name: &str, functions: &[ampoule_bindgen::Function]) -> String {
    let mut text = format!("\n\nclass {name}:\n    pass\n");
    for function in functions.iter().filter(|function| !function.name.starts_with(OWN)) {
        let key = format!("{name}.{}", function.name);
        text += &method(&function.name, "self, *arguments", &key, function.is_async);
    }
    text
}

fn resource_class(class: &AppClass) -> String {
    let mut text = format!("\n\nclass {}:\n    pass\n", class.name);
    for (role, function, is_async) in &class.functions {
        let key = format!("{}.{}.{function}", class.module, class.name);
        text += &match role {
            Role::Constructor => {
                format!(
                    "\n    def __init__(self, *arguments):\n        answer_constructor(\"{key}\", self, arguments)\n"
                )
            }
            Role::Static => format!(
                "\n    @classmethod{}",
                method(function, "cls, *arguments", &key, *is_async)
            ),
            _ => method(function, "*arguments", &key, *is_async),
        };
    }
    text
}

/// A method that answers as is planned.
fn method(name: &str, parameters: &str, key: &str, is_async: bool) -> String {
    let (keyword, answer) = match is_async {
        true => ("async def", "await answer_later"),
        false => ("def", "answer"),
    };
    format!("\n    {keyword} {name}({parameters}):\n        return {answer}(\"{key}\", arguments)\n")
}
