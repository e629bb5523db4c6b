//! Tests of which there is one for each entry of a list: mistakes that users make, packages with native code, frameworks of the web, and the modules of
//! CPython's own test suite, numpy's and pydantic's.

mod clients;
mod errors;
mod numpy;
mod program;
mod pydantic;
mod pytest;
mod python;
mod recipes;
mod results;
mod web;

use libtest_mimic::Arguments;
use std::process::ExitCode;

fn main() -> ExitCode {
    let trials = clients::trials()
        .into_iter()
        .chain(errors::trials())
        .chain(pytest::trials(&numpy::NUMPY))
        .chain(pytest::trials(&pydantic::PYDANTIC))
        .chain(python::trials())
        .chain(recipes::trials())
        .chain(web::trials());
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit_code()
}
