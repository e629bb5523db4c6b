//! `ampoule-cpython`: compiles CPython for wasm32-wasip2.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_cpython::CPython>()
}
