//! `_ampoule_world.py`: the table that tells the guest runtime the Python names of what wit-dylib knows by index.

use crate::channels::constructor_name;
use crate::function::method_head;
use crate::layout::{self, Expression};
use crate::scope::Scope;
use crate::stand_ins::ERROR_CONTEXT_PARAMETER;
use crate::{Class, Direction, Function, Interface, Member, Module, Role, Root, Shape, SideModule, World};
use ampoule_settings::NumericLists;
use std::collections::{BTreeMap, BTreeSet};
use wit_dylib::metadata::{ExportFunc, ImportFunc, Resource};
use wit_parser::{TypeDefKind, TypeId};

/// The version of the table's form, which the guest checks.
const FORMAT: u32 = 2;

/// The text of the table.
pub(crate) fn table(world: &World, side_module: &SideModule) -> String {
    let metadata = &side_module.metadata;
    let described = Described::new(world);
    let numbers = |numbers: &[usize]| -> Expression {
        numbers
            .iter()
            .map(|number| Expression::atom(number.to_string()))
            .collect()
    };
    let records = metadata.records.iter().map(|record| (record.id, record.name.as_str()));
    let variants = metadata.variants.iter().map(|kind| (kind.id, kind.name.as_str()));
    let enums = metadata.enums.iter().map(|kind| (kind.id, kind.name.as_str()));
    let flags = metadata.flags.iter().map(|kind| (kind.id, kind.name.as_str()));
    let exported: Vec<usize> = (0..metadata.resources.len())
        .filter(|&index| is_exported(&metadata.resources[index]))
        .collect();
    let (imports_of_table, numeric_lists) = match world.numeric_lists {
        NumericLists::List => ("", "None"),
        NumericLists::Array => ("from array import array\n\n", "array"),
        NumericLists::Memoryview => ("", "memoryview"),
    };
    let rows = [
        ("FORMAT", Expression::atom(FORMAT.to_string())),
        ("WORLD", Expression::string(&world.name)),
        ("WORLD_MODULE", Expression::string(&world.module)),
        ("PACKAGES", strings(world.roots.iter().map(|root| root.module.as_str()))),
        ("TYPES_MODULE", Expression::string("componentize_py_types")),
        ("IMPORTS", Expression::Tuple(imports(world, side_module))),
        ("EXPORTS", Expression::Tuple(exports(world, side_module))),
        ("RESOURCES", Expression::Tuple(resources(world, side_module))),
        ("EXPORTED_RESOURCES", numbers(&exported)),
        ("RECORDS", described.rows(records)),
        ("VARIANTS", described.rows(variants)),
        ("ENUMS", described.rows(enums)),
        ("FLAGS", described.rows(flags)),
        (
            "STREAMS",
            channels(world, metadata.streams.iter().map(|stream| stream.id)),
        ),
        (
            "FUTURES",
            channels(world, metadata.futures.iter().map(|future| future.id)),
        ),
        ("NUMERIC_LISTS", Expression::atom(numeric_lists)),
        ("FIXED_LENGTH_LISTS", numbers(&side_module.fixed_length_lists)),
        ("ERROR_CONTEXTS", numbers(&side_module.error_contexts)),
        ("ERROR_CONTEXT_IMPORTS", numbers(&side_module.error_context_imports())),
    ];
    let rows = rows.iter();
    let rows: String = rows
        .map(|(name, value)| layout::statement(0, &format!("{name} = "), value, ""))
        .collect();
    imports_of_table.to_string() + &rows
}

/// What makes these streams or futures: those that are made by the same function are alike.
fn channels(world: &World, types: impl Iterator<Item = TypeId>) -> Expression {
    let name = |id: TypeId| match world.resolve.types[id].kind {
        TypeDefKind::Stream(payload) => constructor_name(world, true, payload),
        TypeDefKind::Future(payload) => constructor_name(world, false, payload),
        _ => unreachable!("wit-dylib has only streams and futures among its streams and futures"),
    };
    types.map(|id| Expression::string(&name(id))).collect()
}

/// The classes by their types.
struct Described<'w> {
    world: &'w World<'w>,
    classes: BTreeMap<(Direction, TypeId), &'w Class>,
}

