//! Resources between apps: the user in `tests/apps/resources` checks what the maker and the borrower give it, the maker's things at
//! first hand and then through the proxy, which both imports and exports them.

use crate::composition::{Part, Program, build, compose};
use wasmtime::component::Val;

const THINGS: &str = "test:resources/things";
const QUEUE: &str = "test:resources/queue";
const LENDING: &str = "test:resources/lending";

#[test]
fn at_first_hand() {
    let [maker, borrower, user] = build("resources", ["maker", "borrower", "user"]);
    check(&[
        Part::new(maker, &[]),
        Part::new(borrower, &[(THINGS, 0)]),
        Part::new(user, &[(THINGS, 0), (QUEUE, 0), (LENDING, 1)]),
    ]);
}

#[test]
fn through_a_proxy() {
    let [maker, proxy, borrower, user] = build("resources", ["maker", "proxy", "borrower", "user"]);
    check(&[
        Part::new(maker, &[]),
        Part::new(proxy, &[(THINGS, 0), (QUEUE, 0)]),
        Part::new(borrower, &[(THINGS, 1)]),
        Part::new(user, &[(THINGS, 1), (QUEUE, 1), (LENDING, 2)]),
    ]);
}

fn check(parts: &[Part]) {
    let mut program = Program::new(&compose(parts, &["checks", "churn"]));
    let checks = program.list("checks");
    assert!(checks.len() > 15, "only {} checks", checks.len());
    let failures: Vec<String> = checks.iter().filter_map(failure).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    program.call(None, "churn", &[Val::U32(10_000)], &mut []);
}

/// The name of a check with its traceback, if it failed.
fn failure(check: &Val) -> Option<String> {
    let Val::Tuple(parts) = check else {
        panic!("no tuple: {check:?}")
    };
    match &parts[..] {
        [Val::String(_), Val::Option(None)] => None,
        [Val::String(name), Val::Option(Some(traceback))] => match &**traceback {
            Val::String(text) => Some(format!("{name}: {text}")),
            other => panic!("no text: {other:?}"),
        },
        _ => panic!("{check:?}"),
    }
}
