//! WIT functions as Python functions: calls of imports, and methods of the protocols that an app implements.

use crate::annotation::{annotation, leaving, optional};
use crate::layout::{self, Annotated, Expression, Head, spaces};
use crate::scope::{FullNames, Names, Scope};
use crate::side_module::SideModule;
use crate::{Direction, Function, Role, World, docstring};
use wit_parser::{Type, TypeDefKind};

/// The body of what only shows a signature, for editors and type checkers.
pub(crate) const SIGNATURE_ONLY: &str = concat!("raise ", "NotImplemented", "Error");

/// What stands in the body of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Body {
    /// The call of the import with this index.
    Call(usize),
    /// Nothing: the method of a protocol in the real bindings.
    Empty,
    /// The statement that says so: in the stubs.
    Stub,
}

/// What stands in the bodies of the functions of an interface, or of the world itself.
#[derive(Clone, Copy)]
pub(crate) struct Bodies<'a> {
    /// The name of the interface.
    pub(crate) interface: Option<&'a str>,
    /// The side module, which knows the indices of imports; none for stubs.
    pub(crate) side_module: Option<&'a SideModule>,
}

impl Bodies<'_> {
    /// Whether only signatures are shown.
    pub(crate) fn are_stubs(&self) -> bool {
        self.side_module.is_none()
    }

    fn of_import(&self, function: &Function) -> Body {
        self.side_module.map_or(Body::Stub, |side_module| {
            Body::Call(side_module.import_index(self.interface, &function.wit_name))
        })
    }

    fn of_export(&self) -> Body {
        self.side_module.map_or(Body::Stub, |_| Body::Empty)
    }
}

/// An imported function.
pub(crate) fn function(world: &World, scope: &mut Scope, function: &Function, bodies: Bodies) -> String {
    let (parameters, returns) = signature(world, scope, function, Direction::Import);
    text(
        world,
        scope,
        function,
        0,
        &parameters,
        &returns,
        bodies.of_import(function),
    )
}

/// The method of a protocol, for an exported function.
pub(crate) fn method(world: &World, scope: &mut Scope, function: &Function, bodies: Bodies) -> String {
    let decorator = format!("{}@{}\n", spaces(4), scope.helper("abstractmethod"));
    class_decorator(scope, function)
        + &decorator
        + &bound(world, scope, function, Direction::Export, bodies.of_export())
}

/// A function of an imported resource.
pub(crate) fn member(world: &World, scope: &mut Scope, function: &Function, bodies: Bodies) -> String {
    class_decorator(scope, function) + &bound(world, scope, function, Direction::Import, bodies.of_import(function))
}

/// The head of a method on one line, to show to the author of an app.
pub(crate) fn method_head(world: &World, names: &mut dyn Names, function: &Function) -> String {
    let (parameters, returns) = method_signature(world, names, function, Direction::Export);
    layout::flat_head(&head(function, &parameters, &returns))
}

fn head<'a>(function: &'a Function, parameters: &'a [Annotated], returns: &'a Expression) -> Head<'a> {
    Head {
        is_async: function.is_async,
        name: &function.name,
        parameters,
        returns,
    }
}

fn class_decorator(scope: &mut Scope, function: &Function) -> String {
    if function.role == Role::Static {
        format!("{}@{}\n", spaces(4), scope.helper("classmethod"))
    } else {
        String::new()
    }
}

fn bound(world: &World, scope: &mut Scope, function: &Function, direction: Direction, body: Body) -> String {
    let (parameters, returns) = method_signature(world, scope, function, direction);
    text(world, scope, function, 4, &parameters, &returns, body)
}

