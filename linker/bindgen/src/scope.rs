//! Which names a generated module may use for what.
//!
//! A module's own names come from WIT, and may be those of Python's helpers: a type called `list`, a function called `int`. The
//! own name then stands, and the annotations use the helper under a private name: no WIT name begins with `_`.

use crate::layout;
use crate::{Direction, Module, Place, World};
use std::collections::{BTreeMap, BTreeSet};

/// The names that every module exposes, by the module that they come from: apps take them by `import *`.
const EXPOSED: [(&str, &[&str]); 7] = [
    ("abc", &["abstractmethod"]),
    ("builtins", &[]),
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

/// The builtin names in annotations.
const BUILTINS: [&str; 7] = ["bool", "bytes", "dict", "float", "int", "list", "str"];

/// What an annotation calls a helper or a class.
pub(crate) trait Names {
    /// The name of a helper, such as `Optional`.
    fn helper(&mut self, name: &'static str) -> String;
    /// The name of a class.
    fn class(&mut self, place: &Place) -> String;
}

/// The names in one generated module.
pub(crate) struct Scope<'w> {
    world: &'w World<'w>,
    /// The root in which the module is.
    root: usize,
    /// The module that is written; none for the package of the exports' protocols.
    module: Option<Module>,
    own: BTreeSet<String>,
    private: BTreeSet<&'static str>,
    modules: BTreeSet<(Direction, String)>,
    worlds: BTreeSet<usize>,
    shared: BTreeMap<String, BTreeSet<String>>,
    calls_imports: bool,
}

impl<'w> Scope<'w> {
    /// The scope of a module with these own names: of its classes, functions, fields and methods.
    pub(crate) fn new(world: &'w World, root: usize, module: Option<Module>, own: BTreeSet<String>) -> Scope<'w> {
        Scope {
            world,
            root,
            module,
            own,
            private: BTreeSet::new(),
            modules: BTreeSet::new(),
            worlds: BTreeSet::new(),
            shared: BTreeMap::new(),
            calls_imports: false,
        }
    }

    /// Takes names from a module of another root, for those who import this module.
    pub(crate) fn share(&mut self, module: &str, names: BTreeSet<String>) {
        self.shared.entry(module.to_string()).or_default().extend(names);
    }

    /// The function that calls an import.
    pub(crate) fn call_import(&mut self) -> &'static str {
        self.calls_imports = true;
        "_call_import"
    }

    /// The import statements for all that was named.
    pub(crate) fn imports(&self) -> String {
        let mut text = String::new();
        if !self.own.contains(EXPOSED_MODULE) {
            text.push_str(&format!("import {EXPOSED_MODULE}\n"));
        }
        let (standard, generated) = EXPOSED.split_at(EXPOSED.len() - 1);
        for (module, names) in standard {
            text.push_str(&self.import(module, names));
        }
        text.push('\n');
        if self.calls_imports {
            text.push_str(&layout::import(
                "componentize_py_runtime",
                &["call_import as _call_import".to_string()],
            ));
        }
        for (module, names) in generated {
            text.push_str(&self.import(module, names));
        }
        text + &self.relative_imports()
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
        let mut names: Vec<String> = public.chain(private).collect();
        names.sort();
        if names.is_empty() {
            String::new()
        } else {
            layout::import(module, &names)
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
        let text = worlds + &text;
        if text.is_empty() { text } else { format!("\n{text}") }
    }

    /// The package of interfaces as this module imports from it: relatively in its own root.
    fn package(&self, root: usize, direction: Direction) -> String {
        match &self.module {
            _ if root != self.root => self.world.package(root, direction),
            Some(Module::World(_)) => format!(".{}", direction.package()),
            _ => format!("..{}", direction.package()),
        }
    }

    /// The name of another interface's module in this one.
    fn local(&self, direction: Direction, module: &str) -> String {
        let exposed = EXPOSED.iter().any(|(_, names)| names.contains(&module)) || module == EXPOSED_MODULE;
        let mut imported = self.world.imports.iter().map(|interface| &interface.module);
        let twice = direction == Direction::Export && imported.any(|imported| imported == module);
        if self.own.contains(module) || exposed || twice || BUILTINS.contains(&module) {
            format!("_{}_{module}", direction.package())
        } else {
            module.to_string()
        }
    }
}

impl Names for Scope<'_> {
    fn helper(&mut self, name: &'static str) -> String {
        if self.own.contains(name) {
            self.private.insert(name);
            format!("_{name}")
        } else {
            name.to_string()
        }
    }

    fn class(&mut self, place: &Place) -> String {
        match &place.module {
            module if self.module.as_ref() == Some(module) => place.class.clone(),
            Module::Interface(direction, name) => {
                self.modules.insert((*direction, name.clone()));
                format!("{}.{}", self.local(*direction, name), place.class)
            }
            Module::World(root) => {
                self.worlds.insert(*root);
                format!("{}.{}", self.world.roots[*root].module, place.class)
            }
        }
    }
}

/// Full names, as documentation has them.
pub(crate) struct FullNames<'w>(pub(crate) &'w World<'w>);

impl Names for FullNames<'_> {
    fn helper(&mut self, name: &'static str) -> String {
        name.to_string()
    }

    fn class(&mut self, place: &Place) -> String {
        format!("{}.{}", self.0.path(&place.module), place.class)
    }
}
