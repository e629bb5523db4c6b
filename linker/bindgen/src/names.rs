//! The second phase: a resolved world to a world with Python names.

use crate::channels::is_async;
use crate::identifier::{camel, is_valid, shouty, snake};
use crate::interface_name::{Named, name_interfaces};
use crate::order::{ResourceFunctions, order, parts};
use crate::{
    Case, Class, Direction, Error, Field, Function, Interface, Member, Module, Parameter, Part, Place, Resolved, Role,
    Root, Shape, World,
};
use ampoule_settings::NumericLists;
use indexmap::IndexMap;
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::{Docs, FunctionKind, InterfaceId, Resolve, Type, TypeDefKind, TypeId, WorldItem, WorldKey};

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
    /// What lists of numbers arrive as, which annotations name.
    pub numeric_lists: NumericLists,
}

impl Default for Naming {
    fn default() -> Naming {
        Naming {
            import_interface_names: BTreeMap::new(),
            export_interface_names: BTreeMap::new(),
            world_module: "wit_world".to_string(),
            full_names: false,
            numeric_lists: NumericLists::default(),
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
    let parts = Parts(&resolved.parts);
    let (imports, exports) = (Direction::Import, Direction::Export);
    let full = |direction| move |key: &str| naming.full_names || parts.of(direction, key).1.full_names;
    let imported = name_interfaces(
        resolve,
        &world.imports,
        imports,
        &naming.import_interface_names,
        &full(imports),
    )?;
    let exported = name_interfaces(
        resolve,
        &world.exports,
        exports,
        &naming.export_interface_names,
        &full(exports),
    )?;
    let functions = resource_functions(resolve, world);
    let mut namer = Namer {
        resolve,
        parts,
        doubled: doubled(resolve, world),
        functions: &functions,
        places: BTreeMap::new(),
    };
    let modules = resolved.parts.iter().enumerate();
    let mut roots: Vec<Root> = modules
        .map(|(index, part)| namer.root(world, index, part.module.as_deref().unwrap_or(&naming.world_module)))
        .collect();
    let imports: Vec<Interface> = imported
        .into_iter()
        .map(|interface| namer.interface(interface, imports))
        .collect();
    let exports: Vec<Interface> = exported
        .into_iter()
        .map(|interface| namer.interface(interface, exports))
        .collect();
    for (index, root) in roots.iter_mut().enumerate() {
        root.shared = parts.shared(index, &imports, &exports);
    }
    Ok(World {
        resolve,
        id: resolved.world,
        name: resolved.name.clone(),
        is_async: is_async(resolve, resolved.world),
        module: naming.world_module.clone(),
        numeric_lists: naming.numeric_lists,
        imports,
        exports,
        roots,
        places: namer.places,
    })
}

/// Which part of the world stands in which root.
#[derive(Clone, Copy)]
struct Parts<'a>(&'a [Part]);

impl<'a> Parts<'a> {
    /// The part in which an item stands, with its position: the first that has it.
    fn of(self, direction: Direction, key: &str) -> (usize, &'a Part) {
        let mut parts = self.0.iter().enumerate();
        let found = parts.find(|(_, part)| part.keys(direction).contains(key));
        found.unwrap_or((self.0.len() - 1, &self.0[self.0.len() - 1]))
    }

    /// The interfaces of a part that stand in an earlier one.
    fn shared(self, index: usize, imports: &[Interface], exports: &[Interface]) -> BTreeSet<(Direction, String)> {
        let imports = imports.iter().map(|interface| (Direction::Import, interface));
        let exports = exports.iter().map(|interface| (Direction::Export, interface));
        let shared = imports.chain(exports).filter(|(direction, interface)| {
            interface.root != index && self.0[index].keys(*direction).contains(&interface.key)
        });
        shared
            .map(|(direction, interface)| (direction, interface.module.clone()))
            .collect()
    }
}

/// The functions that belong to no resource.
fn free<'a>(functions: impl Iterator<Item = &'a wit_parser::Function>) -> Vec<Function> {
    let free = functions.filter(|function| function.kind.resource().is_none());
    free.map(function).collect()
}

/// The functions of all resources, which a component may both import and export.
fn resource_functions<'a>(resolve: &'a Resolve, world: &'a wit_parser::World) -> ResourceFunctions<'a> {
    let of_interfaces = resolve
        .interfaces
        .iter()
        .flat_map(|(_, interface)| interface.functions.values());
    let own = world.imports.values().filter_map(own_function);
    let mut functions = ResourceFunctions::new();
    for function in of_interfaces.chain(own) {
        if let Some(resource) = function.kind.resource() {
            functions.entry(resource).or_default().push(function);
        }
    }
    functions
}