/// What a function takes and gives: the app calls an imported one, and implements an exported one.
fn signature(
    world: &World,
    names: &mut dyn Names,
    function: &Function,
    direction: Direction,
) -> (Vec<Annotated>, Expression) {
    type Annotate = fn(&World, &mut dyn Names, Type) -> Expression;
    let (parameter, result): (Annotate, Annotate) = match direction {
        Direction::Import => (leaving, annotation),
        Direction::Export => (annotation, leaving),
    };
    let own = function.parameters.iter();
    let parameters = own
        .map(|own| (own.name.clone(), Some(parameter(world, names, own.ty))))
        .collect();
    let returned = match failure(world, function) {
        _ if function.role == Role::Constructor => None,
        Some(result) => result.ok,
        None => function.result,
    };
    let returns = returned.map_or_else(|| Expression::atom("None"), |ty| result(world, names, ty));
    (parameters, returns)
}

fn method_signature(
    world: &World,
    names: &mut dyn Names,
    function: &Function,
    direction: Direction,
) -> (Vec<Annotated>, Expression) {
    let (own, returns) = signature(world, names, function, direction);
    let receiver = receiver(function);
    let escaped = own
        .into_iter()
        .map(|(name, annotation)| (escape(name, receiver), annotation));
    (
        std::iter::once((receiver.to_string(), None)).chain(escaped).collect(),
        returns,
    )
}

/// The first parameter of a method.
fn receiver(function: &Function) -> &'static str {
    if function.role == Role::Static { "cls" } else { "self" }
}

/// A parameter that is called as the method's first one.
fn escape(name: String, receiver: &str) -> String {
    if name == receiver { name + "_" } else { name }
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
    let docstring = docstring::block(indent + 4, &documentation(world, scope, function));
    if body == Body::Empty && docstring.is_empty() {
        return layout::head(indent, &head(function, parameters, returns), " ...");
    }
    let head = layout::head(indent, &head(function, parameters, returns), "");
    let margin = spaces(indent + 4);
    let statement = match body {
        Body::Call(index) => call(scope, function, index, indent, *returns == Expression::atom("None")),
        Body::Empty => format!("{margin}...\n"),
        Body::Stub => format!("{margin}{SIGNATURE_ONLY}\n"),
    };
    head + &docstring + &statement
}

/// The statements that call an import: with the object first, for a method, or to be filled by its constructor.
fn call(scope: &mut Scope, function: &Function, index: usize, indent: usize, nothing: bool) -> String {
    let name = match function.role {
        Role::Constructor => scope.runtime("call_constructor"),
        _ if function.is_async => scope.runtime("start_import"),
        _ => scope.runtime("call_import"),
    };
    let prefix = match (function.is_async, nothing) {
        (true, _) => format!("result = {name}"),
        (false, true) => name,
        (false, false) => format!("return {name}"),
    };
    let index = index.to_string();
    let mut arguments = match function.role {
        Role::Free | Role::Static => vec![index],
        Role::Method => vec![index, "self".to_string()],
        Role::Constructor => vec!["self".to_string(), index],
    };
    let parameters = function.parameters.iter().map(|parameter| parameter.name.clone());
    arguments.extend(parameters.map(|name| match function.role {
        Role::Free => name,
        _ => escape(name, receiver(function)),
    }));
    let statement = layout::call(indent + 4, &prefix, &arguments);
    match function.is_async {
        true => statement + &rest_of_call(scope, indent + 4, nothing),
        false => statement,
    }
}

/// How the result of an asynchronous import comes: at once, for which no awaitable is made, or later.
fn rest_of_call(scope: &mut Scope, indent: usize, nothing: bool) -> String {
    let margin = spaces(indent);
    let subtask = scope.runtime("Subtask");
    match nothing {
        // A parameter may be called `type`.
        true => format!("{margin}if result.__class__ is {subtask}:\n{margin}    await result\n"),
        false => format!("{margin}return await result if result.__class__ is {subtask} else result\n"),
    }
}

/// The WIT documentation, and what the function raises.
fn documentation(world: &World, scope: &Scope, function: &Function) -> String {
    let text = function.documentation.as_deref().unwrap_or_default().trim_end();
    let Some(result) = failure(world, function) else {
        return text.to_string();
    };
    let error = optional(world, &mut FullNames::of(scope), result.err).flat();
    let raises = format!("Raises: `componentize_py_types.Err({error})`");
    if text.is_empty() {
        raises
    } else {
        format!("{text}\n\n{raises}")
    }
}
