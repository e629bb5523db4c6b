//! Later versions of Bazel, as far as the flags of the one that is here tell of them.

use super::scratch::Scratch;

#[test]
fn the_rules_are_those_of_later_versions_too() {
    let scratch = Scratch::empty("versions");
    scratch.bazel(
        "bazel build --config=next --nobuild //examples/... //bazel/... @ampoule_packages//:all
        cd examples/bazel
        bazel build --config=next --nobuild //...",
    );
}
