//! Tests of which there is one for each entry of a list: mistakes that users make, packages with native code, and the modules of
//! CPython's own test suite and numpy's.

mod errors;
mod numpy;
mod program;
mod python;
mod recipes;
mod results;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let trials = errors::trials()
        .into_iter()
        .chain(numpy::trials())
        .chain(python::trials())
        .chain(recipes::trials());
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
