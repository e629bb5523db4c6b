//! The list of stages in the driver is the one that Nix, Bazel and cargo have.

use ampoule_support::{ampoule, root, succeed};

/// The stages that Bazel has no actions for, with the reason.
const NOT_IN_BAZEL: [(&str, &str); 1] = [(
    "bytecode",
    "Bazel knows files of dependencies, not their folder: `compile` compiles them",
)];

#[derive(serde::Deserialize)]
struct Stage {
    name: String,
    program: String,
    about: String,
}

fn stages() -> Vec<Stage> {
    let printed = succeed(ampoule(&root()).args(["stages", "--json"]));
    serde_json::from_str(&printed).expect("it is a list of stages")
}

/// The texts in quotation marks of the first list after a word.
fn listed(file: &str, word: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join(file)).expect("the file can be read");
    let (_, after) = text.split_once(word).expect("the word is there");
    let (list, _) = after.split_once(']').expect("a list ends");
    list.split('"').skip(1).step_by(2).map(str::to_string).collect()
}

#[test]
fn nix_has_all_stages() {
    let mut names: Vec<String> = stages().into_iter().map(|stage| stage.name).collect();
    names.sort();
    assert_eq!(listed("nix/tools.nix", "stages = ["), names);
}

#[test]
fn bazel_has_all_stages_but_these() {
    let names = stages().into_iter().map(|stage| stage.name);
    let wanted: Vec<String> = names
        .filter(|name| NOT_IN_BAZEL.iter().all(|(other, _)| other != name))
        .collect();
    assert_eq!(listed("bazel/private/actions.bzl", "STAGES = ["), wanted);
}

#[test]
fn each_stage_is_a_command_and_a_program() {
    let help = succeed(ampoule(&root()).arg("--help"));
    for Stage { name, program, about } in stages() {
        assert!(help.contains(&name), "{name} is in\n{help}");
        let said = succeed(ampoule(&root()).arg("stages"));
        assert!(said.contains(&about) && !about.is_empty(), "{about} is in\n{said}");
        let usage = succeed(std::process::Command::new(env!("CARGO_BIN_EXE_ampoule")).args([&name, "--help"]));
        assert!(usage.contains(&format!("Usage: ampoule {name}")), "{usage}");
        // A flag's group has a sentence of its own, which is not what the help begins with.
        assert!(usage.starts_with(&about), "{about} begins\n{usage}");
        assert_eq!(program, format!("ampoule-{name}"));
    }
}
