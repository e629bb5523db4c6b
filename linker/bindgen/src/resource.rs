//! Resources as Python classes: imported ones hold a handle, exported ones are protocols that classes of the app implement.

use crate::function::{Bodies, SIGNATURE_ONLY, member, method};
use crate::layout::{self, Annotated, Expression, Head, spaces};
use crate::scope::{Names, Scope};
use crate::{Class, Direction, Function, World, docstring};

/// The class of a resource.
pub(crate) fn resource(
    world: &World,
    scope: &mut Scope,
    class: &Class,
    functions: &[Function],
    bodies: Bodies,
) -> String {
    scope.enter(class.id);
    let direction = scope.direction();
    let write = match direction {
        Direction::Import => member,
        Direction::Export => method,
    };
    let functions = functions.iter();
    let mut parts: Vec<String> = functions
        .map(|function| write(world, scope, function, bodies))
        .collect();
    if direction == Direction::Import {
        parts.extend(context_manager(scope, bodies));
    }
    let docstring = docstring::block(4, class.documentation.as_deref().unwrap_or_default());
    if parts.is_empty() && docstring.is_empty() {
        parts.push(format!("{}pass\n", spaces(4)));
    }
    let separator = if docstring.is_empty() || parts.is_empty() {
        ""
    } else {
        "\n"
    };
    head(scope, &class.name, bodies) + &docstring + separator + &parts.join("\n")
}

fn head(scope: &mut Scope, name: &str, bodies: Bodies) -> String {
    match scope.direction() {
        Direction::Export => format!("class {name}({}):\n", scope.helper("Protocol")),
        Direction::Import if bodies.are_stubs() => format!("class {name}:\n"),
        Direction::Import => format!("class {name}({}):\n", scope.runtime("Resource")),
    }
}

/// The methods by which `with` drops the handle.
fn context_manager(scope: &mut Scope, bodies: Bodies) -> [String; 2] {
    let or_none = |name: &str| Some(Expression::atom(format!("{name} | None")));
    let exception = scope.helper("BaseException");
    let class = format!("{}[{exception}]", scope.helper("type"));
    let traceback = scope.helper("TracebackType");
    let receiver = ("self".to_string(), None);
    let parameters = [
        receiver.clone(),
        ("exc_type".to_string(), or_none(&class)),
        ("exc_value".to_string(), or_none(&exception)),
        ("traceback".to_string(), or_none(&traceback)),
    ];
    let own = Expression::atom(scope.helper("Self"));
    let nothing = Expression::atom("None");
    let statement = |real| if bodies.are_stubs() { SIGNATURE_ONLY } else { real };
    let body = |text: &str, real| docstring::block(8, text) + &format!("{}{}\n", spaces(8), statement(real));
    [
        ending("__enter__", &[receiver], &own) + &body("Returns self.", "return self"),
        ending("__exit__", &parameters, &nothing) + &body("Drops the resource now.", "self._drop()"),
    ]
}

fn ending(name: &str, parameters: &[Annotated], returns: &Expression) -> String {
    let head = Head {
        is_async: false,
        name,
        parameters,
        returns,
    };
    layout::head(4, &head, "")
}
