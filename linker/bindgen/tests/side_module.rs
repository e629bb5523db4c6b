//! The side module: the same bytes each time, and a module that validates.

use ampoule_bindgen::{Resolved, WitSource, resolve, side_module};
use std::path::PathBuf;
use wasmparser::{Parser, Payload, Validator, WasmFeatures};

fn world(case: &str) -> Resolved {
    let wit = vec![PathBuf::from(format!("tests/cases/{case}/world.wit"))];
    resolve(&WitSource {
        wit,
        ..WitSource::default()
    })
    .expect("the case resolves")
}

#[test]
fn is_the_same_each_time() {
    let first = side_module(&world("every-type")).expect("it is made").bytes;
    let second = side_module(&world("every-type")).expect("it is made").bytes;
    assert!(first == second);
}

#[test]
fn validates_and_describes_the_component() {
    let bytes = side_module(&world("every-type")).expect("it is made").bytes;
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(&bytes)
        .expect("it is valid");
    let names: Vec<String> = Parser::new(0)
        .parse_all(&bytes)
        .filter_map(|payload| match payload.expect("it parses") {
            Payload::CustomSection(section) => Some(section.name().to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(names, ["dylink.0", "name", "component-type"]);
}

#[test]
fn marks_tuples_that_stand_for_fixed_length_lists() {
    let module = side_module(&world("fixed-length-lists")).expect("it is made");
    let lengths: Vec<usize> = module
        .fixed_length_lists
        .iter()
        .map(|&index| module.metadata.tuples[index].types.len())
        .collect();
    assert_eq!(lengths, [4, 2]);
}
