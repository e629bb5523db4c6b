//! The model: a world with its Python names.

use ampoule_settings::NumericLists;
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{Resolve, Type, TypeDefKind, TypeId, WorldId};

/// A world with the Python names of all that is in it.
#[derive(Debug)]
pub struct World<'a> {
    /// The WIT.
    pub resolve: &'a Resolve,
    /// The world in it.
    pub id: WorldId,
    /// The world's name in messages.
    pub name: String,
    /// Whether it has streams, futures or asynchronous functions.
    pub is_async: bool,
    /// The dotted name of the world module, such as `wit_world`.
    pub module: String,
    /// What lists of numbers arrive as.
    pub numeric_lists: NumericLists,
    /// The imported interfaces, in the world's order.
    pub imports: Vec<Interface>,
    /// The exported interfaces, in the world's order.
    pub exports: Vec<Interface>,
    /// The Python packages that the bindings are in; the world module is the last.
    pub roots: Vec<Root>,
    /// Where each named type stands, for those who import it and for those who export it.
    pub places: BTreeMap<(Direction, TypeId), Place>,
}

/// A Python package of bindings: the world module, or a part of a package that has WIT of its own.
#[derive(Debug)]
pub struct Root {
    /// Its dotted name, such as `wit_world`.
    pub module: String,
    /// The class for the world's own exports, such as `WitWorld`.
    pub protocol: String,
    /// The types that the world itself defines, each after those that it refers to.
    pub classes: Vec<Class>,
    /// The functions that the world imports outside any interface.
    pub imported_functions: Vec<Function>,
    /// The functions that the world exports outside any interface.
    pub exported_functions: Vec<Function>,
    /// The interfaces of this root that stand in an earlier one, by their Python modules.
    pub shared: BTreeSet<(Direction, String)>,
}

impl Root {
    /// Whether there is anything to write.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
            && self.imported_functions.is_empty()
            && self.exported_functions.is_empty()
            && self.shared.is_empty()
    }
}

/// Whether something is imported or exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// The host provides it.
    Import,
    /// The app provides it.
    Export,
}

impl Direction {
    /// The Python package of the interfaces in this direction.
    pub fn package(self) -> &'static str {
        match self {
            Direction::Import => "imports",
            Direction::Export => "exports",
        }
    }

    /// As it stands in WIT.
    pub fn keyword(self) -> &'static str {
        match self {
            Direction::Import => "import",
            Direction::Export => "export",
        }
    }
}

/// An interface in one direction.
#[derive(Debug)]
pub struct Interface {
    /// The name under which the component has it, such as `demo:echo/api@1.0.0`.
    pub key: String,
    /// The root in which it stands.
    pub root: usize,
    /// The Python module, such as `api`.
    pub module: String,
    /// The class for its functions, such as `Api`.
    pub protocol: String,
    /// The WIT documentation.
    pub documentation: Option<String>,
    /// The types that stand in this interface's module, each after those that it refers to.
    pub classes: Vec<Class>,
    /// Its functions, without those of its resources.
    pub functions: Vec<Function>,
}

impl Interface {
    /// Whether there is anything to write into the module.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty() && self.functions.is_empty()
    }
}

/// The module in which a class stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Module {
    /// The world's own, in the root at this position.
    World(usize),
    /// An interface's.
    Interface(Direction, String),
}

impl Module {
    /// In which direction the types stand that its annotations name.
    pub fn direction(&self) -> Direction {
        match self {
            Module::World(_) => Direction::Import,
            Module::Interface(direction, _) => *direction,
        }
    }
}

/// Where a named type stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The module.
    pub module: Module,
    /// The class in it.
    pub class: String,
}

/// A named type.
#[derive(Debug)]
pub struct Class {
    /// The type.
    pub id: TypeId,
    /// Its name in Python.
    pub name: String,
    /// The WIT documentation.
    pub documentation: Option<String>,
    /// What it is made of.
    pub shape: Shape,
}

