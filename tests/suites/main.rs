//! Tests of which there is one for each entry of a list: mistakes that users make, and the modules of CPython's own test suite.

mod errors;
mod python;
mod recipes;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let trials = errors::trials()
        .into_iter()
        .chain(python::trials())
        .chain(recipes::trials());
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
