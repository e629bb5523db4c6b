//! What is wrong in a file that a user has written in TOML, in the words of TOML.

use std::fmt::Display;

/// Serde's words, and what they are called in TOML.
const WORDS: [(&str, &str); 14] = [
    ("u8", "a whole number from 0 to 255"),
    ("u16", "a whole number from 0 to 65535"),
    ("u32", "a whole number from 0 to 4294967295"),
    ("u64", "a whole number from 0"),
    ("usize", "a whole number from 0"),
    ("i64", "a whole number"),
    ("a boolean", "`true` or `false`"),
    ("a sequence", "a list"),
    ("a map", "a table"),
    ("path string", "a string with a path"),
    ("sequence", "a list"),
    ("map", "a table"),
    ("string or table", "a string"),
    ("exactly 1 element, found 0 elements", "a string"),
];

/// How complaints of types begin: what comes first in serde's words, and in ours.
const BEGINNINGS: [(&str, &str); 6] = [
    ("invalid type: ", "it is "),
    ("invalid value: ", "it is "),
    ("wanted ", "expected "),
    ("unknown field ", "unknown key "),
    ("missing field ", "missing key "),
    ("unknown variant ", "unknown value "),
];

/// What a reader of TOML says, with the place, where it names the types of TOML and not those of Rust.
pub fn said_of_toml(error: impl Display) -> String {
    let text = error.to_string();
    let lines: Vec<String> = text.trim_end().lines().map(line).collect();
    lines.join("\n")
}

/// A line of it: the complaint, or one that shows the file.
fn line(text: &str) -> String {
    let beginning = BEGINNINGS
        .iter()
        .find_map(|(theirs, ours)| Some((ours, text.strip_prefix(theirs)?)));
    let Some((beginning, rest)) = beginning else {
        return text.to_string();
    };
    match rest.rsplit_once(", expected ") {
        Some((found, expected)) => format!("{beginning}{}, expected {}", word(found), word(expected)),
        None => format!("{beginning}{}", word(rest)),
    }
}

fn word(serdes: &str) -> &str {
    let found = WORDS.iter().find(|(theirs, _)| *theirs == serdes);
    let is_struct = serdes.starts_with("struct ");
    found.map_or(if is_struct { "a table" } else { serdes }, |(_, ours)| ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_in_the_words_of_toml() {
        for (serdes, ours) in [
            (
                "invalid type: string \"x\", expected u32",
                "it is string \"x\", expected a whole number from 0 to 4294967295",
            ),
            (
                "invalid value: integer `-1`, expected u64",
                "it is integer `-1`, expected a whole number from 0",
            ),
            (
                "invalid type: map, expected a sequence",
                "it is a table, expected a list",
            ),
            (
                "invalid type: integer `1`, expected struct ExtensionSettings",
                "it is integer `1`, expected a table",
            ),
            (
                "unknown field `x`, expected `raw` or `zstd`",
                "unknown key `x`, expected `raw` or `zstd`",
            ),
            ("missing field `digest`", "missing key `digest`"),
            ("wanted string or table", "expected a string"),
            (
                "3 | text = \"invalid type: map, expected u8\"",
                "3 | text = \"invalid type: map, expected u8\"",
            ),
        ] {
            assert_eq!(
                said_of_toml(format!("at line 3\n{serdes}\n")),
                format!("at line 3\n{ours}")
            );
        }
    }
}
