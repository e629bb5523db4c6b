//! What the component imports, and who needs it.
//!
//! An interface is needed by whoever reaches, by calls, a function of it that needs no handle; of one whose functions all do, whoever reaches such
//! a function of its package: nobody else can get a handle to call it with. `link` leaves sockets out by the same rule.

use super::core::Core;
use super::owners::module_of;
use super::python::Statements;
use ampoule_image::STDLIB_PATH;
use ampoule_link::Origin;
use ampoule_publish::World;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use wasmparser::BinaryReaderError;

/// Something that the component imports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Import {
    /// The interface, or the function of the world itself.
    pub name: String,
    /// The functions of it that the component calls.
    pub functions: Vec<String>,
    /// Who needs it.
    pub needed_by: Vec<Need>,
}

/// Who needs an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// The world names it.
    World,
    /// The interpreter with its C library: whatever the app is.
    Interpreter,
    /// A native module, which these import statements of Python lead to.
    Module(String, Vec<String>),
}

/// The world's side module among the origins; the interpreter is the first of all.
const WORLD: &str = "world";

/// All imports of the component, each with who needs it.
///
/// # Errors
/// When the component is not well-formed.
pub fn imports(
    component: &[u8],
    core: &Core,
    origins: &[Origin],
    statements: &Statements,
) -> Result<Vec<Import>, BinaryReaderError> {
    let calls = Calls::new(core, origins);
    let mut imports = Vec::new();
    for name in World::of(component)?.imports {
        let own = |(module, function): &(String, String)| *module == name || module == ROOT && *function == name;
        let functions: BTreeSet<&str> = core
            .imports
            .iter()
            .filter(|import| own(import))
            .map(|(_, name)| once(name))
            .collect();
        imports.push(Import {
            functions: functions.into_iter().map(str::to_string).collect(),
            needed_by: calls.needs(core, origins, &name, statements),
            name,
        });
    }
    Ok(imports)
}

/// A function's name without the number that is given to one that is imported again.
fn once(name: &str) -> &str {
    name.split(" [v").next().unwrap_or(name)
}

/// The module of what the world itself imports.
const ROOT: &str = "$root";

/// Which imports each origin calls itself, and which it reaches.
struct Calls {
    direct: Vec<BTreeSet<usize>>,
    reached: Vec<BTreeSet<usize>>,
}

impl Calls {
    fn new(core: &Core, origins: &[Origin]) -> Calls {
        let mut calls = Calls {
            direct: Vec::new(),
            reached: Vec::new(),
        };
        let imported = core.imports.len();
        let mut first = imported;
        for (position, origin) in origins.iter().enumerate() {
            let own = first..first + origin.functions as usize;
            first = own.end;
            // The interpreter runs from what is in its table: other functions of it are there for modules that call them.
            let roots: Vec<usize> = match position {
                0 => core
                    .elements
                    .iter()
                    .map(|function| *function as usize)
                    .filter(|function| own.contains(function))
                    .collect(),
                _ => own.clone().collect(),
            };
            calls.reached.push(reached(core, roots));
            let bodies = core.bodies.iter().take(own.end - imported).skip(own.start - imported);
            let called = bodies.flat_map(|body| &body.calls).map(|function| *function as usize);
            calls
                .direct
                .push(called.filter(|function| *function < imported).collect());
        }
        calls
    }

    fn needs(&self, core: &Core, origins: &[Origin], name: &str, statements: &Statements) -> Vec<Need> {
        let openers = openers(&core.imports, name);
        let is_own = |import: &usize| core.imports[*import].0 == name || core.imports[*import].1 == name;
        let mut needs = Vec::new();
        let interpreter = self
            .reached
            .first()
            .is_some_and(|reached| !reached.is_disjoint(&openers));
        for (position, origin) in origins.iter().enumerate().skip(1) {
            let calls_it = self.direct[position].iter().any(is_own);
            if origin.name == WORLD && calls_it {
                needs.push(Need::World);
            } else if origin.name != WORLD && !interpreter && !self.reached[position].is_disjoint(&openers) {
                let module = module_of(&origin.name);
                needs.push(Need::Module(module.to_string(), statements.leading_to(module)));
            }
        }
        if interpreter {
            needs.push(Need::Interpreter);
        }
        if needs.is_empty() {
            // What no code calls is there for its types, which only a world names.
            needs.push(Need::World);
        }
        needs
    }
}

