//! Requirements files with hashes, as `pip-compile --generate-hashes` and `uv export` write them (pip, "Requirements File Format").

use super::{Files, Lock, Package, digest};
use ampoule_action::Digest;
use pep508_rs::pep440_rs::Operator;
use pep508_rs::{Requirement, VersionOrUrl};
use std::path::PathBuf;
use std::str::FromStr;

/// Options of pip that change nothing here: where files come from is the machine's matter, and their hashes are what counts.
const INDIFFERENT: [&str; 12] = [
    "--index-url",
    "-i",
    "--extra-index-url",
    "--no-index",
    "--find-links",
    "-f",
    "--trusted-host",
    "--require-hashes",
    "--only-binary",
    "--no-binary",
    "--prefer-binary",
    "--pre",
];

/// The project itself, whose files are on the Python path anyway.
const PROJECT: [&str; 4] = [".", "./", "-e .", "-e ./"];

/// What to do about a requirement that is not certain.
const REMEDY: &str = "`uv pip compile --generate-hashes` and `pip-compile --generate-hashes` write such lines";

/// Reads the text of a requirements file.
pub(super) fn parse(text: &str) -> Result<Lock, String> {
    let mut packages = Vec::new();
    for (number, line) in logical_lines(text) {
        let option = line.split([' ', '=']).next().unwrap_or_default();
        if INDIFFERENT.contains(&option) || PROJECT.contains(&line.as_str()) {
            continue;
        }
        packages.push(package(&line).map_err(|reason| format!("line {number}: {reason}"))?);
    }
    Ok(Lock {
        file: PathBuf::new(),
        packages,
        environments: Vec::new(),
        requires_python: None,
        chosen: Vec::new(),
    })
}

/// The lines without comments, those that a backslash continues in one, each with the number of its first.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut continued = false;
    for (index, line) in text.lines().enumerate() {
        let line = without_comment(line).trim();
        let (part, more) = match line.strip_suffix('\\') {
            Some(part) => (part.trim_end(), true),
            None => (line, false),
        };
        match lines.last_mut() {
            Some((_, whole)) if continued => {
                whole.push(' ');
                whole.push_str(part);
            }
            _ => lines.push((index + 1, part.to_string())),
        }
        continued = more;
    }
    lines.retain(|(_, line)| !line.trim().is_empty());
    lines
}

/// A comment starts at the line's begin or after a blank.
fn without_comment(line: &str) -> &str {
    match line.find(" #") {
        _ if line.trim_start().starts_with('#') => "",
        Some(position) => &line[..position],
        None => line,
    }
}

fn package(line: &str) -> Result<Package, String> {
    if line.starts_with('-') {
        return Err(format!(
            "`{line}` is not read; write the requirements out in one file, each with its version and hashes: {REMEDY}"
        ));
    }
    let (requirement, options) = match line.split_once(" --") {
        Some((requirement, options)) => (requirement, options),
        None => (line, ""),
    };
    if !requirement.is_ascii() {
        return Err(format!(
            "`{requirement}` is no requirement: it has characters that are not ASCII"
        ));
    }
    if !has_whole_names(requirement) {
        return Err(format!(
            "`{requirement}` is no requirement: a name ends with a letter or a digit"
        ));
    }
    let requirement: Requirement = Requirement::from_str(requirement.trim())
        .map_err(|error| format!("`{requirement}` is no requirement: {}", error.message))?;
    let name = requirement.name.to_string();
    let version =
        version(&requirement).ok_or_else(|| format!("{name} has no version of the form `{name}==1.2.3`: {REMEDY}"))?;
    let digests = digests(options)?;
    if digests.is_empty() {
        return Err(format!(
            "{name} has no `--hash=sha256:...`, and what is not pinned is not read: {REMEDY}"
        ));
    }
    Ok(Package {
        name,
        version: Some(version),
        files: Files::Digests(digests),
        source: None,
        marker: requirement.marker,
        requires_python: None,
    })
}

/// Whether the names of the package and of its extras end as PEP 508 has it; pep508_rs panics where they do not.
fn has_whole_names(requirement: &str) -> bool {
    let is_part = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_');
    let names = requirement
        .split(['<', '>', '=', '!', '~', ';', '@'])
        .next()
        .unwrap_or_default();
    let mut names = names.split(|character| !is_part(character));
    names.all(|name| !name.ends_with(['.', '-', '_']))
}

/// The one version that is wanted.
fn version(requirement: &Requirement) -> Option<String> {
    let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &requirement.version_or_url else {
        return None;
    };
    match specifiers.iter().as_slice() {
        [one] if matches!(one.operator(), Operator::Equal | Operator::ExactEqual) => Some(one.version().to_string()),
        _ => None,
    }
}

/// The values of the options `--hash=sha256:...`, of which the first has lost its hyphens.
fn digests(options: &str) -> Result<Vec<Digest>, String> {
    let hashes = options
        .split_whitespace()
        .filter_map(|option| option.trim_start_matches('-').strip_prefix("hash="));
    hashes
        .filter_map(|hash| hash.strip_prefix("sha256:"))
        .map(digest)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Environment;

    const SHA256: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    fn error(text: &str) -> String {
        parse(text).unwrap_err()
    }

    #[test]
    fn lines_as_tools_write_them() {
        let text = format!(
            "# by a tool\n-e .\n--index-url https://example.com/simple\n\nTyping_Extensions==4.15.0 ; python_version >= '3.9' \\\n    \
             --hash=sha256:{SHA256} \\\n    --hash=sha256:{SHA256}\n    # via x\ncolorama==0.4.6 ; sys_platform == 'win32' \
             --hash=sha256:{SHA256}  # note\n"
        );
        let lock = parse(&text).unwrap();
        let versions: Vec<_> = lock
            .packages
            .iter()
            .map(|package| (package.name.as_str(), package.version.as_deref()))
            .collect();
        assert_eq!(
            versions,
            [("typing-extensions", Some("4.15.0")), ("colorama", Some("0.4.6"))]
        );
        let required = lock.required(&Environment::of("3.13.9").unwrap(), &[], &[]).unwrap();
        assert_eq!(required.len(), 1);
        let Files::Digests(digests) = &required[0].files else {
            panic!("digests only");
        };
        assert_eq!(digests.len(), 2);
    }

    #[test]
    fn what_is_not_certain_is_refused() {
        assert!(error("six==1.17.0\n").starts_with("line 1: six has no `--hash=sha256:...`"));
        assert!(error(&format!("\nsix>=1 --hash=sha256:{SHA256}\n")).starts_with("line 2: six has no version"));
        assert!(error(&format!("six==1.* --hash=sha256:{SHA256}\n")).contains("six has no version"));
        assert!(error("-r other.txt\n").contains("`-r other.txt` is not read"));
        assert!(error("six==1.17.0 --hash=sha256:12\n").contains("`12` is no sha256"));
        assert!(error("==\n").contains("is no requirement"));
        for names in ["A.(P", "six-==1", "six[x_]==1", "six[x.,y]==1"] {
            assert!(error(names).contains("a name ends with a letter or a digit"), "{names}");
        }
        assert!(error("six==1; \"\"<\"\"<mmmyƫ~").contains("not ASCII"));
        assert!(error("six[x-y.z]==1.17.0.\n").contains("is no requirement"));
    }
}
