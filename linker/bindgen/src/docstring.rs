//! WIT documentation as Python docstrings.

use crate::layout::spaces;

/// A docstring with its quotes on lines of their own; nothing for an empty text.
pub(crate) fn block(indent: usize, text: &str) -> String {
    let margin = spaces(indent);
    let lines = lines(text);
    if lines.is_empty() {
        return String::new();
    }
    let body: String = lines
        .iter()
        .map(|line| {
            if line.is_empty() {
                "\n".to_string()
            } else {
                format!("{margin}{line}\n")
            }
        })
        .collect();
    format!("{margin}\"\"\"\n{body}{margin}\"\"\"\n")
}

/// The docstring of a field or member: one line where that does.
pub(crate) fn brief(indent: usize, text: &str) -> String {
    match lines(text).as_slice() {
        [line] if !line.starts_with('"') && !line.ends_with(['"', '\\']) => {
            format!("{}\"\"\"{line}\"\"\"\n", spaces(indent))
        }
        _ => block(indent, text),
    }
}

/// The lines as they stand between the quotes, without the indentation that all have.
fn lines(text: &str) -> Vec<String> {
    let lines: Vec<String> = text
        .lines()
        .map(|line| escape(line.replace('\t', "    ").trim_end()))
        .collect();
    let margin = lines
        .iter()
        .filter(|line| !line.is_empty())
        .map(|line| indentation(line))
        .min()
        .unwrap_or(0);
    let lines: Vec<String> = lines
        .iter()
        .map(|line| line.get(margin..).unwrap_or_default().to_string())
        .collect();
    let first = lines.iter().position(|line| !line.is_empty()).unwrap_or(lines.len());
    let last = lines
        .iter()
        .rposition(|line| !line.is_empty())
        .map_or(first, |last| last + 1);
    lines[first..last].to_vec()
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Keeps a text from ending the string or from being read as an escape.
fn escape(line: &str) -> String {
    let mut escaped = String::new();
    for character in line.chars() {
        match character {
            '\\' => escaped.push_str("\\\\"),
            control if control.is_control() => escaped.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => escaped.push(other),
        }
    }
    escaped.replace("\"\"\"", "\\\"\\\"\\\"")
}