/// The imports that can be reached from functions by calls.
fn reached(core: &Core, roots: Vec<usize>) -> BTreeSet<usize> {
    let imported = core.imports.len();
    let mut seen = vec![false; imported + core.bodies.len()];
    let mut pending = roots;
    while let Some(function) = pending.pop() {
        if std::mem::replace(&mut seen[function], true) {
            continue;
        }
        if let Some(body) = function.checked_sub(imported).map(|place| &core.bodies[place]) {
            pending.extend(body.calls.iter().map(|function| *function as usize));
        }
    }
    (0..imported).filter(|import| seen[*import]).collect()
}

/// What functions are called that need a handle.
const NEED_HANDLES: [&str; 2] = ["[method]", "[resource-drop]"];

/// The functions that give sockets: without them no other of their package can be used (`linker/link/src/wasi.rs`).
const GIVE_SOCKETS: [&str; 3] = ["create-tcp-socket", "create-udp-socket", "resolve-addresses"];

/// The functions by which an interface can begin to be used, by the first rule that finds some.
fn openers(imports: &[(String, String)], name: &str) -> BTreeSet<usize> {
    let chosen = |fits: &dyn Fn(&str, &str) -> bool| -> BTreeSet<usize> {
        let places = imports.iter().enumerate();
        let chosen = places.filter(|(_, (module, function))| fits(module, function));
        chosen.map(|(place, _)| place).collect()
    };
    let package = |name: &str| name.split('/').next().unwrap_or_default().to_string();
    let is_beside = |module: &str| package(module) == package(name);
    let is_free = |function: &str| !NEED_HANDLES.iter().any(|kind| function.contains(kind));
    let rules = [
        chosen(&|module, function| is_beside(module) && GIVE_SOCKETS.contains(&once(function))),
        chosen(&|module, function| (module == name || function == name) && is_free(function)),
        chosen(&|module, function| is_beside(module) && is_free(function)),
        chosen(&|module, _| module == name),
    ];
    rules.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
}

/// The standard library's native modules in the component, with the statements that lead to each.
pub fn native_modules(origins: &[Origin], statements: &Statements) -> BTreeMap<String, Vec<String>> {
    let modules = origins.iter().filter(|origin| origin.name.starts_with(STDLIB_PATH));
    let module = |origin: &Origin| module_of(&origin.name).to_string();
    modules
        .map(|origin| (module(origin), statements.leading_to(&module(origin))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(name: &str, functions: u64) -> Origin {
        Origin {
            name: name.to_string(),
            functions,
            unreached: 0,
            code: 0,
            data: 0,
            folded: 0,
        }
    }

    #[test]
    fn whoever_can_get_a_handle_needs_the_interface() {
        let component = wat::parse_str(
            r#"(component
                (import "wasi:cli/exit" (instance))
                (import "wasi:sockets/tcp" (instance))
                (import "wasi:sockets/instance-network" (instance))
                (import "wasi:sockets/tcp-create-socket" (instance))
                (import "demo:prices/lookup" (instance))
                (import "demo:prices/types" (instance)))"#,
        )
        .unwrap();
        let module = wat::parse_str(
            r#"(module
                (import "wasi:cli/exit" "exit" (func $exit))
                (import "wasi:sockets/tcp" "[method]tcp-socket.send" (func $send))
                (import "wasi:sockets/instance-network" "instance-network" (func $network))
                (import "wasi:sockets/tcp-create-socket" "create-tcp-socket" (func $create))
                (import "demo:prices/lookup" "lookup" (func $lookup))
                (table 2 funcref) (elem (i32.const 0) $quit $write)
                (func $quit (call $exit)) (func $write (call $send) (call $network)) (func $socket (call $create))
                (func $world (call $lookup))
                (func $module (call $socket)))"#,
        )
        .unwrap();
        let core = Core::read(&module, 0..module.len()).unwrap();
        let origins = [origin("base", 3), origin("world", 1), origin("/lib/_socket.so", 1)];
        let found = imports(&component, &core, &origins, &Statements::default()).unwrap();
        let needed: Vec<(&str, &[Need])> = found
            .iter()
            .map(|import| (import.name.as_str(), &import.needed_by[..]))
            .collect();
        let socket = [Need::Module("_socket".to_string(), Vec::new())];
        assert_eq!(
            needed,
            [
                ("wasi:cli/exit", [Need::Interpreter].as_slice()),
                ("wasi:sockets/tcp", &socket),
                ("wasi:sockets/instance-network", &socket),
                ("wasi:sockets/tcp-create-socket", &socket),
                ("demo:prices/lookup", &[Need::World]),
                ("demo:prices/types", &[Need::World]),
            ]
        );
        assert_eq!(found[1].functions, ["[method]tcp-socket.send"]);
    }
}
