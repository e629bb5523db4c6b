//! The functions of a world that can be called with random values.

use crate::kind::{Holding, Kind, Resource, Side, kind, resource};
use crate::python::OWN;
use ampoule_bindgen::{Class, Direction, Role, Shape, World};
use wit_parser::{Type, TypeDefKind};

/// A function.
#[derive(Debug)]
pub struct Function {
    /// The interface's name in the component; none for a function of the world itself.
    pub interface: Option<String>,
    /// Its name in WIT.
    pub name: String,
    /// Where it stands in Python: a module, a class of a module for what belongs to a resource, or a class of the app for an export.
    pub place: String,
    /// Its name in Python.
    pub python: String,
    /// What it is to a resource.
    pub role: Role,
    /// What it takes, the thing that a method is called on first.
    pub parameters: Vec<Kind>,
    /// What it gives.
    pub result: Option<Kind>,
    /// Whether the error of the result is raised.
    pub raises: bool,
    /// Whether it may wait.
    pub is_async: bool,
}

impl Function {
    /// Whether a call of it can be cancelled and made again: nothing but the result, which is given up, changes hands.
    pub fn can_be_cancelled(&self) -> bool {
        let is_lent = |kind: &Kind| match kind {
            Kind::Handle(resource, holding) => resource.owner == Side::Host && *holding == Holding::Borrow,
            kind => !kind.has_handles(),
        };
        self.is_async && self.parameters.iter().all(is_lent) && !self.result.iter().any(Kind::has_handles)
    }
}

/// A resource class that the app defines.
#[derive(Debug)]
pub struct AppClass {
    /// The module of the app in which it stands.
    pub module: String,
    /// Its name.
    pub name: String,
    /// The functions of the resource that it has: with their names, and whether they are asynchronous.
    pub functions: Vec<(Role, String, bool)>,
}

/// The functions of a direction. What has error contexts is left out, and the functions that drive the app.
pub fn functions(world: &World, direction: Direction) -> Vec<Function> {
    let mut all = Vec::new();
    for root in &world.roots {
        let (functions, place) = match direction {
            Direction::Import => (&root.imported_functions, &root.module),
            Direction::Export => (&root.exported_functions, &root.protocol),
        };
        // The world's own functions name the types of its imports, also those that it exports.
        let owner = Owner {
            world,
            direction: Direction::Import,
            interface: None,
        };
        all.extend(
            functions
                .iter()
                .filter_map(|function| owner.function(function, place, None)),
        );
        if direction == Direction::Import {
            all.extend(owner.of_resources(&root.classes, &root.module));
        }
    }
    for interface in world.interfaces(direction) {
        let owner = Owner {
            world,
            direction,
            interface: Some(interface.key.clone()),
        };
        let package = world.package(interface.root, direction);
        let module = format!("{package}.{}", interface.module);
        let place = match direction {
            Direction::Import => &module,
            Direction::Export => &interface.protocol,
        };
        let free = interface.functions.iter();
        all.extend(free.filter_map(|function| owner.function(function, place, None)));
        all.extend(owner.of_resources(&interface.classes, &module));
    }
    all
}

/// The resource classes that the app must have.
pub fn app_classes(world: &World) -> Vec<AppClass> {
    let mut all = Vec::new();
    for interface in &world.exports {
        for class in &interface.classes {
            if let Shape::Resource(functions) = &class.shape {
                let functions = functions.iter();
                all.push(AppClass {
                    module: interface.module.clone(),
                    name: class.name.clone(),
                    functions: functions
                        .map(|function| (function.role, function.name.clone(), function.is_async))
                        .collect(),
                });
            }
        }
    }
    all
}

/// What functions belong to.
struct Owner<'a> {
    world: &'a World<'a>,
    direction: Direction,
    interface: Option<String>,
}

impl Owner<'_> {
    fn of_resources(&self, classes: &[Class], module: &str) -> Vec<Function> {
        let mut all = Vec::new();
        for class in classes {
            if let Shape::Resource(functions) = &class.shape {
                let place = format!("{module}.{}", class.name);
                let thing = resource(self.world, self.direction, class.id);
                let functions = functions.iter();
                all.extend(functions.filter_map(|function| self.function(function, &place, Some(&thing))));
            }
        }
        all
    }

    fn function(
        &self,
        function: &ampoule_bindgen::Function,
        place: &str,
        thing: Option<&Resource>,
    ) -> Option<Function> {
        if function.name.starts_with(OWN) {
            return None;
        }
        let of = |ty: Type| kind(self.world, self.direction, ty);
        let mut parameters = Vec::new();
        if let (Role::Method, Some(thing)) = (function.role, thing) {
            parameters.push(Kind::Handle(thing.clone(), Holding::Borrow));
        }
        for parameter in &function.parameters {
            parameters.push(of(parameter.ty)?);
        }
        let result = match (function.result, thing) {
            (Some(ty), _) => Some(of(ty)?),
            (None, Some(thing)) if function.role == Role::Constructor => {
                Some(Kind::Handle(thing.clone(), Holding::Own))
            }
            (None, _) => None,
        };
        Some(Function {
            interface: self.interface.clone(),
            name: function.wit_name.clone(),
            place: place.to_string(),
            python: function.name.clone(),
            role: function.role,
            parameters,
            result,
            raises: self.raises(function.result),
            is_async: function.is_async,
        })
    }

    /// A result behind an alias is an ordinary value.
    fn raises(&self, result: Option<Type>) -> bool {
        let Some(Type::Id(id)) = result else { return false };
        matches!(self.world.resolve.types[id].kind, TypeDefKind::Result(_))
    }
}
