//! Random worlds with random values, the same ones each time: each function of theirs is called from the host and from Python, and
//! both ends get what the other gives. `ampoule-fuzz` runs any number of others.

use ampoule_fuzz::{Builder, Case};
use ampoule_support::{ampoule, succeed};

/// The seeds.
const SEEDS: std::ops::Range<u64> = 0..8;

#[test]
fn both_ends_get_what_the_other_gives() {
    let mut calls = 0;
    for seed in SEEDS {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let case = Case::new(seed, scratch.path()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let Some(case) = case else { continue };
        let mut build = ampoule(scratch.path());
        case.build(Builder::Ampoule, &mut build, "fuzzed.wasm");
        succeed(&mut build);
        case.run("fuzzed.wasm")
            .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        calls += case.calls();
    }
    assert!(calls > 100, "only {calls} calls");
}
