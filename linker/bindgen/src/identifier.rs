//! Names of WIT as names of Python.

use heck::{ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};

/// The hard keywords of Python.
const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// The name of a function, parameter, field or module.
pub(crate) fn snake(name: &str) -> String {
    escape(name.to_snake_case())
}

/// The name of a class.
pub(crate) fn camel(name: &str) -> String {
    escape(name.to_upper_camel_case())
}

/// The name of a member of an enum or of flags.
pub(crate) fn shouty(name: &str) -> String {
    name.to_shouty_snake_case()
}

/// Whether Python takes this as a name.
pub(crate) fn is_valid(name: &str) -> bool {
    let starts_well = name.starts_with(|character: char| character == '_' || character.is_ascii_alphabetic());
    let goes_on_well = name
        .chars()
        .all(|character| character == '_' || character.is_ascii_alphanumeric());
    starts_well && goes_on_well && !KEYWORDS.contains(&name)
}

fn escape(name: String) -> String {
    if KEYWORDS.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}
