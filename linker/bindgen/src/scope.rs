//! Which names a generated module may use for what.
//!
//! A module's own names come from WIT, and may be those of Python's helpers: a type called `list`, a function called `int`. The
//! own name then stands, and the annotations use the helper under a private name: no WIT name begins with `_`.

use crate::layout;
use crate::{Direction, Interface, Module, World};
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::TypeId;

/// The names that every module exposes, by the module that they come from: apps take them by `import *`.
const EXPOSED: [(&str, &[&str]); 9] = [
    ("abc", &["abstractmethod"]),
    ("array", &[]),
    ("builtins", &[]),
    ("collections.abc", &[]),
    ("dataclasses", &["dataclass"]),
    ("enum", &["Enum", "Flag", "auto"]),
    ("types", &["TracebackType"]),
    (
        "typing",
        &[
            "Any", "Callable", "Generic", "List", "Optional", "Protocol", "Self", "Tuple", "TypeVar", "Union",
        ],
    ),
    ("componentize_py_types", &["Err", "Ok", "Result", "Some"]),
];

/// The module that every module exposes.
const EXPOSED_MODULE: &str = "weakref";

/// The names that every module exposes beside these in a world with streams, futures or asynchronous functions.
const EXPOSED_IF_ASYNC: [(&str, &[&str]); 2] = [
    (
        "componentize_py_async_support.futures",
        &["FutureReader", "FutureWriter"],
    ),
    (
        "componentize_py_async_support.streams",
        &["ByteStreamReader", "ByteStreamWriter", "StreamReader", "StreamWriter"],
    ),
];

/// The module that every module exposes in such a world.
const EXPOSED_MODULE_IF_ASYNC: &str = "componentize_py_async_support";

/// The builtin names in annotations and decorators.
const BUILTINS: [&str; 11] = [
    "BaseException",
    "bool",
    "bytes",
    "classmethod",
    "dict",
    "float",
    "int",
    "list",
    "memoryview",
    "str",
    "type",
];

/// What only those modules import that name it, and from where.
const ON_DEMAND: [(&str, &str); 5] = [
    ("array", "array"),
    ("collections.abc", "Buffer"),
    ("collections.abc", "Sequence"),
    ("componentize_py_types", "ErrorContext"),
    ("dataclasses", "field"),
];

/// What an annotation calls a helper or a class.
pub(crate) trait Names {
    /// The name of a helper, such as `Optional`.
    fn helper(&mut self, name: &'static str) -> String;
    /// The name of the class of a type.
    fn class(&mut self, id: TypeId) -> String;
}

/// The names in one generated module.
pub(crate) struct Scope<'w> {
    world: &'w World<'w>,
    /// The root in which the module is.
    root: usize,
    /// The module that is written; none for the package of the exports' protocols.
    module: Option<Module>,
    direction: Direction,
    own: BTreeSet<String>,
    private: BTreeSet<&'static str>,
    demanded: BTreeSet<&'static str>,
    modules: BTreeSet<(Direction, String)>,
    worlds: BTreeSet<usize>,
    shared: BTreeMap<String, BTreeSet<String>>,
    runtime: BTreeSet<&'static str>,
    /// The functions that make channels, with their modules.
    makers: BTreeSet<(&'static str, &'static str)>,
    /// The resource whose class is being written.
    resource: Option<TypeId>,
    /// The classes of this module that are written.
    defined: BTreeSet<TypeId>,
}

