//! `ampoule-interpreter`: CPython with the guest runtime, linked, started and captured.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_interpreter::Interpreter>()
}