impl<'w> Described<'w> {
    fn new(world: &'w World) -> Described<'w> {
        let imports = world.imports.iter().flat_map(|interface| &interface.classes);
        let own = world.roots.iter().flat_map(|root| &root.classes);
        let imports = own.chain(imports).map(|class| (Direction::Import, class));
        let exports = world.exports.iter().flat_map(|interface| &interface.classes);
        let exports = exports.map(|class| (Direction::Export, class));
        let classes = imports.chain(exports);
        Described {
            world,
            classes: classes
                .map(|(direction, class)| ((direction, class.id), class))
                .collect(),
        }
    }

    /// The rows of types with these names. wit-dylib has a type of an interface that is both imported and exported twice, for
    /// the imports first.
    fn rows<'a>(&self, types: impl Iterator<Item = (TypeId, &'a str)>) -> Expression {
        let mut seen = BTreeSet::new();
        types
            .map(|(id, wit_name)| {
                let is_first = seen.insert(id);
                let imported = self.classes.get(&(Direction::Import, id));
                let exported = self.classes.get(&(Direction::Export, id));
                let (preferred, other) = if is_first {
                    (imported, exported)
                } else {
                    (exported, imported)
                };
                let class = preferred.or(other).expect("each type has a class");
                let direction = if exported.is_some_and(|exported| std::ptr::eq(*exported, *class)) {
                    Direction::Export
                } else {
                    Direction::Import
                };
                describe(self.world, direction, class, wit_name)
            })
            .collect()
    }
}

fn is_exported(resource: &Resource) -> bool {
    resource.new_elem_index.is_some()
}

/// The row of each resource: its WIT name, its interface, the module with its class, the class, and for an exported one, whose
/// class is the app's, its methods.
fn resources(world: &World, side_module: &SideModule) -> Vec<Expression> {
    let row = |resource: &Resource| {
        let direction = if is_exported(resource) {
            Direction::Export
        } else {
            Direction::Import
        };
        let place = world.place(direction, resource.id).expect("each resource has a place");
        let module = match &place.module {
            Module::Interface(Direction::Export, module) => module.clone(),
            module => world.path(module),
        };
        let columns = [
            Expression::string(&resource.name),
            interface(resource.interface.as_deref()),
            Expression::string(&module),
            Expression::string(&place.class),
            strings(methods(world, resource).iter().map(String::as_str)),
        ];
        columns.into_iter().collect()
    };
    side_module.metadata.resources.iter().map(row).collect()
}

/// The names of the methods of an exported resource.
fn methods(world: &World, resource: &Resource) -> Vec<String> {
    let classes = world.exports.iter().flat_map(|interface| &interface.classes);
    let class = classes.filter(|class| is_exported(resource) && class.id == resource.id);
    let functions = class.flat_map(|class| match &class.shape {
        Shape::Resource(functions) => functions.as_slice(),
        _ => &[],
    });
    let methods = functions.filter(|function| function.role == Role::Method);
    methods.map(|function| function.name.clone()).collect()
}

impl FromIterator<Expression> for Expression {
    fn from_iter<I: IntoIterator<Item = Expression>>(items: I) -> Expression {
        Expression::Tuple(items.into_iter().collect())
    }
}

/// The functions of interfaces, those of their resources included, by their WIT names, each with the class that has it.
fn functions<'w>(
    world: &'w World,
    interfaces: &'w [Interface],
    own: impl Fn(&'w Root) -> (&'w [Class], &'w [Function], &'w str),
) -> BTreeMap<(Option<String>, String), (&'w Function, &'w str)> {
    let of_resources = |classes: &'w [Class]| {
        classes.iter().flat_map(|class| match &class.shape {
            Shape::Resource(functions) => functions
                .iter()
                .map(|function| (function, class.name.as_str()))
                .collect(),
            _ => Vec::new(),
        })
    };
    let mut all = BTreeMap::new();
    for interface in interfaces {
        let free = interface.functions.iter();
        let free = free.map(|function| (function, interface.protocol.as_str()));
        for (function, class) in free.chain(of_resources(&interface.classes)) {
            all.insert(key(Some(&interface.key), &function.wit_name), (function, class));
        }
    }
    for (classes, functions, class) in world.roots.iter().map(own) {
        let free = functions.iter().map(|function| (function, class));
        for (function, class) in free.chain(of_resources(classes)) {
            all.insert(key(None, &function.wit_name), (function, class));
        }
    }
    all
}