impl<'w> Scope<'w> {
    /// The scope of a module with these own names: of its classes, functions, fields and methods.
    pub(crate) fn new(world: &'w World, root: usize, module: Option<Module>, own: BTreeSet<String>) -> Scope<'w> {
        Scope {
            world,
            root,
            direction: module.as_ref().map_or(Direction::Export, Module::direction),
            module,
            own,
            private: BTreeSet::new(),
            demanded: BTreeSet::new(),
            modules: BTreeSet::new(),
            worlds: BTreeSet::new(),
            shared: BTreeMap::new(),
            runtime: BTreeSet::new(),
            makers: BTreeSet::new(),
            resource: None,
            defined: BTreeSet::new(),
        }
    }

    /// A scope outside all modules.
    pub(crate) fn outside(world: &'w World, direction: Direction) -> Scope<'w> {
        Scope {
            direction,
            ..Scope::new(world, world.roots.len() - 1, None, BTreeSet::new())
        }
    }

    /// Takes names from a module of another root, for those who import this module.
    pub(crate) fn share(&mut self, module: &str, names: BTreeSet<String>) {
        self.shared.entry(module.to_string()).or_default().extend(names);
    }

    /// What the guest's own module has under this name.
    pub(crate) fn runtime(&mut self, name: &'static str) -> String {
        self.runtime.insert(name);
        format!("_{name}")
    }

    /// What makes the ends of a stream or future.
    pub(crate) fn maker(&mut self, name: &'static str) -> String {
        let [(futures, _), (streams, _)] = EXPOSED_IF_ASYNC;
        let module = if name == "make_future" { futures } else { streams };
        self.makers.insert((module, name));
        format!("_{name}")
    }

    /// What follows names types of this direction; gives the one before.
    pub(crate) fn turn(&mut self, direction: Direction) -> Direction {
        std::mem::replace(&mut self.direction, direction)
    }

    /// What follows is the class of this resource.
    pub(crate) fn enter(&mut self, resource: TypeId) {
        self.resource = Some(resource);
    }

    /// The class of this type is written.
    pub(crate) fn define(&mut self, id: TypeId) {
        self.resource = None;
        self.defined.insert(id);
    }

    /// Whether the module's functions are imported or exported.
    pub(crate) fn direction(&self) -> Direction {
        self.direction
    }

    /// The import statements for all that was named.
    pub(crate) fn imports(&self) -> String {
        let mut text = String::new();
        let of_async = self.world.is_async.then_some(EXPOSED_MODULE_IF_ASYNC);
        for module in of_async.into_iter().chain([EXPOSED_MODULE]) {
            if !self.own.contains(module) {
                text.push_str(&format!("import {module}\n"));
            }
        }
        let (standard, generated) = EXPOSED.split_at(EXPOSED.len() - 1);
        for (module, names) in standard {
            text.push_str(&self.import(module, names));
        }
        text + &paragraph(&self.generated_imports(generated)) + &paragraph(&self.relative_imports())
    }

    fn generated_imports(&self, exposed: &[(&str, &[&str])]) -> String {
        let of_async: &[(&str, &[&str])] = if self.world.is_async { &EXPOSED_IF_ASYNC } else { &[] };
        let all = |modules: &[(&str, &[&str])]| -> String {
            let texts = modules.iter().map(|(module, names)| self.import(module, names));
            texts.collect()
        };
        let mut text = all(of_async);
        if !self.runtime.is_empty() {
            let mut names: Vec<String> = self.runtime.iter().map(|name| format!("{name} as _{name}")).collect();
            names.sort();
            text.push_str(&layout::import("componentize_py_runtime", &names));
        }
        text + &all(exposed)
    }

    /// `from module import ...`: the exposed names and the private ones that are needed.
    fn import(&self, module: &str, exposed: &[&str]) -> String {
        let public = exposed
            .iter()
            .filter(|name| !self.own.contains(**name))
            .map(|name| name.to_string());
        let origins: &[&str] = if module == "builtins" { &BUILTINS } else { exposed };
        let private = self
            .private
            .iter()
            .filter(|name| origins.contains(name))
            .map(|name| format!("{name} as _{name}"));
        let demanded = ON_DEMAND
            .iter()
            .filter(|(origin, name)| *origin == module && self.demanded.contains(name))
            .map(|(_, name)| self.demanded_import(name));
        let makers = self.makers.iter().filter(|(origin, _)| *origin == module);
        let makers = makers.map(|(_, name)| format!("{name} as _{name}"));
        let mut names: Vec<String> = public.chain(private).chain(demanded).chain(makers).collect();
        names.sort();
        if names.is_empty() {
            String::new()
        } else {
            layout::import(module, &names)
        }
    }

    fn demanded_import(&self, name: &str) -> String {
        if self.own.contains(name) {
            format!("{name} as _{name}")
        } else {
            name.to_string()
        }
    }

    fn relative_imports(&self) -> String {
        let mut packages: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (module, names) in &self.shared {
            // `as` says to type checkers that the name is meant for others too.
            let names = names.iter().map(|name| format!("{name} as {name}"));
            packages.entry(module.clone()).or_default().extend(names);
        }
        for (direction, module) in &self.modules {
            let local = self.local(*direction, module);
            let name = if local == *module {
                local
            } else {
                format!("{module} as {local}")
            };
            let package = self.package(self.world.root_of(*direction, module), *direction);
            packages.entry(package).or_default().push(name);
        }
        let lines = packages.iter().map(|(package, names)| layout::import(package, names));
        let text: String = lines.collect();
        let worlds: String = self
            .worlds
            .iter()
            .map(|root| format!("import {}\n", self.world.roots[*root].module))
            .collect();
        worlds + &text
    }

    /// The package of interfaces as this module imports from it: relatively in its own root.
    fn package(&self, root: usize, direction: Direction) -> String {
        match &self.module {
            _ if root != self.root => self.world.package(root, direction),
            Some(Module::World(_)) => format!(".{}", direction.package()),
            _ => format!("..{}", direction.package()),
        }
    }

    /// In which direction the module is that the annotations name. In the package of the exports it is the exported one, if
    /// this shows what the imported one has.
    fn shown_in(&self, direction: Direction, module: &str) -> Direction {
        let shows = |interface: &Interface| {
            let twin = self.world.imported_twin(interface);
            interface.module == module && interface.root == self.root && twin.is_some_and(|twin| twin.module == module)
        };
        if self.module.is_none() && direction == Direction::Import && self.world.exports.iter().any(shows) {
            Direction::Export
        } else {
            direction
        }
    }

    /// The name of another interface's module in this one. In the package of the exports, where the exported modules are
    /// attributes, an imported one of the same name has another.
    fn local(&self, direction: Direction, module: &str) -> String {
        let exposed = EXPOSED.iter().any(|(_, names)| names.contains(&module)) || module == EXPOSED_MODULE;
        let demanded = ON_DEMAND.iter().any(|(_, name)| *name == module);
        let (others, gives_way) = match direction {
            Direction::Import => (&self.world.exports, self.module.is_none()),
            Direction::Export => (&self.world.imports, self.module.is_some()),
        };
        let twice = gives_way && others.iter().any(|interface| interface.module == module);
        if self.own.contains(module) || exposed || demanded || twice || BUILTINS.contains(&module) {
            format!("_{}_{module}", direction.package())
        } else {
            module.to_string()
        }
    }
}

impl Names for Scope<'_> {
    fn helper(&mut self, name: &'static str) -> String {
        if ON_DEMAND.iter().any(|(_, demanded)| *demanded == name) {
            self.demanded.insert(name);
        }
        if self.own.contains(name) {
            self.private.insert(name);
            format!("_{name}")
        } else {
            name.to_string()
        }
    }

    /// `Self` in the class itself, and `Any` before the class is there.
    fn class(&mut self, id: TypeId) -> String {
        if self.resource == Some(id) {
            return self.helper("Self");
        }
        let Some(place) = self.world.place(self.direction(), id) else {
            return self.helper("Any");
        };
        match &place.module {
            module if self.module.as_ref() == Some(module) && self.defined.contains(&id) => place.class.clone(),
            module if self.module.as_ref() == Some(module) => self.helper("Any"),
            Module::Interface(direction, name) => {
                let direction = self.shown_in(*direction, name);
                self.modules.insert((direction, name.clone()));
                format!("{}.{}", self.local(direction, name), place.class)
            }
            Module::World(root) => {
                self.worlds.insert(*root);
                format!("{}.{}", self.world.roots[*root].module, place.class)
            }
        }
    }
}

/// Lines after an empty one; nothing if there are none.
fn paragraph(lines: &str) -> String {
    if lines.is_empty() {
        String::new()
    } else {
        format!("\n{lines}")
    }
}

/// Full names, as documentation has them.
pub(crate) struct FullNames<'w>(pub(crate) &'w World<'w>, pub(crate) Direction);

impl<'w> FullNames<'w> {
    /// Those of the types that a module's annotations name.
    pub(crate) fn of(scope: &Scope<'w>) -> FullNames<'w> {
        FullNames(scope.world, scope.direction())
    }
}

impl Names for FullNames<'_> {
    fn helper(&mut self, name: &'static str) -> String {
        name.to_string()
    }

    fn class(&mut self, id: TypeId) -> String {
        match self.0.place(self.1, id) {
            Some(place) => format!("{}.{}", self.0.path(&place.module), place.class),
            None => "Any".to_string(),
        }
    }
}
