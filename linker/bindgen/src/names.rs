//! The second phase: a resolved world to a world with Python names.

use crate::identifier::{camel, is_valid, shouty, snake};
use crate::interface_name::{Named, name_interfaces};
use crate::{
    Case, Class, Direction, Error, Field, Function, Interface, Member, Module, Parameter, Place, Resolved, Shape, World,
};
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{Docs, LiveTypes, Resolve, Type, TypeDefKind, TypeId, WorldItem};

/// How the names are chosen.
#[derive(Clone, Debug)]
pub struct Naming {
    /// Names for imported interfaces, by the interface's full name.
    pub import_interface_names: BTreeMap<String, String>,
    /// Names for exported interfaces, by the interface's full name.
    pub export_interface_names: BTreeMap<String, String>,
    /// The dotted name of the world's package.
    pub world_module: String,
    /// Whether interfaces always have package and version in their names.
    pub full_names: bool,
}

impl Default for Naming {
    fn default() -> Naming {
        Naming {
            import_interface_names: BTreeMap::new(),
            export_interface_names: BTreeMap::new(),
            world_module: "wit_world".to_string(),
            full_names: false,
        }
    }
}

/// Gives everything in the world its Python name and its place.
///
/// # Errors
/// When a name is no Python name, or two interfaces have the same.
pub fn names<'a>(resolved: &'a Resolved, naming: &Naming) -> Result<World<'a>, Error> {
    if !naming.world_module.split('.').all(is_valid) {
        return Err(Error::WorldModule {
            name: naming.world_module.clone(),
        });
    }
    let resolve = &resolved.resolve;
    let world = &resolve.worlds[resolved.world];
    let (imports, exports) = (Direction::Import, Direction::Export);
    let imported = name_interfaces(
        resolve,
        &world.imports,
        imports,
        &naming.import_interface_names,
        naming.full_names,
    )?;
    let exported = name_interfaces(
        resolve,
        &world.exports,
        exports,
        &naming.export_interface_names,
        naming.full_names,
    )?;
    let mut namer = Namer {
        resolve,
        places: BTreeMap::new(),
    };
    let own_types = world.imports.values().filter_map(own_type);
    Ok(World {
        resolve,
        id: resolved.world,
        name: resolved.name.clone(),
        module: naming.world_module.clone(),
        protocol: camel(&naming.world_module),
        classes: namer.classes(&Module::World, own_types),
        imports: imported
            .into_iter()
            .map(|interface| namer.interface(interface, imports))
            .collect(),
        exports: exported
            .into_iter()
            .map(|interface| namer.interface(interface, exports))
            .collect(),
        imported_functions: world.imports.values().filter_map(own_function).map(function).collect(),
        exported_functions: world.exports.values().filter_map(own_function).map(function).collect(),
        places: namer.places,
    })
}

/// The names in `naming` that belong to no interface of the world.
pub(crate) fn unused_names(world: &World, naming: &Naming) -> Vec<String> {
    let unused = |given: &BTreeMap<String, String>, interfaces: &[Interface], direction: Direction| -> Vec<String> {
        let keys: BTreeSet<&str> = interfaces.iter().map(|interface| interface.key.as_str()).collect();
        let unknown = given.keys().filter(|key| !keys.contains(key.as_str()));
        unknown
            .map(|key| {
                format!(
                    "--{}-interface-name: the world has no such interface: {key}",
                    direction.keyword()
                )
            })
            .collect()
    };
    let mut all = unused(&naming.import_interface_names, &world.imports, Direction::Import);
    all.extend(unused(
        &naming.export_interface_names,
        &world.exports,
        Direction::Export,
    ));
    all
}

fn own_type(item: &WorldItem) -> Option<TypeId> {
    match item {
        WorldItem::Type { id, .. } => Some(*id),
        _ => None,
    }
}

fn own_function(item: &WorldItem) -> Option<&wit_parser::Function> {
    match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    }
}

fn function(function: &wit_parser::Function) -> Function {
    let parameters = function.params.iter();
    Function {
        wit_name: function.name.clone(),
        name: snake(function.item_name()),
        parameters: parameters
            .map(|parameter| Parameter {
                name: snake(&parameter.name),
                ty: parameter.ty,
            })
            .collect(),
        result: function.result,
        documentation: documentation(&function.docs),
    }
}

fn documentation(docs: &Docs) -> Option<String> {
    docs.contents.clone()
}

/// Gives types their places: each stands once, with its first interface, imports first.
struct Namer<'a> {
    resolve: &'a Resolve,
    places: BTreeMap<TypeId, Place>,
}

impl Namer<'_> {
    fn interface(&mut self, named: Named, direction: Direction) -> Interface {
        let interface = &self.resolve.interfaces[named.id];
        let module = Module::Interface(direction, named.module.clone());
        Interface {
            classes: self.classes(&module, interface.types.values().copied()),
            functions: interface.functions.values().map(function).collect(),
            documentation: documentation(&interface.docs),
            key: named.key,
            module: named.module,
            protocol: named.protocol,
        }
    }

    /// The classes among these types that stand nowhere yet, each after those that it refers to.
    fn classes(&mut self, module: &Module, types: impl Iterator<Item = TypeId>) -> Vec<Class> {
        let mut own = BTreeSet::new();
        let mut sorted = LiveTypes::default();
        for id in types {
            own.insert(id);
            sorted.add_type_id(self.resolve, id);
        }
        sorted
            .iter()
            .filter(|id| own.contains(id))
            .filter_map(|id| self.class(module, id))
            .collect()
    }

    fn class(&mut self, module: &Module, id: TypeId) -> Option<Class> {
        if self.places.contains_key(&id) {
            return None;
        }
        let definition = &self.resolve.types[id];
        let name = definition
            .name
            .as_ref()
            .map_or_else(|| format!("AnonymousType{}", id.index()), |name| camel(name));
        let shape = shape(&definition.kind, &name)?;
        self.places.insert(
            id,
            Place {
                module: module.clone(),
                class: name.clone(),
            },
        );
        Some(Class {
            id,
            name,
            documentation: documentation(&definition.docs),
            shape,
        })
    }
}

fn shape(kind: &TypeDefKind, class: &str) -> Option<Shape> {
    match kind {
        TypeDefKind::Record(record) => Some(Shape::Record(record.fields.iter().map(field).collect())),
        TypeDefKind::Variant(variant) => {
            let cases = variant.cases.iter();
            Some(Shape::Variant(
                cases
                    .map(|case| self::case(class, &case.name, case.ty, &case.docs))
                    .collect(),
            ))
        }
        TypeDefKind::Enum(kind) => Some(Shape::Enum(
            kind.cases.iter().map(|case| member(&case.name, &case.docs)).collect(),
        )),
        TypeDefKind::Flags(flags) => Some(Shape::Flags(
            flags.flags.iter().map(|flag| member(&flag.name, &flag.docs)).collect(),
        )),
        _ => None,
    }
}

fn field(field: &wit_parser::Field) -> Field {
    Field {
        name: snake(&field.name),
        ty: field.ty,
        documentation: documentation(&field.docs),
    }
}

fn case(class: &str, name: &str, ty: Option<Type>, docs: &Docs) -> Case {
    Case {
        class: format!("{class}_{}", camel(name)),
        ty,
        documentation: documentation(docs),
    }
}

fn member(name: &str, docs: &Docs) -> Member {
    Member {
        name: shouty(name),
        documentation: documentation(docs),
    }
}
