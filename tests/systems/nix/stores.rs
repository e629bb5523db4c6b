//! Other stores, builders elsewhere, binary caches.

use super::scratch::{Scratch, planned};

/// A store elsewhere, to which the toolchain is copied, and where the app is built anew.
#[test]
fn another_store_gets_the_same_component() {
    let scratch = Scratch::new("store");
    let printed = scratch.nix(
        "interpreter=$(nix build $AMPOULE#interpreter --no-link --print-out-paths)
        nix copy --no-check-sigs --to /scratch/store $interpreter
        sha256sum < $(nix build $AMPOULE#app --no-link --print-out-paths)
        sha256sum < /scratch/store$(nix build $AMPOULE#app --store /scratch/store --no-link --print-out-paths)",
    );
    let hashes: Vec<&str> = printed.lines().collect();
    assert_eq!(hashes.len(), 2);
    assert_eq!(hashes[0], hashes[1]);
}

/// A builder on the other end of a connection, with a store of its own, builds an app that no store has.
#[test]
fn a_remote_builder_builds() {
    let scratch = Scratch::new("builder");
    let printed = scratch.nix(
        "nix flake init -t $AMPOULE 2>&1
        echo \"# $RANDOM$RANDOM$RANDOM, as no store has it\" >> python/app.py
        nix build path:.#default --override-input ampoule $AMPOULE --max-jobs 0 \
            --builders \"ssh-ng://localhost?remote-store=/scratch/remote $SYSTEM - 1 1\" 2>&1
        ls /scratch/remote/nix/store
        ampoule run result 'total([\"tea\"])'",
    );
    assert!(
        printed.contains("-shop-snapshot\n"),
        "the builder has built it: {printed}"
    );
    assert!(printed.ends_with("some(250)\n"), "{printed}");
}

/// A binary cache gives the component to a store that builds nothing.
#[test]
fn a_binary_cache_gives_the_component_back() {
    let scratch = Scratch::new("cache");
    let printed = scratch.nix(
        "app=$(nix build $AMPOULE#app --no-link --print-out-paths)
        nix copy --to 'file:///scratch/cache?compression=zstd' $app
        nix build $AMPOULE#app --store /scratch/other --no-link --max-jobs 0 \
            --substituters file:///scratch/cache --option substitute true --option require-sigs false
        sha256sum < $app
        sha256sum < /scratch/other$app",
    );
    let hashes: Vec<&str> = printed.lines().collect();
    assert_eq!(hashes.len(), 2, "{printed}");
    assert_eq!(hashes[0], hashes[1]);
}

/// A binary cache of the toolchain, in one flat folder and signed: a store that trusts the key builds the app's stages alone; one
/// that does not takes nothing from it.
#[test]
fn a_binary_cache_has_the_toolchain() {
    let scratch = Scratch::new("toolchain");
    let printed = scratch.nix(
        "nix key generate-secret --key-name test-1 > secret
        /ampoule/nix/binary-cache.sh $AMPOULE cache secret 2>/dev/null
        test -z \"$(find cache -mindepth 1 -type d)\"
        app=\"$AMPOULE#app --store /scratch/store --no-link --option substitute true --option substituters file:///scratch/cache\"
        key=$(nix key convert-secret-to-public < secret)
        nix build $app --option trusted-public-keys \"$key\" --dry-run 2>&1
        nix build $app --option trusted-public-keys \"$key\"
        nix build $AMPOULE#app --no-link --print-out-paths
        ls -d /scratch/store/nix/store/*-hello.wasm",
    );
    let stages = ["bindings", "image", "linked", "snapshot"].map(|stage| format!("hello-{stage}"));
    let all = stages.iter().map(String::as_str).chain(["hello.wasm"]);
    assert_eq!(planned(&printed), all.collect());
    let built: Vec<&str> = printed.lines().filter(|line| line.ends_with("-hello.wasm")).collect();
    let elsewhere = format!("/scratch/store{}", built[0]);
    assert_eq!(built, [built[0], elsewhere.as_str()]);
    let said = scratch.refused(
        "nix build $AMPOULE#interpreter --store /scratch/other --no-link --max-jobs 0 \
            --option substitute true --option substituters file:///scratch/cache",
    );
    assert!(said.contains("not signed by any of the keys"), "{said}");
}
