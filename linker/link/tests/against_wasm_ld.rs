//! Programs of several C modules compute the same, whether wasm-ld links them statically, or we link a base and side modules, or
//! the base and the side modules run as instances of their own at the addresses of our layout.

mod build;
mod generator;
mod run;

use ampoule_link::{Input, Options, Roots, Wasi, link};
use ampoule_sdk::Sdk;
use ampoule_tests::Toolchain;
use build::Built;

/// How many programs are tried.
const PROGRAMS: u64 = 12;

#[test]
fn random_programs_compute_the_same() {
    let sdk = Sdk::open(&Toolchain::open(env!("CARGO_TARGET_TMPDIR")).sdk()).unwrap();
    let split = (0..PROGRAMS).filter(|seed| check(&sdk, *seed)).count();
    assert!(split > 0, "no program was run as separate instances");
}

/// Checks one program; gives whether it could be run as separate instances, too.
fn check(sdk: &Sdk, seed: u64) -> bool {
    let program = generator::program(seed);
    let Built {
        reference,
        base,
        side_modules,
    } = build::build(sdk, &program, seed);
    let names: Vec<String> = (1..=side_modules.len()).map(|place| format!("side{place}")).collect();
    let inputs: Vec<Input<'_>> = names
        .iter()
        .zip(&side_modules)
        .map(|(name, bytes)| Input {
            name,
            image_path: None,
            bytes,
        })
        .collect();
    let options = Options {
        wasi: Wasi::Host,
        roots: Roots::Build,
    };
    let linked = link(&base, &inputs, options).unwrap_or_else(|error| panic!("program {seed}: {error}"));
    assert_eq!(
        linked.module,
        link(&base, &inputs, options).unwrap().module,
        "program {seed}: two links differ"
    );
    let expected = run::whole(&reference);
    let found = run::whole(&linked.module);
    assert_eq!(found.results, expected.results, "program {seed}");
    if !program.base_calls_side_modules {
        let split = run::split(&base, &inputs, &linked.layout);
        assert_eq!(split.results, expected.results, "program {seed}, as separate instances");
        assert!(split.memory == found.memory, "program {seed}: the memories differ");
    }
    !program.base_calls_side_modules
}
