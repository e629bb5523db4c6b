//! `_ampoule_world.py`: the table that tells the guest runtime the Python names of what wit-dylib knows by index.

use crate::function::method_head;
use crate::layout::{self, Expression};
use crate::scope::Scope;
use crate::{Class, Function, Member, Shape, SideModule, World};
use std::collections::{BTreeMap, BTreeSet};
use wit_parser::TypeId;

/// The version of the table's form, which the guest checks.
const FORMAT: u32 = 1;

/// The text of the table.
pub(crate) fn table(world: &World, side_module: &SideModule) -> String {
    let classes: BTreeMap<TypeId, &Class> = world.all_classes().map(|class| (class.id, class)).collect();
    let metadata = &side_module.metadata;
    let described = |id: TypeId, wit_name: &str| describe(world, classes[&id], wit_name);
    let lists = side_module
        .fixed_length_lists
        .iter()
        .map(|index| Expression::atom(index.to_string()));
    let rows = [
        ("FORMAT", Expression::atom(FORMAT.to_string())),
        ("WORLD", Expression::string(&world.name)),
        ("WORLD_MODULE", Expression::string(&world.module)),
        ("TYPES_MODULE", Expression::string("componentize_py_types")),
        ("IMPORTS", Expression::Tuple(imports(world, side_module))),
        ("EXPORTS", Expression::Tuple(exports(world, side_module))),
        (
            "RECORDS",
            metadata
                .records
                .iter()
                .map(|record| described(record.id, &record.name))
                .collect(),
        ),
        (
            "VARIANTS",
            metadata
                .variants
                .iter()
                .map(|variant| described(variant.id, &variant.name))
                .collect(),
        ),
        (
            "ENUMS",
            metadata
                .enums
                .iter()
                .map(|kind| described(kind.id, &kind.name))
                .collect(),
        ),
        (
            "FLAGS",
            metadata
                .flags
                .iter()
                .map(|flags| described(flags.id, &flags.name))
                .collect(),
        ),
        ("FIXED_LENGTH_LISTS", lists.collect()),
    ];
    rows.iter()
        .map(|(name, value)| layout::statement(0, &format!("{name} = "), value))
        .collect()
}

impl FromIterator<Expression> for Expression {
    fn from_iter<I: IntoIterator<Item = Expression>>(items: I) -> Expression {
        Expression::Tuple(items.into_iter().collect())
    }
}

/// A function with the class whose method implements it; the class is empty for an import.
type Named<'w> = (&'w Function, &'w str);

fn imports(world: &World, side_module: &SideModule) -> Vec<Expression> {
    let interfaces = world.imports.iter();
    let of_interfaces = interfaces.flat_map(|interface| {
        interface
            .functions
            .iter()
            .map(|function| (key(Some(&interface.key), &function.wit_name), (function, "")))
    });
    let own = world.roots.iter().flat_map(|root| &root.imported_functions);
    let own = own.map(|function| (key(None, &function.wit_name), (function, "")));
    let functions: BTreeMap<_, Named> = of_interfaces.chain(own).collect();
    let row = |function: &wit_dylib::metadata::ImportFunc| {
        let (named, _) = functions[&key(function.interface.as_deref(), &function.name)];
        [
            interface(function.interface.as_deref()),
            Expression::string(&function.name),
            parameters(named),
        ]
        .into_iter()
        .collect()
    };
    side_module.metadata.import_funcs.iter().map(row).collect()
}

fn exports(world: &World, side_module: &SideModule) -> Vec<Expression> {
    let interfaces = world.exports.iter();
    let of_interfaces = interfaces.flat_map(|interface| {
        let functions = interface.functions.iter();
        functions.map(|function| {
            (
                key(Some(&interface.key), &function.wit_name),
                (function, interface.protocol.as_str()),
            )
        })
    });
    let own = world.roots.iter().flat_map(|root| {
        let functions = root.exported_functions.iter();
        functions.map(|function| (key(None, &function.wit_name), (function, root.protocol.as_str())))
    });
    let functions: BTreeMap<_, Named> = of_interfaces.chain(own).collect();
    let mut scope = Scope::new(world, world.roots.len() - 1, None, BTreeSet::new());
    let row = |function: &wit_dylib::metadata::ExportFunc| {
        let (named, class) = functions[&key(function.interface.as_deref(), &function.name)];
        let columns = [
            interface(function.interface.as_deref()),
            Expression::string(&function.name),
            parameters(named),
            Expression::string(class),
            Expression::string(&named.name),
            Expression::string(&method_head(world, &mut scope, named)),
        ];
        columns.into_iter().collect()
    };
    side_module.metadata.export_funcs.iter().map(row).collect()
}

fn key(interface: Option<&str>, function: &str) -> (Option<String>, String) {
    (interface.map(str::to_string), function.to_string())
}

fn interface(name: Option<&str>) -> Expression {
    name.map_or_else(|| Expression::atom("None"), Expression::string)
}

fn parameters(function: &Function) -> Expression {
    strings(function.parameters.iter().map(|parameter| parameter.name.as_str()))
}

fn strings<'w>(names: impl Iterator<Item = &'w str>) -> Expression {
    names.map(Expression::string).collect()
}

/// The row of a class: its WIT name, its module, and the names in it.
fn describe(world: &World, class: &Class, wit_name: &str) -> Expression {
    let module = world.path(&world.places[&class.id].module);
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
    }
    Expression::Tuple(row)
}
