//! Lays out Python code as `ruff format` does.

/// The longest line.
const WIDTH: usize = 88;

/// A Python expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expression {
    /// A name or a literal.
    Atom(String),
    /// `value[arguments]`.
    Subscript(String, Vec<Expression>),
    /// `(items)`.
    Tuple(Vec<Expression>),
}

impl Expression {
    pub(crate) fn atom(text: impl Into<String>) -> Expression {
        Expression::Atom(text.into())
    }

    pub(crate) fn subscript(value: impl Into<String>, arguments: impl Into<Vec<Expression>>) -> Expression {
        Expression::Subscript(value.into(), arguments.into())
    }

    /// A string literal.
    pub(crate) fn string(text: &str) -> Expression {
        let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
        Expression::Atom(format!("\"{escaped}\""))
    }

    /// The expression on one line.
    pub(crate) fn flat(&self) -> String {
        match self {
            Expression::Atom(text) => text.clone(),
            Expression::Subscript(value, arguments) => format!("{value}[{}]", flat(arguments)),
            Expression::Tuple(items) if items.len() == 1 => format!("({},)", flat(items)),
            Expression::Tuple(items) => format!("({})", flat(items)),
        }
    }

    /// The expression after `before` columns of a line that is indented by `indent`, with `after` columns to follow it.
    pub(crate) fn render(&self, indent: usize, before: usize, after: usize) -> String {
        let flat = self.flat();
        if before + width(&flat) + after <= WIDTH {
            return flat;
        }
        match self {
            Expression::Atom(_) => flat,
            Expression::Subscript(value, arguments) if !arguments.is_empty() => {
                format!(
                    "{value}[\n{}{}]",
                    rows(arguments, indent, arguments.len() > 1),
                    spaces(indent)
                )
            }
            Expression::Tuple(items) if !items.is_empty() => {
                format!("(\n{}{})", rows(items, indent, true), spaces(indent))
            }
            _ => flat,
        }
    }
}

/// Each expression on a line of its own, one step further in.
fn rows(expressions: &[Expression], indent: usize, comma: bool) -> String {
    let inner = indent + 4;
    let row = |expression: &Expression| {
        let text = expression.render(inner, inner, usize::from(comma));
        format!("{}{text}{}\n", spaces(inner), if comma { "," } else { "" })
    };
    expressions.iter().map(row).collect()
}

fn flat(expressions: &[Expression]) -> String {
    expressions.iter().map(Expression::flat).collect::<Vec<_>>().join(", ")
}

/// `target: annotation` or `target = value`: whatever `prefix` says, and `suffix` after it.
pub(crate) fn statement(indent: usize, prefix: &str, expression: &Expression, suffix: &str) -> String {
    let text = expression.render(indent, indent + width(prefix), width(suffix));
    format!("{}{prefix}{text}{suffix}\n", spaces(indent))
}

/// A call in the statement that `prefix` begins.
pub(crate) fn call(indent: usize, prefix: &str, arguments: &[String]) -> String {
    let margin = spaces(indent);
    let inner = spaces(indent + 4);
    let line = format!("{margin}{prefix}({})\n", arguments.join(", "));
    if width(line.trim_end()) <= WIDTH {
        return line;
    }
    let row = format!("{inner}{}", arguments.join(", "));
    if width(&row) <= WIDTH {
        return format!("{margin}{prefix}(\n{row}\n{margin})\n");
    }
    let rows: String = arguments
        .iter()
        .map(|argument| format!("{inner}{argument},\n"))
        .collect();
    format!("{margin}{prefix}(\n{rows}{margin})\n")
}

/// A parameter in the head of a function, with its annotation.
pub(crate) type Annotated = (String, Option<Expression>);

/// The head of a function.
pub(crate) struct Head<'a> {
    pub(crate) is_async: bool,
    pub(crate) name: &'a str,
    pub(crate) parameters: &'a [Annotated],
    pub(crate) returns: &'a Expression,
}

impl Head<'_> {
    /// What stands before the parameters.
    fn start(&self) -> String {
        format!("{}def {}", if self.is_async { "async " } else { "" }, self.name)
    }
}

/// The head of a function on one line.
pub(crate) fn flat_head(head: &Head) -> String {
    let parameters: Vec<String> = head.parameters.iter().map(flat_parameter).collect();
    format!(
        "{}({}) -> {}:",
        head.start(),
        parameters.join(", "),
        head.returns.flat()
    )
}

fn flat_parameter((name, annotation): &Annotated) -> String {
    match annotation {
        Some(annotation) => format!("{name}: {}", annotation.flat()),
        None => name.clone(),
    }
}

/// The head of a function; `body` follows the colon on the same line and may be empty.
pub(crate) fn head(indent: usize, head: &Head, body: &str) -> String {
    let Head {
        parameters, returns, ..
    } = head;
    let margin = spaces(indent);
    let line = format!("{margin}{}{body}\n", flat_head(head));
    if width(line.trim_end()) <= WIDTH {
        return line;
    }
    let after = width(body) + 1;
    let start = head.start();
    if parameters.is_empty() {
        let start = format!("{margin}{start}() -> ");
        let result = match returns {
            Expression::Atom(name) => format!("(\n{}{name}\n{margin})", spaces(indent + 4)),
            _ => returns.render(indent, width(&start), after),
        };
        return format!("{start}{result}:{body}\n");
    }
    let parameters = broken_parameters(indent + 4, parameters);
    let result = returns.render(indent, indent + width(") -> "), after);
    format!("{margin}{start}(\n{parameters}{margin}) -> {result}:{body}\n")
}

/// Parameters on the lines below the head: on one if they fit, and each on its own if not, or if there is only one.
fn broken_parameters(indent: usize, parameters: &[Annotated]) -> String {
    let margin = spaces(indent);
    let row = format!(
        "{margin}{}\n",
        parameters.iter().map(flat_parameter).collect::<Vec<_>>().join(", ")
    );
    if parameters.len() > 1 && width(row.trim_end()) <= WIDTH {
        return row;
    }
    let own_row = |(name, annotation): &Annotated| match annotation {
        Some(annotation) => format!(
            "{margin}{name}: {},\n",
            annotation.render(indent, indent + width(name) + 2, 1)
        ),
        None => format!("{margin}{name},\n"),
    };
    parameters.iter().map(own_row).collect()
}

/// `from module import names`, the names sorted.
pub(crate) fn import(module: &str, names: &[String]) -> String {
    let line = format!("from {module} import {}\n", names.join(", "));
    if width(line.trim_end()) <= WIDTH {
        return line;
    }
    let rows: String = names.iter().map(|name| format!("    {name},\n")).collect();
    format!("from {module} import (\n{rows})\n")
}

/// So many spaces.
pub(crate) fn spaces(count: usize) -> String {
    " ".repeat(count)
}

fn width(text: &str) -> usize {
    text.chars().count()
}
