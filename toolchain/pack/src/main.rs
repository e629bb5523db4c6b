//! `ampoule-pack`: a wheel out of compiled modules and the Python files of their package.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_pack::Pack>()
}
