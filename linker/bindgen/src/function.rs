//! WIT functions as Python functions: calls of imports, and methods of the protocols that an app implements.

use crate::annotation::{annotation, optional};
use crate::layout::{self, Annotated, Expression, spaces};
use crate::scope::{FullNames, Names, Scope};
use crate::{Function, World, docstring};
use wit_parser::{Type, TypeDefKind};

/// The body of what only shows a signature, for editors and type checkers.
const SIGNATURE_ONLY: &str = concat!("raise ", "NotImplemented", "Error");

/// What stands in the body of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Body {
    /// The call of the import with this index.
    Call(usize),
    /// Nothing: the method of a protocol in the real bindings.
    Empty,
    /// The statement that says so: in the stubs.
    Stub,
}

/// An imported function.
pub(crate) fn function(world: &World, scope: &mut Scope, function: &Function, body: Body) -> String {
    let (parameters, returns) = signature(world, scope, function);
    text(world, scope, function, 0, &parameters, &returns, body)
}

/// The method of a protocol, for an exported function.
pub(crate) fn method(world: &World, scope: &mut Scope, function: &Function, body: Body) -> String {
    let (parameters, returns) = method_signature(world, scope, function);
    let decorator = format!("{}@{}\n", spaces(4), scope.helper("abstractmethod"));
    decorator + &text(world, scope, function, 4, &parameters, &returns, body)
}

/// The head of a method on one line, to show to the author of an app.
pub(crate) fn method_head(world: &World, names: &mut dyn Names, function: &Function) -> String {
    let (parameters, returns) = method_signature(world, names, function);
    layout::flat_head(&function.name, &parameters, &returns)
}

fn signature(world: &World, names: &mut dyn Names, function: &Function) -> (Vec<Annotated>, Expression) {
    let parameters = function.parameters.iter();
    let parameters = parameters
        .map(|parameter| (parameter.name.clone(), Some(annotation(world, names, parameter.ty))))
        .collect();
    let returns = match failure(world, function) {
        Some(result) => optional(world, names, result.ok),
        None => optional(world, names, function.result),
    };
    (parameters, returns)
}

fn method_signature(world: &World, names: &mut dyn Names, function: &Function) -> (Vec<Annotated>, Expression) {
    let (own, returns) = signature(world, names, function);
    let escaped = own
        .into_iter()
        .map(|(name, annotation)| (escape_self(name), annotation));
    (
        std::iter::once(("self".to_string(), None)).chain(escaped).collect(),
        returns,
    )
}

/// A parameter called `self` beside the method's own.
fn escape_self(name: String) -> String {
    if name == "self" { name + "_" } else { name }
}

/// The `result` of a function whose error is raised; behind an alias it is an ordinary value, as in componentize-py.
fn failure<'w>(world: &'w World, function: &Function) -> Option<&'w wit_parser::Result_> {
    let Some(Type::Id(id)) = function.result else {
        return None;
    };
    match &world.resolve.types[id].kind {
        TypeDefKind::Result(result) => Some(result),
        _ => None,
    }
}

fn text(
    world: &World,
    scope: &mut Scope,
    function: &Function,
    indent: usize,
    parameters: &[Annotated],
    returns: &Expression,
    body: Body,
) -> String {
    let docstring = docstring::block(indent + 4, &documentation(world, function));
    if body == Body::Empty && docstring.is_empty() {
        return layout::head(indent, &function.name, parameters, returns, " ...");
    }
    let head = layout::head(indent, &function.name, parameters, returns, "");
    let margin = spaces(indent + 4);
    let statement = match body {
        Body::Call(index) => call(scope, function, index, *returns == Expression::atom("None")),
        Body::Empty => format!("{margin}...\n"),
        Body::Stub => format!("{margin}{SIGNATURE_ONLY}\n"),
    };
    head + &docstring + &statement
}

fn call(scope: &mut Scope, function: &Function, index: usize, nothing: bool) -> String {
    let prefix = if nothing {
        scope.call_import().to_string()
    } else {
        format!("return {}", scope.call_import())
    };
    let parameters = function.parameters.iter().map(|parameter| parameter.name.clone());
    let arguments: Vec<String> = std::iter::once(index.to_string()).chain(parameters).collect();
    layout::call(4, &prefix, &arguments)
}

/// The WIT documentation, and what the function raises.
fn documentation(world: &World, function: &Function) -> String {
    let text = function.documentation.as_deref().unwrap_or_default().trim_end();
    let Some(result) = failure(world, function) else {
        return text.to_string();
    };
    let error = optional(world, &mut FullNames(world), result.err).flat();
    let raises = format!("Raises: `componentize_py_types.Err({error})`");
    if text.is_empty() {
        raises
    } else {
        format!("{text}\n\n{raises}")
    }
}
