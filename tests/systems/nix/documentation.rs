//! What docs/nix.md says.

use super::scratch::Scratch;
use ampoule_support::root;

/// Every command of the documentation, in its order, with what it says they print.
#[test]
fn the_documentation_is_true() {
    let scratch = Scratch::new("documentation");
    let document = std::fs::read_to_string(root().join("docs/nix.md")).expect("the documentation");
    // A mirror stands for the network, and this machine's shell for that of nixpkgs.
    let mut script = String::from(
        "ampoule() { command ampoule --mirror /pins \"$@\"; }
        nix() { with_shell \"$@\"; }\n",
    );
    let mut expected = Vec::new();
    for (language, text) in code_blocks(&document) {
        match language {
            "sh" => script.push_str(text),
            "text" => expected.push(text),
            _ => {}
        }
    }
    let printed = scratch.nix(&script);
    for text in expected {
        assert!(printed.contains(text), "{text} is not in what was printed: {printed}");
    }
}

/// The fenced blocks of a document: the language and the text of each.
fn code_blocks(document: &str) -> Vec<(&str, &str)> {
    let fences = document.split("```").skip(1).step_by(2);
    fences
        .map(|block| block.split_once('\n').expect("a block has lines"))
        .collect()
}
