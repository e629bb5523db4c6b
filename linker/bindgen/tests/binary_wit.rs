//! WIT in its binary form gives the bindings that the text gives.

use crate::support;

use ampoule_action::Console;
use std::path::{Path, PathBuf};
use wit_parser::Resolve;

#[test]
fn a_package_may_be_encoded() {
    for name in ["documentation", "every-type", "resources", "use-and-aliases"] {
        let case = case(name);
        let scratch = tempfile::tempdir().expect("a temporary folder");
        let encoded = scratch.path().join("world.wasm");
        encode(&case.join("world.wit"), &encoded);
        let of_text = generate(&case, &[case.join("world.wit")], &scratch.path().join("text"));
        let of_binary = generate(&case, &[encoded], &scratch.path().join("binary"));
        assert_eq!(of_text, of_binary, "{name}");
    }
}

#[test]
fn a_dependency_may_be_encoded() {
    let case = case("world-of-a-dependency");
    let scratch = tempfile::tempdir().expect("a temporary folder");
    let wit = scratch.path().join("wit");
    std::fs::create_dir_all(wit.join("deps")).expect("a folder");
    std::fs::copy(case.join("wit/world.wit"), wit.join("world.wit")).expect("a copy");
    encode(&case.join("wit/deps/library.wit"), &wit.join("deps/library.wasm"));
    let of_text = generate(&case, &[case.join("wit")], &scratch.path().join("text"));
    let of_binary = generate(&case, &[wit], &scratch.path().join("binary"));
    assert_eq!(of_text, of_binary);
}

fn case(name: &str) -> PathBuf {
    let mut cases = support::cases().into_iter();
    cases.find(|case| case.ends_with(name)).expect("the case is there")
}

fn encode(text: &Path, binary: &Path) {
    let mut resolve = Resolve::new();
    let (package, _) = resolve.push_path(text).expect("the case is WIT");
    let bytes = wit_component::encode(&resolve, package, false).expect("it can be encoded");
    std::fs::write(binary, bytes).expect("it can be written");
}

/// The digest of the bindings.
fn generate(case: &Path, wit: &[PathBuf], output: &Path) -> String {
    let mut stage = support::stage(case, output);
    stage.world.wit = wit.to_vec();
    stage.stubs = true;
    ampoule_action::run(&stage, None, &Console::quiet()).expect("the case can be bound");
    ampoule_action::Digest::of_path(output)
        .expect("it can be read")
        .to_string()
}
