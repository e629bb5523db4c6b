//! Error contexts, which Wasmtime has behind a gate.
//!
//! One app of `tests/apps/error-context` calls the other, in one component. Wasmtime lets a host receive error contexts, but not read
//! one, and does not count what a host holds: only components can use them.

use crate::composition::{Part, Program, build, compose};
use ampoule_support::root;
use ampoule_tests::golden;
use wasmtime::component::Val;

/// The interface between the apps.
const REPORTS: &str = "test:contexts/reports";

#[test]
fn cross_between_components() {
    let [maker, user] = build("error-context", ["maker", "user"]);
    let parts = [Part::new(maker, &[]), Part::new(user, &[(REPORTS, 0)])];
    let mut program = Program::new(&compose(&parts, &["results", "churn"]));
    let lines: Vec<String> = program.list("results").iter().map(line).collect();
    let golden = root().join("tests/apps/error-context/results.txt");
    golden::check(&golden, &lines.concat()).unwrap_or_else(|difference| panic!("{difference}"));
    program.call(None, "churn", &[Val::U32(10_000)], &mut []);
}

#[test]
fn reach_the_host() {
    let [maker] = build("error-context", ["maker"]);
    let mut program = Program::new(&maker);
    for number in 0..1000 {
        let mut results = [Val::Bool(false)];
        program.call(Some(REPORTS), "fail", &[Val::String(number.to_string())], &mut results);
        let [Val::Result(Err(Some(cause)))] = results else {
            panic!("call {number} did not fail")
        };
        assert!(matches!(*cause, Val::ErrorContext(_)), "{cause:?}");
    }
}

fn line(result: &Val) -> String {
    let Val::String(text) = result else {
        panic!("no text: {result:?}")
    };
    format!("{text}\n")
}