/// What a named type is made of.
#[derive(Debug)]
pub enum Shape {
    /// A dataclass.
    Record(Vec<Field>),
    /// A union of dataclasses.
    Variant(Vec<Case>),
    /// An enumeration.
    Enum(Vec<Member>),
    /// A set of flags.
    Flags(Vec<Member>),
    /// A resource, with its functions.
    Resource(Vec<Function>),
}

/// A field of a record.
#[derive(Debug)]
pub struct Field {
    /// Its name in Python.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// The WIT documentation.
    pub documentation: Option<String>,
}

/// A case of a variant.
#[derive(Debug)]
pub struct Case {
    /// Its class in Python, such as `Shape_Circle`.
    pub class: String,
    /// The type of its payload.
    pub ty: Option<Type>,
    /// The WIT documentation.
    pub documentation: Option<String>,
}

/// A member of an enumeration or of flags.
#[derive(Debug)]
pub struct Member {
    /// Its name in Python.
    pub name: String,
    /// The WIT documentation.
    pub documentation: Option<String>,
}

/// What a function is to the resource that it belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It belongs to none.
    Free,
    /// It makes one.
    Constructor,
    /// It is called on one.
    Method,
    /// It is called on the class.
    Static,
}

/// A function.
#[derive(Debug)]
pub struct Function {
    /// Its name in WIT.
    pub wit_name: String,
    /// Its name in Python.
    pub name: String,
    /// What it is to its resource.
    pub role: Role,
    /// Whether it may wait: its caller awaits it.
    pub is_async: bool,
    /// Its parameters, without the object on which a method is called.
    pub parameters: Vec<Parameter>,
    /// Its result.
    pub result: Option<Type>,
    /// The WIT documentation.
    pub documentation: Option<String>,
}

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// Its name in Python.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

impl World<'_> {
    /// The definition behind a type, through all aliases; none for a primitive type.
    pub fn definition(&self, ty: Type) -> Option<(TypeId, &TypeDefKind)> {
        let mut ty = ty;
        loop {
            let Type::Id(id) = ty else { return None };
            match &self.resolve.types[id].kind {
                TypeDefKind::Type(aliased) => ty = *aliased,
                kind => return Some((id, kind)),
            }
        }
    }

    /// Where a named type stands for those who import it, or for those who export it: these have it from the imports if it
    /// is the same there.
    pub fn place(&self, direction: Direction, id: TypeId) -> Option<&Place> {
        let exported = self.places.get(&(Direction::Export, id));
        exported
            .filter(|_| direction == Direction::Export)
            .or_else(|| self.places.get(&(Direction::Import, id)))
    }

    /// The dotted name of a module.
    pub fn path(&self, module: &Module) -> String {
        match module {
            Module::World(root) => self.roots[*root].module.clone(),
            Module::Interface(direction, name) => {
                format!("{}.{name}", self.package(self.root_of(*direction, name), *direction))
            }
        }
    }

    /// The dotted name of a root's package for the interfaces of a direction.
    pub fn package(&self, root: usize, direction: Direction) -> String {
        format!("{}.{}", self.roots[root].module, direction.package())
    }

    /// The interfaces of a direction.
    pub fn interfaces(&self, direction: Direction) -> &[Interface] {
        match direction {
            Direction::Import => &self.imports,
            Direction::Export => &self.exports,
        }
    }

    /// The same interface among the imports.
    pub(crate) fn imported_twin(&self, exported: &Interface) -> Option<&Interface> {
        let mut imports = self.imports.iter();
        imports.find(|interface| interface.key == exported.key)
    }

    /// The root in which an interface stands, by its Python module.
    ///
    /// # Panics
    /// When the world has no such interface.
    pub fn root_of(&self, direction: Direction, module: &str) -> usize {
        let mut interfaces = self.interfaces(direction).iter();
        let interface = interfaces.find(|interface| interface.module == module);
        interface.expect("places name interfaces of the world").root
    }
}
