//! WIT's named types as Python classes.

use crate::annotation::annotation;
use crate::function::Bodies;
use crate::layout::{self, Expression, spaces};
use crate::scope::{Names, Scope};
use crate::{Case, Class, Field, Member, Shape, World, docstring, resource};
use std::collections::BTreeSet;

/// The names that a class brings into the scope of its module.
pub(crate) fn own_names(class: &Class, own: &mut BTreeSet<String>) {
    own.insert(class.name.clone());
    match &class.shape {
        Shape::Record(fields) => own.extend(fields.iter().map(|field| field.name.clone())),
        Shape::Variant(cases) => {
            own.extend(cases.iter().map(|case| case.class.clone()));
            own.insert("value".to_string());
        }
        Shape::Enum(members) | Shape::Flags(members) => own.extend(members.iter().map(|member| member.name.clone())),
        Shape::Resource(functions) => own.extend(functions.iter().map(|function| function.name.clone())),
    }
}

/// The names that a class has in its module, to be imported from there.
pub(crate) fn module_names(class: &Class) -> Vec<String> {
    let cases = match &class.shape {
        Shape::Variant(cases) => cases.as_slice(),
        _ => &[],
    };
    let cases = cases.iter().map(|case| case.class.clone());
    std::iter::once(class.name.clone()).chain(cases).collect()
}

/// The text of a class; for a variant the classes of its cases and their union.
pub(crate) fn class(world: &World, scope: &mut Scope, class: &Class, bodies: Bodies) -> String {
    let text = definition(world, scope, class, bodies);
    scope.define(class.id);
    text
}

fn definition(world: &World, scope: &mut Scope, class: &Class, bodies: Bodies) -> String {
    let documentation = class.documentation.as_deref().unwrap_or_default();
    match &class.shape {
        Shape::Record(fields) => dataclass(world, scope, &class.name, documentation, fields),
        Shape::Variant(cases) => variant(world, scope, class, cases),
        Shape::Enum(members) => {
            let value = |index: usize| index.to_string();
            enumeration(&class.name, &scope.helper("Enum"), documentation, members, value)
        }
        Shape::Flags(members) => {
            let value = format!("{}()", scope.helper("auto"));
            enumeration(&class.name, &scope.helper("Flag"), documentation, members, |_| {
                value.clone()
            })
        }
        Shape::Resource(functions) => resource::resource(world, scope, class, functions, bodies),
    }
}

fn dataclass(world: &World, scope: &mut Scope, name: &str, documentation: &str, fields: &[Field]) -> String {
    let mut text = format!("@{}\nclass {name}:\n", scope.helper("dataclass"));
    let docstring = docstring::block(4, documentation);
    text.push_str(&docstring);
    if fields.is_empty() && docstring.is_empty() {
        text.push_str("    pass\n");
    }
    for (index, field) in fields.iter().enumerate() {
        if index == 0 && !docstring.is_empty() {
            text.push('\n');
        }
        let annotation = annotation(world, scope, field.ty);
        // Every class has an attribute `mro`, which the decorator would take for the field's default.
        let value = match field.name.as_str() {
            "mro" => format!(" = {}()", scope.helper("field")),
            _ => String::new(),
        };
        text.push_str(&layout::statement(4, &format!("{}: ", field.name), &annotation, &value));
        text.push_str(&docstring::brief(4, field.documentation.as_deref().unwrap_or_default()));
    }
    text
}

fn variant(world: &World, scope: &mut Scope, class: &Class, cases: &[Case]) -> String {
    let mut text = String::new();
    for case in cases {
        let field = case.ty.map(|ty| Field {
            name: "value".to_string(),
            ty,
            documentation: None,
        });
        let documentation = case.documentation.as_deref().unwrap_or_default();
        text.push_str(&dataclass(world, scope, &case.class, documentation, field.as_slice()));
        text.push_str("\n\n");
    }
    let members: Vec<Expression> = cases.iter().map(|case| Expression::atom(&case.class)).collect();
    let union = Expression::subscript(scope.helper("Union"), members);
    text.push_str(&layout::statement(0, &format!("{} = ", class.name), &union, ""));
    text.push_str(&docstring::block(0, class.documentation.as_deref().unwrap_or_default()));
    text
}

fn enumeration(
    name: &str,
    base: &str,
    documentation: &str,
    members: &[Member],
    value: impl Fn(usize) -> String,
) -> String {
    let mut text = format!("class {name}({base}):\n");
    let docstring = docstring::block(4, documentation);
    text.push_str(&docstring);
    if !docstring.is_empty() {
        text.push('\n');
    }
    for (index, member) in members.iter().enumerate() {
        text.push_str(&format!("{}{} = {}\n", spaces(4), member.name, value(index)));
        text.push_str(&docstring::brief(
            4,
            member.documentation.as_deref().unwrap_or_default(),
        ));
    }
    text
}
