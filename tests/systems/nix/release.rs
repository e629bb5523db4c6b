//! What a release has need not be built.

use super::scratch::{Scratch, planned};
use std::collections::BTreeSet;

/// The source of a release names its tools and its toolchain by their digests: neither is built, and the component is the same.
#[test]
fn a_release_has_tools_and_toolchain() {
    let scratch = Scratch::new("release");
    let printed = scratch.nix(
        "cp -r /ampoule source
        part() {
            echo \"\\\"$1\\\": { \\\"url\\\": \\\"nowhere:///$1\\\", \\\"hash\\\": \\\"$(nix hash path $2)\\\" }\"
            nix store add --name ampoule-$1 $2 >&2
        }
        built() { nix build $AMPOULE#$1 --no-link --print-out-paths; }
        echo \"{ \\\"$SYSTEM\\\": { $(part tools /tools), $(part sdk $(built sdk)), $(part cpython $(built cpython)),
            $(part interpreter $(built interpreter)) } }\" > source/nix/release.json
        nix flake lock path:/scratch/source --override-input tools file+file:///dev/null
        nix build path:/scratch/source#checks.$SYSTEM.hello --dry-run 2>&1
        sha256sum < $(nix build path:/scratch/source#app --no-link --print-out-paths)
        sha256sum < $(built app)",
    );
    let expected = [
        "hello-bindings",
        "hello-image",
        "hello-linked",
        "hello-snapshot",
        "hello.wasm",
    ];
    let planned = planned(&printed);
    // A store in which this ran before has them.
    assert!(planned.is_empty() || planned == BTreeSet::from(expected), "{planned:?}");
    let hashes: Vec<&str> = printed.lines().filter(|line| line.ends_with("  -")).collect();
    assert_eq!(hashes.len(), 2, "{printed}");
    assert_eq!(hashes[0], hashes[1]);
}
