//! Writing a state back, on modules in the text format.

use ampoule_state::{Error, State, rewrite, stack_is_first};
use std::collections::BTreeMap;

const PAGE: usize = 65_536;

fn state(pages: usize) -> State {
    State {
        memory: vec![0; pages * PAGE],
        globals: BTreeMap::from([("stack".to_owned(), 1234)]),
    }
}

fn module(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

/// Rewrites a module and gives its text.
fn rewritten(text: &str, state: &State) -> Result<String, Error> {
    let rewritten = rewrite(&module(text), state, |export| !export.starts_with("build_"))?;
    wasmparser::validate(&rewritten).unwrap();
    Ok(wasmprinter::print_bytes(&rewritten).unwrap())
}

#[test]
fn memory_globals_and_exports_are_replaced() {
    let mut state = state(3);
    state.memory[2 * PAGE..2 * PAGE + 20].copy_from_slice(b"twenty bytes of text");
    let text = r#"(module
        (import "host" "global" (global i32))
        (import "host" "function" (func $start))
        (memory (export "memory") 1 16)
        (global (export "stack") (mut i32) (i32.const 99))
        (global (export "constant") i32 (i32.const 5))
        (func (export "build_run") (data.drop 0))
        (func (export "run"))
        (start $start)
        (data (i32.const 0) "old"))"#;
    let printed = rewritten(text, &state).unwrap();
    for expected in [
        "(memory (;0;) 3 16)",
        "(mut i32) i32.const 1234",
        "i32 i32.const 5",
        "(i32.const 131072) \"twenty bytes of text",
        "(export \"run\"",
    ] {
        assert!(printed.contains(expected), "{expected} in {printed}");
    }
    for dropped in ["old", "build_run", "(start"] {
        assert!(!printed.contains(dropped), "{dropped} in {printed}");
    }
}

#[test]
fn a_module_without_data_gets_some() {
    let mut state = state(1);
    state.memory[100] = 7;
    let printed = rewritten("(module (memory 1) (func))", &state).unwrap();
    assert!(printed.contains("(data (;0;) (i32.const 96)"), "{printed}");
}

#[test]
fn state_that_would_be_lost_is_refused() {
    for (text, expected) in [
        (
            "(module (memory 1) (global (mut i32) (i32.const 0)))",
            "is not exported",
        ),
        ("(module (memory 1) (memory 1))", "has 2 memories"),
        ("(module (import \"a\" \"memory\" (memory 1)))", "is imported"),
        ("(module (memory 1) (data \"passive\"))", "passive data"),
    ] {
        let error = rewritten(text, &state(1)).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn the_stack_is_first_if_all_data_is_above_its_end() {
    let with = |data: u32| {
        module(&format!(
            r#"(module (memory 2) (global (export "__stack_pointer") (mut i32) (i32.const 4096))
                (data (i32.const {data}) "x"))"#
        ))
    };
    assert!(stack_is_first(&with(4096)).unwrap());
    assert!(!stack_is_first(&with(4000)).unwrap());
    assert!(!stack_is_first(&module("(module (memory 1))")).unwrap());
}