/// The resources that the world both imports and exports.
fn doubled(resolve: &Resolve, world: &wit_parser::World) -> BTreeSet<TypeId> {
    let interfaces = |items: &IndexMap<WorldKey, WorldItem>| -> BTreeSet<InterfaceId> {
        let ids = items.values().filter_map(|item| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            _ => None,
        });
        ids.collect()
    };
    let (imported, exported) = (interfaces(&world.imports), interfaces(&world.exports));
    let both = imported.intersection(&exported);
    let types = both.flat_map(|&id| resolve.interfaces[id].types.values().copied());
    types
        .filter(|&id| matches!(resolve.types[id].kind, TypeDefKind::Resource))
        .collect()
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
    let role = role(function);
    let parameters = function.params.iter().skip(usize::from(role == Role::Method));
    Function {
        wit_name: function.name.clone(),
        name: if role == Role::Constructor {
            "__init__".to_string()
        } else {
            snake(function.item_name())
        },
        role,
        is_async: function.kind.is_async(),
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

fn role(function: &wit_parser::Function) -> Role {
    match function.kind {
        FunctionKind::Constructor(_) => Role::Constructor,
        FunctionKind::Method(_) | FunctionKind::AsyncMethod(_) => Role::Method,
        FunctionKind::Static(_) | FunctionKind::AsyncStatic(_) => Role::Static,
        _ => Role::Free,
    }
}

fn documentation(docs: &Docs) -> Option<String> {
    docs.contents.clone()
}

/// Gives types their places: each stands once, with its first interface, imports first. Where a resource is both imported
/// and exported, these are two resources, and a type that contains one stands twice.
struct Namer<'a> {
    resolve: &'a Resolve,
    parts: Parts<'a>,
    doubled: BTreeSet<TypeId>,
    functions: &'a ResourceFunctions<'a>,
    places: BTreeMap<(Direction, TypeId), Place>,
}

impl Namer<'_> {
    /// What the world itself has in a root.
    fn root(&mut self, world: &wit_parser::World, index: usize, module: &str) -> Root {
        let parts = self.parts;
        let (imports, exports) = (Direction::Import, Direction::Export);
        let here = |direction: Direction| move |item: &(&WorldKey, &WorldItem)| matches!(item.0, WorldKey::Name(name) if parts.of(direction, name).0 == index);
        let imported = world.imports.iter().filter(here(imports));
        let types: Vec<TypeId> = imported.clone().filter_map(|(_, item)| own_type(item)).collect();
        let exported = world.exports.iter().filter(here(exports));
        Root {
            module: module.to_string(),
            protocol: camel(module),
            classes: self.classes(&Module::World(index), &types),
            imported_functions: free(imported.filter_map(|(_, item)| own_function(item))),
            exported_functions: free(exported.filter_map(|(_, item)| own_function(item))),
            shared: BTreeSet::new(),
        }
    }

    fn interface(&mut self, named: Named, direction: Direction) -> Interface {
        let interface = &self.resolve.interfaces[named.id];
        let module = Module::Interface(direction, named.module.clone());
        let types: Vec<TypeId> = interface.types.values().copied().collect();
        Interface {
            classes: self.classes(&module, &types),
            functions: free(interface.functions.values()),
            documentation: documentation(&interface.docs),
            root: self.parts.of(direction, &named.key).0,
            key: named.key,
            module: named.module,
            protocol: named.protocol,
        }
    }

    /// The classes among these types that stand nowhere yet, each after those that it refers to.
    fn classes(&mut self, module: &Module, types: &[TypeId]) -> Vec<Class> {
        let sorted = order(self.resolve, self.functions, types);
        sorted
            .into_iter()
            .filter(|id| types.contains(id))
            .filter_map(|id| self.class(module, id))
            .collect()
    }

    fn class(&mut self, module: &Module, id: TypeId) -> Option<Class> {
        let direction = module.direction();
        let stands_once = direction == Direction::Import || !self.contains_doubled(id);
        if stands_once && self.places.contains_key(&(Direction::Import, id)) {
            return None;
        }
        let definition = &self.resolve.types[id];
        let name = definition
            .name
            .as_ref()
            .map_or_else(|| format!("AnonymousType{}", id.index()), |name| camel(name));
        let shape = match definition.kind {
            TypeDefKind::Resource => self.resource(id),
            _ => shape(&definition.kind, &name)?,
        };
        let place = Place {
            module: module.clone(),
            class: name.clone(),
        };
        self.places.insert((direction, id), place);
        Some(Class {
            id,
            name,
            documentation: documentation(&definition.docs),
            shape,
        })
    }

    fn resource(&self, id: TypeId) -> Shape {
        let functions = self.functions.get(&id).into_iter().flatten();
        Shape::Resource(functions.map(|own| function(own)).collect())
    }

    fn contains_doubled(&self, id: TypeId) -> bool {
        self.doubled.contains(&id)
            || parts(self.resolve, id)
                .into_iter()
                .any(|ty| matches!(ty, Type::Id(id) if self.contains_doubled(id)))
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
