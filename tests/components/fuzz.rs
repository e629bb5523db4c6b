//! Random worlds with random values, the same ones each time: each function of theirs is called from the host and from Python, and
//! both ends get what the other gives. `ampoule-fuzz` runs any number of others.

use ampoule_fuzz::{Builder, Case, Style};
use ampoule_support::{ampoule, succeed};
use std::ops::Range;

#[test]
fn both_ends_get_what_the_other_gives() {
    let calls = run(Style::Synchronous, 0..8);
    assert!(calls > 100, "only {calls} calls");
}

#[test]
fn calls_streams_and_futures_go_on_at_once() {
    let calls = run(Style::Asynchronous, 0..12);
    assert!(calls > 200, "only {calls} calls");
}

#[test]
fn others_go_on_at_once() {
    let calls = run(Style::Asynchronous, 12..24);
    assert!(calls > 200, "only {calls} calls");
}

/// Gives how many calls there were.
fn run(style: Style, seeds: Range<u64>) -> usize {
    let mut calls = 0;
    for seed in seeds {
        let scratch = tempfile::tempdir().expect("a scratch folder");
        let case = Case::new(seed, style, scratch.path()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let Some(case) = case else { continue };
        let mut build = ampoule(scratch.path());
        case.build(Builder::Ampoule, &mut build, "fuzzed.wasm");
        succeed(&mut build);
        case.run("fuzzed.wasm")
            .unwrap_or_else(|error| panic!("{style:?}, seed {seed}: {error}"));
        calls += case.calls();
    }
    calls
}
