//! `ampoule-wheels`: the locked dependencies of a project, installed to a folder.

use std::process::ExitCode;

fn main() -> ExitCode {
    ampoule_action::main::<ampoule_wheels::Wheels>()
}
