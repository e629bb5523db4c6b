//! `ampoule-link`: one core module out of the interpreter and its side modules.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_link::Link>()
}
