//! What runs again after a change.

use super::scratch::{Scratch, planned};
use std::collections::BTreeSet;

/// A changed Python file runs the last four stages; a changed WIT the bindings, too; nothing else.
#[test]
fn a_change_runs_what_depends_on_it() {
    let scratch = Scratch::new("change");
    let build = "nix build path:. --override-input ampoule $AMPOULE";
    scratch.nix(&format!("nix flake init -t $AMPOULE\n{build}\n"));
    let after = |change: &str| scratch.nix(&format!("{change}\n{build} --dry-run 2>&1"));
    let last = ["shop-image", "shop-linked", "shop-snapshot", "shop.wasm"];
    assert_eq!(planned(&after("echo >> README.md")), BTreeSet::new());
    assert_eq!(planned(&after("echo '# changed' >> python/app.py")), last.into());
    let all = last.into_iter().chain(["shop-bindings"]).collect();
    assert_eq!(planned(&after("echo '// changed' >> wit/shop.wit")), all);
}

/// With derivations addressed by content, a changed Python file does not even link again.
#[test]
fn content_addressed_stages_stop_where_nothing_changes() {
    let scratch = Scratch::new("content-addressed");
    let build = "nix build path:. --override-input ampoule $AMPOULE --print-build-logs 2>&1 | grep ^building || true";
    let printed = scratch.nix(&format!(
        "nix flake init -t $AMPOULE
        sed -i 's/library.buildPyComponent/library.contentAddressed.buildPyComponent/' flake.nix
        {build}
        echo \"# $RANDOM$RANDOM$RANDOM, as no store has it\" >> python/app.py
        echo --- changed
        {build}
        ampoule run result 'total([\"tea\"])'"
    ));
    let (_, after) = printed.split_once("--- changed").expect("the script says so");
    for (stage, runs) in [("shop-image", true), ("shop-linked", false), ("shop-snapshot", true)] {
        assert_eq!(after.contains(&format!("-{stage}.drv")), runs, "{stage}: {after}");
    }
    assert!(after.ends_with("some(250)\n"), "{after}");
}
