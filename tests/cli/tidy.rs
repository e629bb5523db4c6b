//! The house rules that a program can check.

use ampoule_support::{root, succeed};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The files of the repository, with their text where they are text.
fn files() -> Vec<(PathBuf, Option<String>)> {
    let output = Command::new("git")
        .args(["ls-files", "-co", "--exclude-standard", "-z"])
        .current_dir(root())
        .output()
        .expect("git lists the repository's files");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout)
        .unwrap()
        .split_terminator('\0')
        .filter(|name| root().join(name).is_file())
        .map(|name| (PathBuf::from(name), std::fs::read_to_string(root().join(name)).ok()))
        .collect()
}

fn lines_with(needles: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in files() {
        // Cargo writes its registry's address into its lock files.
        if path.ends_with("Cargo.lock") {
            continue;
        }
        for (number, line) in text.unwrap_or_default().lines().enumerate() {
            if needles.iter().any(|needle| line.contains(needle.as_str())) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn no_registry_host_is_named() {
    let names = ["pypi", "pythonhosted", "npmjs", "crates", "debian", "ubuntu"];
    let domains = ["org", "io", "com", "net"];
    let hosts: Vec<String> = names
        .iter()
        .flat_map(|name| domains.iter().map(move |domain| format!("{name}.{domain}")))
        .collect();
    assert_eq!(lines_with(&hosts), Vec::<String>::new());
}

#[test]
fn nothing_is_unfinished() {
    let marks: Vec<String> = ["todo", "unimplemented"]
        .iter()
        .map(|name| format!("{name}!("))
        .chain([["FIX", "ME"].concat()])
        .collect();
    assert_eq!(lines_with(&marks), Vec::<String>::new());
}

/// A new flag of a stage does not compile before it has its place in the description, and so in the key.
#[test]
fn stages_take_themselves_apart_to_describe_themselves() {
    // In parts, so that this file has none.
    let head = format!("fn {}", "describe(&self) -> Action {");
    let stage = format!("impl {}", "Stage for ");
    let mut stages = 0;
    for (path, text) in files() {
        let text = text.unwrap_or_default();
        let described = text.split(&head).skip(1).map(|body| {
            let fields = body.trim_start().strip_prefix("let Self {")?.split_once("} = self;")?.0;
            (!fields.contains("..")).then_some(())
        });
        let described = described.collect::<Option<Vec<()>>>().map(|described| described.len());
        let count = text.matches(&stage).count();
        assert_eq!(
            described,
            Some(count),
            "{}: `describe` begins with `let Self {{ ... }} = self;`, without `..`",
            path.display()
        );
        stages += count;
    }
    assert!(stages >= 11, "{stages}");
}

/// The macros that print panic where nobody reads, or a disk is full: programs have `print_result` and `print_message`.
#[test]
fn programs_do_not_panic_when_they_print() {
    // For those who build and test Ampoule, and scripts of builds, whose output cargo reads.
    const NOT_PROGRAMS: [&str; 6] = [
        "action/code",
        "bazel/",
        "benches/",
        "examples/",
        "fuzz/",
        "release/environment",
    ];
    let macros = ["print", "println", "eprint", "eprintln"].map(|name| format!("{name}!("));
    let mut found = Vec::new();
    for (path, text) in files() {
        let name = path.display().to_string();
        let is_program = name.ends_with(".rs")
            && !NOT_PROGRAMS.iter().any(|start| name.starts_with(start))
            && !["tests/", "/examples/", "build.rs"]
                .iter()
                .any(|part| name.contains(part));
        let text = text.filter(|_| is_program).unwrap_or_default();
        found.extend(
            macros
                .iter()
                .filter(|name| text.contains(name.as_str()))
                .map(|name| (path.clone(), name.clone())),
        );
    }
    assert_eq!(found, Vec::new());
}

/// Each program of tests links all that its crate depends on: none is made where there are no tests.
#[test]
fn every_test_program_has_tests() {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--no-deps", "--format-version", "1"]);
    let workspace: Value = serde_json::from_str(&succeed(metadata.current_dir(root()))).unwrap();
    let tested: Vec<PathBuf> = files()
        .into_iter()
        .filter(|(_, text)| text.as_ref().is_some_and(|text| text.contains("#[cfg(test)]")))
        .map(|(path, _)| root().join(path))
        .collect();
    let packages = workspace["packages"].as_array().unwrap().iter();
    for target in packages.flat_map(|package| package["targets"].as_array().unwrap()) {
        let file = target["src_path"].as_str().unwrap();
        let folder = Path::new(file).parent().unwrap();
        let has_tests = match target["kind"][0].as_str().unwrap() {
            "lib" => tested.iter().any(|file| file.starts_with(folder)),
            // A program is a few lines around a library.
            "bin" => false,
            _ => continue,
        };
        assert_eq!(target["test"], has_tests, "`test` of {file}");
        assert_eq!(target["doctest"], false, "`doctest` of {file}");
    }
}

/// Tables and code stand as they are.
#[test]
fn prose_in_markdown_wraps() {
    const COLUMNS: usize = 120;
    let mut found = Vec::new();
    for (path, text) in files() {
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let mut is_code = false;
        for (number, line) in text.unwrap_or_default().lines().enumerate() {
            is_code ^= ["```", "<pre>", "</pre>"]
                .iter()
                .any(|mark| line.trim_start().starts_with(mark));
            let is_prose = !is_code && !line.starts_with('|') && !line.starts_with("    ");
            if is_prose && line.chars().count() > COLUMNS {
                found.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn nothing_large_or_binary_is_committed() {
    let found: Vec<PathBuf> = files()
        .into_iter()
        .filter(|(path, text)| {
            let size = std::fs::metadata(root().join(path)).unwrap().len();
            // The sources there are in other encodings than UTF-8.
            let is_text = text.is_some() || path.starts_with("tests/apps/encoded");
            size > 400_000 || !is_text
        })
        .map(|(path, _)| path)
        .collect();
    assert_eq!(found, Vec::<PathBuf>::new());
}