fn imports(world: &World, side_module: &SideModule) -> Vec<Expression> {
    let functions = functions(world, &world.imports, |root| {
        (&root.classes, &root.imported_functions, "")
    });
    let row = |function: &ImportFunc| {
        let parameters = match functions.get(&key(function.interface.as_deref(), &function.name)) {
            Some((named, _)) => parameters(named),
            // What stands for a canonical built-in.
            None => strings([ERROR_CONTEXT_PARAMETER].into_iter()),
        };
        [
            interface(function.interface.as_deref()),
            Expression::string(&function.name),
            parameters,
        ]
        .into_iter()
        .collect()
    };
    side_module.metadata.import_funcs.iter().map(row).collect()
}

/// The row of each export: its interface, WIT name and parameters, the class, the function in it, how that is to be written, and
/// the index of the resource that it belongs to.
fn exports(world: &World, side_module: &SideModule) -> Vec<Expression> {
    let functions = functions(world, &world.exports, |root| {
        (&[], &root.exported_functions, &root.protocol)
    });
    let row = |function: &ExportFunc| {
        let interface_name = function.interface.as_deref();
        let (named, class) = functions[&key(interface_name, &function.name)];
        // The world's own exports name the types of its imports.
        let direction = interface_name.map_or(Direction::Import, |_| Direction::Export);
        let mut scope = Scope::outside(world, direction);
        let columns = [
            interface(interface_name),
            Expression::string(&function.name),
            parameters(named),
            Expression::string(class),
            Expression::string(&named.name),
            Expression::string(&method_head(world, &mut scope, named)),
            resource_of(function, side_module),
        ];
        columns.into_iter().collect()
    };
    side_module.metadata.export_funcs.iter().map(row).collect()
}

/// The index of the resource to which an exported function belongs.
fn resource_of(function: &ExportFunc, side_module: &SideModule) -> Expression {
    let name = function
        .name
        .split_once(']')
        .map(|(_, rest)| rest.split('.').next().unwrap_or(rest));
    let belongs = |resource: &Resource| {
        is_exported(resource) && resource.interface == function.interface && Some(resource.name.as_str()) == name
    };
    let index = side_module.metadata.resources.iter().position(belongs);
    Expression::atom(index.map_or_else(|| "None".to_string(), |index| index.to_string()))
}

fn key(interface: Option<&str>, function: &str) -> (Option<String>, String) {
    (interface.map(str::to_string), function.to_string())
}

fn interface(name: Option<&str>) -> Expression {
    name.map_or_else(|| Expression::atom("None"), Expression::string)
}

fn parameters(function: &Function) -> Expression {
    let own = function.parameters.iter().map(|parameter| parameter.name.as_str());
    let receiver = (function.role == Role::Method).then_some("self");
    strings(receiver.into_iter().chain(own))
}

fn strings<'w>(names: impl Iterator<Item = &'w str>) -> Expression {
    names.map(Expression::string).collect()
}

/// The row of a class: its WIT name, its module, and the names in it.
fn describe(world: &World, direction: Direction, class: &Class, wit_name: &str) -> Expression {
    let module = world.path(&world.places[&(direction, class.id)].module);
    let mut row = vec![Expression::string(wit_name), Expression::string(&module)];
    let members = |members: &[Member]| strings(members.iter().map(|member| member.name.as_str()));
    match &class.shape {
        Shape::Variant(cases) => row.push(strings(cases.iter().map(|case| case.class.as_str()))),
        Shape::Record(fields) => {
            row.push(Expression::string(&class.name));
            row.push(strings(fields.iter().map(|field| field.name.as_str())));
        }
        Shape::Enum(names) | Shape::Flags(names) => {
            row.push(Expression::string(&class.name));
            row.push(members(names));
        }
        Shape::Resource(_) => {}
    }
    Expression::Tuple(row)
}
